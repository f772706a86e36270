"""A painting on the wall: the picture as large as the place allows, never cut, never blown up."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.cards import ArtworkCard
from kiosk.ui.theme import Theme
from kiosk.words.catalogue import words_in

MOST_PIXELS = 64_000_000  # a screen never needs more; larger ones are read at a smaller scale
LARGEST_GROWTH = 2.5  # a small picture is enlarged at most so much


class PictureView(QLabel):
    """Shows one picture, or says in letters that there is none.

    A label with a pixmap is what Qt tells a screen reader to be an image; it paints its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._artwork: ArtworkCard | None = None
        self._path: Path | None = None
        self.image = QImage()
        self._scaled = QImage()
        self._theme: Theme | None = None
        self.place = Qt.AlignmentFlag.AlignCenter

    def sizeHint(self) -> QSize:
        """As much as there is; layouts share the place by their stretches."""
        return QSize(200, 200)

    def minimumSizeHint(self) -> QSize:
        """A picture gives way to letters."""
        return QSize(60, 60)

    def hasHeightForWidth(self) -> bool:
        """A picture keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the picture is at this width."""
        if not self.has_picture:
            return width * 3 // 4
        grown = min(width, self._own_size().width() * LARGEST_GROWTH)
        return round(grown * self.image.height() / max(1, self.image.width()))

    def _own_size(self) -> QSize:
        return self.image.size() / self.devicePixelRatioF()

    def name(self) -> None:
        """Tell a screen reader what this is, in the kiosk's language."""
        told = self.called(), self._artwork.description if self._artwork else ""
        if told != (self.accessibleName(), self.accessibleDescription()):  # each setting is heard
            self.setAccessibleName(told[0])
            self.setAccessibleDescription(told[1])

    def called(self) -> str:
        """What this is."""
        words = words_in(self._theme.language if self._theme is not None else "")
        work = self._artwork
        return words("picture-of", title=work.title) if work else words("no-picture")

    def hang(self, *, top: bool = False, leading: bool = False) -> None:
        """Where in its place the picture hangs: in the middle, or at the top, or at the side on
        which words begin."""
        across = Qt.AlignmentFlag.AlignHCenter
        if leading:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            across = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        down = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter
        if self.place != across | down:
            self.place = across | down
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Colours and letters for the empty frame."""
        self._theme = theme
        self.name()
        self.update()

    def set_artwork(self, artwork: ArtworkCard | None) -> None:
        """Show this work; its description is what a screen reader tells of the picture."""
        self._artwork = artwork
        self.name()
        path = artwork.picture if artwork else None
        if path != self._path:
            self._path = path
            self.image, self._scaled = read_picture(path), QImage()
            self.setPixmap(QPixmap.fromImage(self.image.scaled(1, 1)) if path else QPixmap())
            self.updateGeometry()
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether a picture could be read."""
        return not self.image.isNull()

    def shown_rect(self) -> QRect:
        """Where the picture stands in the widget."""
        own = self._own_size()
        size = own.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > own.width() * LARGEST_GROWTH:
            size = own * LARGEST_GROWTH
        rect = QRect(0, 0, size.width(), size.height())
        rect.moveCenter(self.rect().center())
        if self.place & Qt.AlignmentFlag.AlignTop:
            rect.moveTop(0)
        if self.place & Qt.AlignmentFlag.AlignLeft:
            rect.moveLeft(0)
        if self.place & Qt.AlignmentFlag.AlignRight:
            rect.moveRight(self.width() - 1)
        return rect

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, or an empty frame with words."""
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.has_picture:
            target = self.shown_rect()
            size = target.size() * self.devicePixelRatioF()
            if self._scaled.size() != size:  # from the original, once a size
                self._scaled = self.image.scaled(
                    size,
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            painter.drawImage(target, self._scaled)
        elif self._artwork is not None:
            painter.setPen(QPen(self._theme.colour("quiet"), 1))
            frame = self.rect().adjusted(1, 1, -2, -2)
            painter.drawRect(frame)
            painter.setFont(self._theme.verse(italic=True))
            inner = frame.adjusted(16, 16, -16, -16)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            words = words_in(self._theme.language)
            painter.drawText(inner, flags, words("no-picture-here"))


def read_picture(path: Path | None) -> QImage:
    """The picture upright, or a null image when it cannot be read."""
    if path is None or not path.is_file():
        return QImage()
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        scale = (MOST_PIXELS / (size.width() * size.height())) ** 0.5
        reader.setScaledSize(QSize(int(size.width() * scale), int(size.height() * scale)))
    return reader.read()
