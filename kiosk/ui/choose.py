"""The list of paintings, the chosen one beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
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
from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget, Words
from kiosk.ui.theme import Theme

CARD = Qt.ItemDataRole.UserRole


class PaintingDelegate(QStyledItemDelegate):
    """One row: the number on the label, the title in set type, who made it."""

    theme: Theme | None = None
    numbers_wide = 2  # characters of the longest number

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Two lines of letters and some air."""
        if self.theme is None:
            return super().sizeHint(option, index)
        title, artist = self._measures(self.theme)
        height = title.height() + artist.height() + self.theme.metrics.gap
        return QSize(100, max(self.theme.metrics.target, height))

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
        bar = max(6, round(theme.metrics.cap * 0.22))
        painter.save()
        if chosen:
            painter.fillRect(rect, theme.colour("mark"))
            painter.fillRect(
                QRect(rect.left(), rect.top(), bar, rect.height()), theme.colour("accent")
            )
        title, artist = self._measures(theme)
        number_width = QFontMetrics(theme.text()).horizontalAdvance("0" * self.numbers_wide)
        inner = rect.adjusted(
            bar + theme.metrics.gap, theme.metrics.gap // 2, -theme.metrics.gap, 0
        )
        number = QRect(inner.left(), inner.top(), number_width, title.height())
        left = number.right() + theme.metrics.gap * 3 // 2
        first = QRect(left, inner.top(), inner.right() - left, title.height())
        second = QRect(left, first.bottom(), first.width(), artist.height())
        self._write(painter, theme.text(), theme.colour("accent"), number, card.number, right=True)
        self._write(painter, theme.verse(), theme.colour("text"), first, card.title)
        made = ", ".join(part for part in (card.artist, card.date) if part)
        self._write(painter, theme.text(0.8), theme.colour("quiet"), second, made)
        if option.state & QStyle.StateFlag.State_HasFocus and chosen:
            half = theme.metrics.ring // 2
            painter.setPen(QPen(theme.colour("ring"), theme.metrics.ring))
            painter.drawRect(rect.adjusted(half, half, -half - 1, -half - 1))
        painter.restore()

    @staticmethod
    def _measures(theme: Theme) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(theme.verse()), QFontMetrics(theme.text(0.8))

    @staticmethod
    def _write(
        painter: QPainter,
        font: object,
        colour: QColor,
        rect: QRect,
        text: str,
        *,
        right: bool = False,
    ) -> None:
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(colour)
        short = QFontMetrics(painter.font()).elidedText(
            text, Qt.TextElideMode.ElideRight, rect.width() + 2
        )
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, short)


class PaintingList(QListWidget):
    """A list whose keys belong to the visit."""

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
        item = self._list.item(model.position)
        if item is not None:
            self._list.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtCenter)
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
        self.content.setStretch(0, 6)
        self.content.setStretch(1, 4 if self.portrait else 5)
