"""The list of paintings, the chosen one beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kiosk.cards import ArtworkCard
from kiosk.ui.fades import paint_fades
from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget, Words
from kiosk.ui.theme import Theme

CARD = Qt.ItemDataRole.UserRole
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


class PaintingDelegate(QStyledItemDelegate):
    """One row: the number on the label, the title in set type, who made it."""

    theme: Theme | None = None
    numbers_wide = 2  # characters of the longest number

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As many lines as title and maker need, and some air."""
        if self.theme is None:
            return super().sizeHint(option, index)
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListWidget) else option.rect.width()
        _, _, maker = self._places(QRect(0, 0, width, 10_000), index.data(CARD), self.theme)
        height = maker.bottom() + self.theme.metrics.gap * 2 // 3
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
        card: ArtworkCard = index.data(CARD)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        painter.save()
        if chosen:
            painter.fillRect(rect, theme.colour("mark"))
            bar = QRect(rect.left(), rect.top(), self._bar(theme), rect.height())
            painter.fillRect(bar, theme.colour("accent"))
        number, title, maker = self._places(rect, card, theme)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, font, colour, flags, text in (
            (number, theme.text(), "accent", right, card.number),
            (title, theme.verse(), "text", WRAPPED, card.title),
            (maker, theme.text(0.8), "quiet", WRAPPED, made(card)),
        ):
            painter.setFont(font)
            painter.setPen(theme.colour(colour))
            painter.drawText(place, int(flags), text)
        if option.state & QStyle.StateFlag.State_HasFocus and chosen:
            half = theme.metrics.ring // 2
            painter.setPen(QPen(theme.colour("ring"), theme.metrics.ring))
            painter.drawRect(rect.adjusted(half, half, -half - 1, -half - 1))
        painter.restore()

    @staticmethod
    def _bar(theme: Theme) -> int:
        return max(6, round(theme.metrics.cap * 0.22))

    def _places(self, rect: QRect, card: ArtworkCard, theme: Theme) -> tuple[QRect, QRect, QRect]:
        """Where number, title and maker stand in a row."""
        gap = theme.metrics.gap
        inner = rect.adjusted(self._bar(theme) + gap, gap // 2, -gap, 0)
        title_font, maker_font = QFontMetrics(theme.verse()), QFontMetrics(theme.text(0.8))
        wide = QFontMetrics(theme.text()).horizontalAdvance("0" * self.numbers_wide)
        left = inner.left() + wide + gap * 3 // 2
        room = QRect(left, inner.top(), max(1, inner.right() - left), 10_000)
        title = title_font.boundingRect(room, int(WRAPPED), card.title or " ")
        title.setWidth(room.width())
        room.moveTop(title.bottom())
        maker = maker_font.boundingRect(room, int(WRAPPED), made(card) or " ")
        maker.setWidth(room.width())
        number = QRect(inner.left(), inner.top(), wide, title_font.height())
        return number, title, maker


def made(card: ArtworkCard) -> str:
    """Who made it, and when."""
    return ", ".join(part for part in (card.artist, card.date) if part)


class PaintingList(QListWidget):
    """A list whose keys belong to the visit."""

    theme: Theme | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows wrap anew, and the chosen one stays in view."""
        super().resizeEvent(event)
        self.doItemsLayout()
        self.show_current()

    def show_current(self) -> None:
        """Keep the chosen row in the middle."""
        item = self.currentItem()
        if item is not None:
            self.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtCenter)

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


class ChooseWidget(ScreenWidget):
    """Choose by list, or by the number on the wall label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._notice = Words(self), Words(self)
        self._list = PaintingList(self)
        self._list.setItemDelegate(PaintingDelegate(self._list))
        self._list.setTabKeyNavigation(False)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName("Paintings")
        self._list.itemClicked.connect(lambda item: self.picked.emit(self._list.row(item)))
        self._picture = PictureView(self)
        self._shown: tuple[ArtworkCard, ...] = ()
        words = QVBoxLayout()
        words.addWidget(self._heading)
        words.addWidget(self._list, 1)
        words.addWidget(self._notice)
        self._words = words
        self.content.addLayout(words, 6)
        self.content.addWidget(self._picture, 5)

    def refresh(self) -> None:
        """Put the model into the widgets; the list itself is made once a collection."""
        model = self.model
        if model.artworks != self._shown:
            self._shown = model.artworks
            self._list.clear()
            for position, card in enumerate(model.artworks):
                item = QListWidgetItem()
                item.setData(CARD, card)
                number = f"Number {card.number}. " if card.number else ""
                by = f", by {card.artist}" if card.artist else ""
                place = f"{position + 1} of {len(model.artworks)}"
                said = f"{number}{card.title}{by}. {place}."
                item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, card.description)
                self._list.addItem(item)
            delegate = self._list.itemDelegate()
            if isinstance(delegate, PaintingDelegate):
                longest = max((len(card.number) for card in model.artworks), default=1)
                delegate.numbers_wide = max(2, longest)
        self._list.setCurrentRow(model.position)
        self._list.show_current()
        card = model.artworks[model.position]
        self._heading.tell(model.place)
        self._notice.tell(model.notice)
        self._picture.set_artwork(card)
        self._list.setAccessibleDescription(model.place)

    def restyle(self, theme: Theme) -> None:
        """Letters for the rows, colours for the wall."""
        self._heading.look(theme.text(), theme.palette.quiet)
        self._notice.look(theme.text(), theme.palette.accent)
        delegate = self._list.itemDelegate()
        if isinstance(delegate, PaintingDelegate):
            delegate.theme = theme
        self._list.theme = theme
        self._list.setStyleSheet(
            "QListWidget { background: transparent; border: none; outline: 0; }"
        )
        self._words.setSpacing(theme.metrics.gap)
        self._picture.set_theme(theme)
        self._list.doItemsLayout()

    def focus_home(self) -> None:
        """The list."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Upright, the list needs more of the height than the picture."""
        self.limit(self._picture, 0.36)
        self.content.setStretch(0, 6)
        self.content.setStretch(1, 4)
