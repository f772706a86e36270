"""What all screens share: a wall to hang on, letters, the bar of keys at the foot."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.ui.hint_bar import HintBar
from kiosk.ui.theme import Theme

UNLIMITED = 16_777_215  # pixels; Qt's own word for no limit
PORTRAIT_BELOW = 1.05  # width to height, under which a picture stands above its words


class ScreenWidget(QWidget):
    """One screen: content above, keys below. Subclasses fill `content` and read the model."""

    pressed = Signal(Control)
    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme | None = None
        self.model: Any = None
        self.hint_bar = HintBar(self)
        self.hint_bar.pressed.connect(self.pressed)
        self.content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._outer = QVBoxLayout(self)
        self._outer.addLayout(self.content, 1)
        self._outer.addWidget(self.hint_bar)

    def show_model(self, model: Any) -> None:
        """Show what the session said."""
        self.model = model
        self.hint_bar.set_hints(model.hints)
        self.refresh()
        self.hint_bar.raise_()  # last among its siblings: a screen reader reads downwards

    def set_theme(self, theme: Theme) -> None:
        """Look so."""
        self.theme = theme
        margin = theme.metrics.margin
        self._outer.setContentsMargins(margin, margin, margin, max(margin * 2 // 3, 16))
        self._outer.setSpacing(max(12, margin // 2))
        self.content.setSpacing(margin)
        self.hint_bar.set_theme(theme)
        self.restyle(theme)
        self._turn()

    def refresh(self) -> None:
        """Put the model into the widgets."""
        raise NotImplementedError

    def restyle(self, theme: Theme) -> None:
        """Put fonts and colours into the widgets."""
        raise NotImplementedError

    def focus_home(self) -> None:
        """Give the focus to what one came for, so that Tab starts from there."""
        for button in self.hint_bar.buttons():
            if button.control is Control.SELECT:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def portrait(self) -> bool:
        """Whether the screen is taller than wide."""
        return self.width() < self.height() * PORTRAIT_BELOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand pictures beside or above their words."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        across = QBoxLayout.Direction.LeftToRight
        down = QBoxLayout.Direction.TopToBottom
        self.content.setDirection(down if self.portrait else across)
        self.turned()

    def turned(self) -> None:
        """After the direction was decided: stretches that depend on it."""

    def limit(self, picture: QWidget, share: float) -> None:
        """Upright, a picture above its words takes at most this share of the height."""
        picture.setMaximumHeight(int(self.height() * share) if self.portrait else UNLIMITED)


class Words(QLabel):
    """Letters that wrap, never cut, and that a screen reader meets by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def look(self, font: QFont, colour: str) -> None:
        """Set letters and their colour."""
        self.setFont(font)
        self.setStyleSheet(f"color: {colour}; background: transparent;")

    def tell(self, text: str) -> None:
        """Show these words, or give way when there are none."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


def caption(artwork: ArtworkCard) -> str:
    """The label beside a picture: title, then who and when."""
    made = ", ".join(part for part in (artwork.artist, artwork.date) if part)
    return f"{artwork.title}\n{made}" if made else artwork.title
