"""A part of the picture, enlarged to fill the screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words

MAP_SHARE = 0.16  # of the shorter side, that the map in the corner takes


class ZoomedPicture(PictureView):
    """The picture, or a part of it, scaled from the original; a small map says which part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level, self._column, self._row = 1, 0, 0
        self._part = ""  # which part this is, in words
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def called(self) -> str:
        """The part first: it is what changes. The words for all of it hold the title."""
        if not self._part:
            return super().called()
        return self._part if self._level == 1 else f"{self._part}. {super().called()}"

    def look_at(self, level: int, column: int, row: int, part: str) -> None:
        """Show this part: `level` parts a side, counted from the top left; `part` names it."""
        self._part, self._level = part, max(1, level)
        self.name()
        self._column = min(max(column, 0), self._level - 1)
        self._row = min(max(row, 0), self._level - 1)
        self.update()

    def part(self) -> QRect:
        """The part in pixels of the original."""
        size = self.image.size()
        left = size.width() * self._column // self._level
        top = size.height() * self._row // self._level
        right = size.width() * (self._column + 1) // self._level
        bottom = size.height() * (self._row + 1) // self._level
        return QRect(left, top, max(1, right - left), max(1, bottom - top))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The part as large as it can be, the map, and a ring."""
        theme = self._theme
        if theme is None:
            return
        if not self.has_picture:
            super().paintEvent(event)
        painter = QPainter(self)
        if self.has_picture:
            part = self.part()
            size = part.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(self.rect().center())
            ratio = self.devicePixelRatioF()
            sharp = self.image.copy(part).scaled(
                size * ratio,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            painter.drawImage(target, sharp)
            if self._level > 1:
                self._paint_map(painter, theme, target)
        if self.hasFocus():
            half = theme.metrics.ring / 2
            painter.setPen(QPen(theme.colour("ring"), theme.metrics.ring))
            painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
        painter.end()

    def _paint_map(self, painter: QPainter, theme: Theme, target: QRect) -> None:
        """All of the picture, small, with a frame around what is shown."""
        side = round(min(self.width(), self.height()) * MAP_SHARE)
        size = self.image.size().scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
        edge = theme.metrics.gap
        place = QRect(0, 0, size.width(), size.height())
        place.moveBottomRight(target.bottomRight() - QRect(0, 0, edge, edge).bottomRight())
        painter.fillRect(place.adjusted(-4, -4, 4, 4), theme.colour("wall"))
        small = self.image.scaled(
            size * self.devicePixelRatioF(),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(place, small)
        wide, high = place.width() / self._level, place.height() / self._level
        here = QRectF(
            place.left() + wide * self._column, place.top() + high * self._row, wide, high
        )
        painter.setPen(QPen(theme.colour("wall"), 5))
        painter.drawRect(here)
        painter.setPen(QPen(theme.colour("ring"), 3))
        painter.drawRect(here)


class ZoomWidget(ScreenWidget):
    """The picture takes all the room; one line says which part it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = ZoomedPicture(self)
        self._place = Words(self)
        column = QVBoxLayout()
        column.addWidget(self.picture, 1)
        column.addWidget(self._place)
        self._column = column
        self.content.addLayout(column, 1)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        self.picture.set_artwork(model.artwork)
        self.picture.look_at(model.level, model.column, model.row, model.place)
        self._place.tell(model.place)
        self.setAccessibleName(model.artwork.title)

    def restyle(self, theme: Theme) -> None:
        """Little of the screen for words."""
        self._place.look(theme.at(min(theme.factor, 1.3)).text(0.8), theme.palette.quiet)
        self._place.place(centred=True)
        self._place.at_most(1)
        self._column.setSpacing(max(4, theme.metrics.gap // 2))
        self.picture.set_theme(theme)

    def focus_home(self) -> None:
        """The picture."""
        self.picture.setFocus(Qt.FocusReason.OtherFocusReason)
