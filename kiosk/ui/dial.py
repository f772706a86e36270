"""The number on a wall label, dialled digit by digit with previous and next."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kiosk.controls import Control
from kiosk.ui.picture import PictureView
from kiosk.ui.rows import RowList
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words

DIGITS = "1234567890"
DONE = "✓"
LARGE = 2.6  # the number itself, times the letters of verse
SHARE = 0.62  # of the width, that the number takes beside the picture


class Dialled(QLabel):
    """The digits that stand, large, and the one under the cursor in a box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme: Theme | None = None
        self._standing, self._digit = "", ""

    def set_theme(self, theme: Theme) -> None:
        """Letters and colours."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def tell(self, standing: str, digit: str) -> None:
        """These digits stand; this one is being chosen, or "" where it is the finishing mark."""
        self._standing, self._digit = standing, digit
        self.setText(standing)  # what a screen reader finds here
        self.setAccessibleName(" ".join(standing))
        self.update()

    def _font(self) -> QFont:
        assert self._theme is not None  # noqa: S101
        return self._theme.verse(LARGE)

    def sizeHint(self) -> QSize:
        """One line of large digits."""
        if self._theme is None:
            return super().sizeHint()
        return QSize(100, round(QFontMetrics(self._font()).height() * 1.15))

    def minimumSizeHint(self) -> QSize:
        """As high as it is."""
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Digits from the left in any language."""
        theme = self._theme
        if theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self._font()
        cell = round(QFontMetrics(font).horizontalAdvance("0") * 1.25)
        most = (self.width() - 8) // (len(self._standing) + 1)
        if cell > most:
            font.setPixelSize(max(12, font.pixelSize() * most // cell))
            cell = most
        painter.setFont(font)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - cell * (len(self._standing) + 1) - 4 if mirrored else 2
        painter.setPen(theme.colour("text"))
        for digit in self._standing:
            painter.drawText(QRect(x, 0, cell, self.height()), Qt.AlignmentFlag.AlignCenter, digit)
            x += cell
        box = QRectF(x + 2, 2, cell - 4, self.height() - 4)
        painter.setPen(QPen(theme.colour("accent"), theme.metrics.ring))
        painter.setBrush(theme.colour("mark"))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._digit or DONE)


class StripDelegate(QStyledItemDelegate):
    """One digit of the strip."""

    theme: Theme | None = None

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """An equal part of the strip."""
        view = self.parent()
        if not isinstance(view, QListWidget):
            return QSize(44, 44)
        return QSize(view.viewport().width() // (len(DIGITS) + 1), view.viewport().height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The chosen one stands on a tint, with a bar below it."""
        theme = self.theme
        if theme is None:
            return
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, theme.colour("mark"))
            bar = QRect(rect.left(), rect.bottom() - theme.bar + 1, rect.width(), theme.bar)
            painter.fillRect(bar, theme.colour("accent"))
        painter.setFont(_strip_font(theme, rect.width()))
        painter.setPen(theme.colour("text" if chosen else "quiet"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, index.data())
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            half = theme.metrics.ring // 2
            painter.setPen(QPen(theme.colour("ring"), theme.metrics.ring))
            painter.drawRect(rect.adjusted(half, half, -half - 1, -half - 1))
        painter.restore()


def _strip_font(theme: Theme, cell: int) -> QFont:
    """As large as the visitor wants and a cell holds."""
    font = theme.text()
    wide = QFontMetrics(font).horizontalAdvance("0")
    if wide > cell * 0.7:
        font.setPixelSize(max(12, int(font.pixelSize() * cell * 0.7 / wide)))
    return font


class Strip(RowList):
    """All the digits in a row, and the finishing mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # digits, in any language
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._cells = StripDelegate(self)
        self.setItemDelegate(self._cells)
        for digit in DIGITS + DONE:
            self.addItem(QListWidgetItem(digit))

    def set_theme(self, theme: Theme) -> None:
        """One line of digits, as high as a finger needs."""
        self._cells.theme = theme
        high = round(QFontMetrics(theme.text()).height() * 1.4)
        self.setFixedHeight(max(theme.metrics.target, high))
        super().set_theme(theme)

    def name_done(self, name: str) -> None:
        """What a screen reader calls the finishing mark."""
        self.item(len(DIGITS)).setData(Qt.ItemDataRole.AccessibleTextRole, name)


class DialWidget(ScreenWidget):
    """The number, the strip of digits, what is known of it, and the work that has it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = Words(self)
        self._dialled = Dialled(self)
        self.strip = Strip(self)
        self._notice = Words(self)
        self._picture = PictureView(self)
        self.giving_way = [self._picture]
        words = QVBoxLayout()
        words.addStretch(1)
        for part in (self._heading, self._dialled, self.strip, self._notice):
            words.addWidget(part)
        words.addStretch(2)
        self._words = words
        self.yielding = [self._notice]
        self.content.addLayout(words, 62)
        self.content.addWidget(self._picture, 38)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        self._heading.tell(model.heading)
        self._dialled.tell(model.dialled, model.digit)
        self._notice.tell(model.notice)
        self.strip.setAccessibleName(model.heading)
        self.strip.setAccessibleDescription(model.notice)
        select = (hint.label for hint in model.hints if hint.control is Control.SELECT)
        self.strip.name_done(next(select, DONE))
        self.strip.choose(DIGITS.index(model.digit) if model.digit else len(DIGITS))
        self._picture.set_artwork(model.artwork)
        self._picture.setVisible(self._picture.has_picture)
        self.setAccessibleName(model.heading)

    def restyle(self, theme: Theme) -> None:
        """The number is the largest thing here."""
        self._heading.look(theme.verse(1.35), theme.palette.text)
        self._notice.look(theme.text(), theme.palette.accent)
        self._dialled.set_theme(theme)
        self.strip.set_theme(theme)
        self._words.setSpacing(theme.metrics.gap)
        self._picture.set_theme(theme)

    def focus_home(self) -> None:
        """The digits."""
        self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Upright, the work hangs below the number."""
        self.limit(self._picture, 1 - SHARE)
