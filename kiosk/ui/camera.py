"""What the camera sees, while it sees it. Nothing is kept when the screen is left."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words


class LiveView(QLabel):
    """The newest frame, held only until the next one comes.

    Its pixmap is never shown: a label with one is what Qt tells a screen reader to be an image.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._frame = QImage()
        self.setPixmap(QPixmap(1, 1))
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        """Colours of the frame."""
        self._theme = theme
        self.update()

    def set_frame(self, frame: QImage) -> None:
        """Show this one; a null image leaves the frame empty."""
        self._frame = frame
        self.update()

    @property
    def has_frame(self) -> bool:
        """Whether anything is seen."""
        return not self._frame.isNull()

    def minimumSizeHint(self) -> QSize:
        """It gives way to words."""
        return QSize(80, 60)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(320, 240)

    def shown_rect(self) -> QRect:
        """Where the frame stands: whole, in the middle."""
        shape = self._frame.size() if self.has_frame else QSize(4, 3)
        room = self.rect().adjusted(6, 6, -6, -6)
        size = shape.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        rect = QRect(0, 0, size.width(), size.height())
        rect.moveCenter(self.rect().center())
        return rect

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame, or an empty place for it."""
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = self.shown_rect()
        if self.has_frame:
            painter.drawImage(target, self._frame)
        else:
            painter.fillRect(target, self._theme.colour("panel"))
        name = "ring" if self.hasFocus() else "quiet"
        wide = self._theme.metrics.ring if self.hasFocus() else 1.5
        painter.setPen(QPen(self._theme.colour(name), wide))
        painter.drawRect(target.adjusted(-3, -3, 2, 2))
        painter.end()


class CameraWidget(ScreenWidget):
    """The live picture, and what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = LiveView(self)
        self._heading, self._text = Words(self), Words(self)
        words = QVBoxLayout()
        words.addStretch(1)
        words.addWidget(self._heading)
        words.addWidget(self._text)
        words.addStretch(2)
        self._words = words
        self.yielding = [self._text]
        self.content.addWidget(self.view, 6)
        self.content.addLayout(words, 4)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        self._heading.tell(model.heading)
        self._text.tell(model.text)
        self.view.setAccessibleName(model.heading)
        self.view.setAccessibleDescription(model.text)
        self.setAccessibleName(f"{model.heading}. {model.text}")

    def restyle(self, theme: Theme) -> None:
        """Large words: who holds a picture up stands back."""
        self._heading.look(theme.verse(1.35), theme.palette.text)
        self._text.look(theme.verse(1.15), theme.palette.text)
        self._words.setSpacing(theme.metrics.margin // 2)
        self.view.set_theme(theme)

    def focus_home(self) -> None:
        """The live picture."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was seen is let go of."""
        super().hideEvent(event)
        self.view.set_frame(QImage())
