"""The list of works, the chosen one beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.cards import ArtworkCard
from kiosk.ui.picture import PictureView
from kiosk.ui.rows import Row, RowList, rows_edge
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words

SHARE = 6 / 11  # of the width, that the list takes beside the picture


class ChooseWidget(ScreenWidget):
    """Choose by list, or by the number on the wall label."""

    scrolls = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = Words(self)
        self._list = RowList(self)
        self._notice = Words(self)
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
            total = len(model.artworks)
            self._list.set_rows(
                tuple(_row(card, at + 1, total) for at, card in enumerate(model.artworks))
            )
        self._heading.tell(model.place)
        self._notice.tell(model.notice)
        self._picture.set_artwork(model.artworks[model.position])
        self._list.setAccessibleName(model.heading)
        self._list.setAccessibleDescription(model.place)
        self.setAccessibleName(model.heading)
        self._list.choose(model.position)

    def restyle(self, theme: Theme) -> None:
        """Letters for the rows, colours for the wall."""
        self._heading.look(theme.at(min(theme.factor, 1.0)).text(), theme.palette.quiet)
        self._notice.look(theme.at(min(theme.factor, 1.3)).text(), theme.palette.accent)
        for words in (self._heading, self._notice):
            words.stand_in(rows_edge(theme))
        self._words.setSpacing(theme.metrics.gap)
        self._picture.set_theme(theme)
        self._list.set_theme(theme)

    def focus_home(self) -> None:
        """The list."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Upright, the list needs more of the height than the picture."""
        if self.theme is not None:
            self._picture.setVisible(self.room_beside(self.theme, SHARE))
        self.limit(self._picture, 0.36)
        self._heading.at_most(1)
        self._notice.at_most(1 if self.low else 3)
        self.content.setStretch(0, 6)
        self.content.setStretch(1, 4 if self.portrait else 5)


def made(card: ArtworkCard) -> str:
    """Who made it, and when."""
    return ", ".join(part for part in (card.artist, card.date) if part)


def _row(card: ArtworkCard, position: int, total: int) -> Row:
    """A work as a row; its place is told by the screen, and here once more for who explores."""
    parts = (card.number, card.title, card.artist)
    return Row(
        title=card.title,
        detail=made(card),
        lead=card.number,
        said=f"{'. '.join(part for part in parts if part)}. {position}/{total}",
        description=card.description,
        language=card.language,
    )
