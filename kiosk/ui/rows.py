"""A list of rows, one of them chosen, in letters that wrap: works, and menus."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kiosk.ui.breaking import divided
from kiosk.ui.fades import paint_fades
from kiosk.ui.theme import Theme
from kiosk.ui.words import TALL, WRAPPED

ROW = Qt.ItemDataRole.UserRole
QUIET = 0.8  # times the letters of the title


@dataclass(frozen=True, slots=True)
class Row:
    """What one row shows, and what a screen reader says of it."""

    title: str
    said: str
    detail: str = ""  # below it, quieter
    lead: str = ""  # before it, as a number on a label
    description: str = ""
    language: str = ""  # BCP 47 of the title; "" is the kiosk's own


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a row stand, and the letters that they are set in."""

    lead: QRect
    title: QRect
    detail: QRect
    title_font: QFont
    title_text: str
    detail_text: str

    def moved(self, by: QPoint) -> Places:
        """The same elsewhere."""
        return replace(
            self,
            lead=self.lead.translated(by),
            title=self.title.translated(by),
            detail=self.detail.translated(by),
        )

    @property
    def bottom(self) -> int:
        """Where the last of them ends."""
        return max(self.title.bottom(), self.detail.bottom())


class RowDelegate(QStyledItemDelegate):
    """One row: the lead, the title in set type, the detail."""

    theme: Theme | None = None
    lead_wide = 0  # characters of the longest lead

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: dict[tuple[int, int, Row], Places] = {}  # measured once a row and width
        self._known_for: Theme | None = None

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As many lines as the row needs, and some air."""
        if self.theme is None:
            return super().sizeHint(option, index)
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListWidget) else option.rect.width()
        places = self.places(QRect(0, 0, width, TALL), index.data(ROW), self.theme)
        height = places.bottom + self.theme.metrics.gap * 2 // 3
        return QSize(width, max(self.theme.metrics.target, height))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The chosen row has a bar and a tint; the ring shows the focus."""
        theme = self.theme
        if theme is None:
            return
        row: Row = index.data(ROW)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        places = self.places(rect, row, theme)
        direction = option.direction

        def there(place: QRect) -> QRect:
            return QStyle.visualRect(direction, rect, place)

        painter.save()
        painter.setLayoutDirection(direction)
        if chosen:
            painter.fillRect(rect, theme.colour("mark"))
            bar = QRect(rect.left(), rect.top(), theme.bar, rect.height())
            painter.fillRect(there(bar), theme.colour("accent"))
        leading, trailing = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        for place, font, colour, side, text in (
            (places.lead, theme.text(), "accent", trailing, row.lead),
            (places.title, places.title_font, "text", leading, places.title_text),
            (places.detail, theme.text(QUIET), "quiet", leading, places.detail_text),
        ):
            painter.setFont(font)
            painter.setPen(theme.colour(colour))
            aligned = QStyle.visualAlignment(direction, side) | Qt.AlignmentFlag.AlignTop
            painter.drawText(there(place), int(aligned) | WRAPPED, text)
        if option.state & QStyle.StateFlag.State_HasFocus and chosen:
            half = theme.metrics.ring // 2
            painter.setPen(QPen(theme.colour("ring"), theme.metrics.ring))
            painter.drawRect(rect.adjusted(half, half, -half - 1, -half - 1))
        painter.restore()

    def places(self, rect: QRect, row: Row, theme: Theme) -> Places:
        """Where lead, title and detail stand in a row that begins on the left."""
        if theme != self._known_for:
            self._known, self._known_for = {}, theme
        key = rect.width(), self.lead_wide, row
        if key not in self._known:
            self._known[key] = self._measured(QRect(0, 0, rect.width(), TALL), row, theme)
        return self._known[key].moved(rect.topLeft())

    def _measured(self, rect: QRect, row: Row, theme: Theme) -> Places:
        gap = theme.metrics.gap
        inner = rect.adjusted(rows_edge(theme), gap // 2, -gap, 0)
        title_font = theme.verse(language=row.language)
        titles, details = QFontMetrics(title_font), QFontMetrics(theme.text(QUIET))
        leads = QFontMetrics(theme.text())
        left, wide = inner.left(), 0
        if self.lead_wide:
            wide = leads.horizontalAdvance("0" * self.lead_wide)
            left += wide + gap * 3 // 2
        room = QRect(left, inner.top(), max(1, inner.right() - left), TALL)
        title_text = divided(row.title, room.width(), titles.horizontalAdvance)
        title = titles.boundingRect(room, WRAPPED, title_text or " ")
        title.setRect(room.left(), room.top(), room.width(), title.height())
        room.moveTop(title.bottom())
        detail_text = divided(row.detail, room.width(), details.horizontalAdvance)
        high = details.boundingRect(room, WRAPPED, detail_text).height() if row.detail else 0
        detail = QRect(room.left(), room.top(), room.width(), high)
        lead = QRect(inner.left(), inner.top(), wide, leads.height())
        lead.translate(0, max(0, titles.ascent() - leads.ascent()))  # on the title's line
        return Places(lead, title, detail, title_font, title_text, detail_text)


def rows_edge(theme: Theme) -> int:
    """How far in the letters of a row stand, so that words above can stand in line with them."""
    return theme.bar + theme.metrics.gap


class RowList(QListWidget):
    """A list whose keys belong to the visit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme | None = None
        self._rows: tuple[Row, ...] = ()
        self._delegate = RowDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet("QListWidget { background: transparent; border: none; outline: 0; }")

    def set_theme(self, theme: Theme) -> None:
        """Set the rows anew."""
        self.theme = self._delegate.theme = theme
        self.doItemsLayout()
        self.show_current()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these; a list that stays is not made again, so that a screen reader stays put."""
        if rows == self._rows:
            return
        same_length = len(rows) == len(self._rows)
        self._rows = rows
        self._delegate.lead_wide = max((max(2, len(r.lead)) for r in rows if r.lead), default=0)
        if not same_length:
            self.clear()
        for at, row in enumerate(rows):
            item = self.item(at) if same_length else QListWidgetItem()
            item.setData(ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.said)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, row.description)
            if not same_length:
                self.addItem(item)
        self.doItemsLayout()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def choose(self, position: int) -> None:
        """This row is the chosen one."""
        if self.currentRow() != position:
            self.setCurrentRow(position)
        self.show_current()

    def show_current(self) -> None:
        """Keep the chosen row in the middle."""
        item: QListWidgetItem | None = self.currentItem()
        if item is None:
            return
        whole = self.visualItemRect(item).height() <= self.viewport().height()
        hint = QAbstractItemView.ScrollHint
        self.scrollToItem(item, hint.PositionAtCenter if whole else hint.PositionAtTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows wrap anew, and the chosen one stays in view."""
        super().resizeEvent(event)
        self.doItemsLayout()
        self.show_current()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, fading where the list goes on."""
        super().paintEvent(event)
        if self.theme is not None:
            painter = QPainter(self.viewport())
            paint_fades(painter, self, self.theme)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are actions of the visit; the window has them already."""
        event.ignore()
