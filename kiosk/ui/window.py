"""The window: one screen at a time, and every key turned into what it means for the visit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QStackedWidget, QVBoxLayout, QWidget

from kiosk.controls import ARROWS, Control, ControlProfile
from kiosk.keys.door import Digit, Heard, KeyDoor, Meaning, Meaningless, Pressed, Switched
from kiosk.keys.habits import KeyHabits, Motion
from kiosk.keys.qt_names import key_name
from kiosk.keys.twins import Source
from kiosk.screens import (
    CameraScreen,
    ChooseScreen,
    DialScreen,
    HelpScreen,
    LearnScreen,
    MenuScreen,
    MessageScreen,
    ResultScreen,
    Screen,
    SearchingScreen,
    TextScreen,
    WelcomeScreen,
    ZoomScreen,
)
from kiosk.ui.camera import CameraWidget
from kiosk.ui.choose import ChooseWidget
from kiosk.ui.dial import DialWidget
from kiosk.ui.help import HelpWidget
from kiosk.ui.hint_bar import HintButton
from kiosk.ui.learn import LearnWidget
from kiosk.ui.menu import MenuWidget
from kiosk.ui.message import MessageWidget
from kiosk.ui.result import ResultWidget
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.searching import SearchingWidget
from kiosk.ui.text import TextWidget
from kiosk.ui.theme import Theme, make_theme
from kiosk.ui.welcome import WelcomeWidget
from kiosk.ui.zoom import ZoomWidget
from kiosk.words.catalogue import words_in

SCREENS: tuple[tuple[type, type[ScreenWidget]], ...] = (
    (WelcomeScreen, WelcomeWidget),
    (ChooseScreen, ChooseWidget),
    (SearchingScreen, SearchingWidget),
    (ResultScreen, ResultWidget),
    (HelpScreen, HelpWidget),
    (MessageScreen, MessageWidget),
    (MenuScreen, MenuWidget),
    (DialScreen, DialWidget),
    (TextScreen, TextWidget),
    (ZoomScreen, ZoomWidget),
    (CameraScreen, CameraWidget),
    (LearnScreen, LearnWidget),
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
    switched = Signal(Control)  # by somebody who has one switch (SELECT) or two (and NEXT)
    heard_key = Signal(str)  # while keys are being taught: any key, by its name
    closed = Signal()

    def __init__(
        self,
        *,
        theme_name: str = "dark",
        viewing_cm: int = 60,
        motion: bool = False,
        profile: ControlProfile = ARROWS,
        habits: KeyHabits | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("kiosk")
        self.setWindowTitle("Ekphrasis")
        self.setMinimumSize(480, 480)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from control to control
        self._theme_name, self._viewing_cm = theme_name, viewing_cm
        self._text_size, self._language = 1.0, "en"
        self._door = KeyDoor(profile, habits)
        self._theme: Theme | None = None
        self._stack = QStackedWidget(self)
        self._screens: dict[type, ScreenWidget] = {}
        for model, widget in SCREENS:
            screen = widget(self._stack)
            screen.motion = motion
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
            widget.focus_home()  # first, or Qt would try other places, and a reader tell of them
            self._stack.setCurrentWidget(widget)
        elif self.focusWidget() in (None, self):
            widget.focus_home()

    def set_appearance(self, contrast: str, text_size: float, language: str) -> None:
        """Show so from now on: a scheme's name, a factor on all letters, and the language (BCP 47)
        of the kiosk's words, which decides the side that reading begins on."""
        self._theme_name, self._text_size, self._language = contrast, text_size, language
        self._restyle()

    def show_frame(self, frame: QImage) -> None:
        """What the camera sees now, on the one screen that shows it; nothing else keeps it."""
        if isinstance(self.screen_widget, CameraWidget):
            self.screen_widget.view.set_frame(frame)

    def picture(self) -> QPixmap:
        """What is shown now, laid out to the end; needs no event loop."""
        for _ in range(LAYOUT_ROUNDS):
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        return self.grab()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys are the visit's before they are any widget's."""
        if (
            event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and watched.window() is self
        ):
            return self._key(event)
        return super().eventFilter(watched, event)

    @property
    def profile(self) -> ControlProfile:
        """What keys mean now."""
        return self._door.profile

    def set_profile(self, profile: ControlProfile) -> None:
        """Keys mean this from now on."""
        self._door.profile = profile

    def listen_for_keys(self, on: bool) -> None:
        """While `on`, each key is only told of by its name (`heard_key`)."""
        self._door.listening = on

    def device_key(self, name: str, motion: Motion) -> None:
        """A key of a pad that is read beside the window; taken once where both tell of it."""
        self._take(self._door.take(name, motion, Source.DEVICE))

    def ring(self, control: Control | None) -> None:
        """Put the focus on a control's button, as if Tab had; None takes it away."""
        for button in self.screen_widget.findChildren(HintButton):
            if button.control is control and button.isVisible():
                button.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.setFocus(Qt.FocusReason.OtherFocusReason)

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
        if event.key() in MODIFIERS:
            return False
        control_held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        down = event.type() == QEvent.Type.KeyPress
        if down and control_held and event.key() == Qt.Key.Key_Q:  # how staff leave the full screen
            self.close()
            return True
        tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if tab and not self._door.listening:
            if down and not event.isAutoRepeat():
                self._tab(forward=event.key() == Qt.Key.Key_Tab)
            return True
        if event.isAutoRepeat():
            motion = Motion.HELD  # X11 tells of each repeat as a release and a press
            if not down:
                return True
        else:
            motion = Motion.DOWN if down else Motion.UP
        self._take(self._door.take(key_name(event, QApplication.platformName()), motion))
        return True

    def _take(self, meaning: Meaning | None) -> None:
        """Tell of it; a focused button takes SELECT itself."""
        focus = self.focusWidget()
        match meaning:
            case Pressed(Control.SELECT) if isinstance(focus, QAbstractButton):
                focus.click()
            case Pressed(control):
                self.pressed.emit(control)
            case Digit(digit):
                self.dialled.emit(digit)
            case Switched(control):
                self.switched.emit(control)
            case Heard(key):
                self.heard_key.emit(key)
            case Meaningless():
                self.other_key.emit()

    def _tab(self, *, forward: bool) -> None:
        self.focusNextPrevChild(forward)
        focus: QWidget | None = self.focusWidget()
        if focus is None:  # Qt's own stubs do not say so
            return
        name = focus.accessibleName()
        if isinstance(focus, QAbstractButton):
            name = words_in(self._language)("named-button", name=name)
        self.focused.emit(name)

    def _restyle(self) -> None:
        """Make the theme for this size, and hand it to every screen."""
        theme = make_theme(
            self._theme_name,
            width=self.width(),
            height=self.height(),
            dots_per_inch=self.screen().physicalDotsPerInch(),
            viewing_cm=self._viewing_cm,
            text_size=self._text_size,
            language=self._language,
        )
        if theme == self._theme:
            return
        self._theme = theme
        self.setLayoutDirection(theme.direction)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("wall"))
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour("text"))
        palette.setColor(QPalette.ColorRole.Text, theme.colour("text"))
        palette.setColor(QPalette.ColorRole.Base, theme.colour("wall"))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        for widget in self._screens.values():
            widget.set_theme(theme)
