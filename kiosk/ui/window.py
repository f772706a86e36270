"""The window: one screen at a time, and every key turned into what it means for the visit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QStackedWidget, QVBoxLayout, QWidget

from kiosk.controls import ARROWS, Control, ControlProfile
from kiosk.screens import (
    ChooseScreen,
    HelpScreen,
    MessageScreen,
    ResultScreen,
    Screen,
    SearchingScreen,
    WelcomeScreen,
)
from kiosk.ui.choose import ChooseWidget
from kiosk.ui.help import HelpWidget
from kiosk.ui.message import MessageWidget
from kiosk.ui.result import ResultWidget
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.searching import SearchingWidget
from kiosk.ui.theme import Theme, make_theme
from kiosk.ui.welcome import WelcomeWidget

SCREENS: tuple[tuple[type, type[ScreenWidget]], ...] = (
    (WelcomeScreen, WelcomeWidget),
    (ChooseScreen, ChooseWidget),
    (SearchingScreen, SearchingWidget),
    (ResultScreen, ResultWidget),
    (HelpScreen, HelpWidget),
    (MessageScreen, MessageWidget),
)
LAYOUT_ROUNDS = 4  # layouts within layouts ask again, as deep as they are nested
MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
}


class KioskWindow(QWidget):
    """Shows screens; tells what was pressed. Knows nothing of poems or speech."""

    pressed = Signal(Control)  # one of the five, by key or by button
    dialled = Signal(int)  # a digit
    picked = Signal(int)  # a painting of the list
    focused = Signal(str)  # the name of what Tab has reached
    other_key = Signal()  # a key that means nothing here
    closed = Signal()

    def __init__(
        self,
        *,
        theme_name: str = "dark",
        viewing_cm: int = 60,
        profile: ControlProfile = ARROWS,
    ) -> None:
        super().__init__()
        self.setObjectName("kiosk")
        self.setWindowTitle("Ekphrasis")
        self.setMinimumSize(480, 480)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme_name, self._viewing_cm = theme_name, viewing_cm
        self._keys = {Qt.Key[f"Key_{name}"]: control for name, control in profile.keys.items()}
        self._theme: Theme | None = None
        self._stack = QStackedWidget(self)
        self._screens: dict[type, ScreenWidget] = {}
        for model, widget in SCREENS:
            screen = widget(self._stack)
            screen.pressed.connect(self.pressed)
            screen.picked.connect(self.picked)
            self._stack.addWidget(screen)
            self._screens[model] = screen
        self.screen_widget = self._screens[WelcomeScreen]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._restyle()
        self._filtered = QApplication.instance()
        if self._filtered is not None:
            self._filtered.installEventFilter(self)

    def show_screen(self, model: Screen) -> None:
        """Show this; the focus moves only when the screen is another one."""
        widget = self._screens[type(model)]
        widget.show_model(model)
        if self.screen_widget is not widget:
            self.screen_widget = widget
            self._stack.setCurrentWidget(widget)
            widget.focus_home()

    def picture(self) -> QPixmap:
        """What is shown now, laid out to the end; needs no event loop."""
        for _ in range(LAYOUT_ROUNDS):
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        return self.grab()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys are the visit's before they are any widget's."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and watched.window() is self
        ):
            return self._key(event)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Letters follow the size of the screen."""
        super().resizeEvent(event)
        self._restyle()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so, that threads and devices are let go of."""
        if self._filtered is not None:
            self._filtered.removeEventFilter(self)
        self.closed.emit()
        super().closeEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        """True when the key is dealt with."""
        key = Qt.Key(event.key()) if event.key() else Qt.Key.Key_unknown
        control_held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in MODIFIERS:
            return False
        if control_held and key == Qt.Key.Key_Q:  # how staff leave the full screen
            self.close()
            return True
        if event.isAutoRepeat():  # holding a key never floods the visit
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._tab(forward=key == Qt.Key.Key_Tab)
            return True
        control = self._keys.get(key)
        focus = self.focusWidget()
        if control is Control.SELECT and isinstance(focus, QAbstractButton):
            focus.click()
        elif control is not None:
            self.pressed.emit(control)
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self.dialled.emit(int(key) - int(Qt.Key.Key_0))
        else:
            self.other_key.emit()
        return True

    def _tab(self, *, forward: bool) -> None:
        self.focusNextPrevChild(forward)
        focus: QWidget | None = self.focusWidget()
        if focus is None:  # Qt's own stubs do not say so
            return
        name = focus.accessibleName()
        if isinstance(focus, QAbstractButton):
            name = f"{name}, button"
        self.focused.emit(name)

    def _restyle(self) -> None:
        """Make the theme for this size, and hand it to every screen."""
        theme = make_theme(
            self._theme_name,
            width=self.width(),
            height=self.height(),
            dots_per_inch=self.screen().physicalDotsPerInch(),
            viewing_cm=self._viewing_cm,
        )
        if theme == self._theme:
            return
        self._theme = theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("wall"))
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour("text"))
        palette.setColor(QPalette.ColorRole.Text, theme.colour("text"))
        palette.setColor(QPalette.ColorRole.Base, theme.colour("wall"))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        for widget in self._screens.values():
            widget.set_theme(theme)
