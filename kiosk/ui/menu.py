"""A few things to choose from, one of them under the cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.screens import MenuItem
from kiosk.ui.picture import PictureView
from kiosk.ui.rows import Row, RowList, rows_edge
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words

SHARE = 0.6  # of the width, that the list takes beside the picture


class MenuWidget(ScreenWidget):
    """A heading, the list, and what has come of the last choice.

    A menu that opens another comes in another list: to a screen reader it is a new place, whose
    name it says; of a list that only changed it would tell nothing but the item.
    """

    scrolls = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._place = Words(self), Words(self)
        self.list, self._other = RowList(self), RowList(self)
        self._other.hide()
        self._notice = Words(self)
        for rows in (self.list, self._other):
            rows.itemClicked.connect(lambda item: self.picked.emit(self.list.row(item)))
        self._picture = PictureView(self)
        self._told = ""  # the heading that a screen reader knows
        words = QVBoxLayout()
        words.addWidget(self._heading)
        words.addWidget(self._place)
        words.addWidget(self.list, 1)
        words.addWidget(self._other, 1)
        words.addWidget(self._notice)
        self._words = words
        self.content.addLayout(words, 60)
        self.content.addWidget(self._picture, 40)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        self._heading.tell(model.heading)
        self._place.tell(model.place)
        self._notice.tell(model.notice)
        focused = self.list.hasFocus()
        another = bool(self._told) and model.heading != self._told
        if another:
            self.list, self._other = self._other, self.list
        self._told = model.heading
        self.list.set_rows(tuple(_row(item) for item in model.items))
        self.list.setAccessibleName(model.heading)
        self.list.setAccessibleDescription(model.place)
        self.setAccessibleName(model.heading)
        self._picture.set_artwork(model.artwork)
        self.turned()
        self.list.choose(model.position)
        if another:
            self.list.show()
            if focused:
                self.focus_home()  # before the other goes, or the focus would go elsewhere
            self._other.hide()

    def restyle(self, theme: Theme) -> None:
        """A heading in set type, rows as in the list of works."""
        modest = theme.at(min(theme.factor, 1.0))
        self._heading.look(modest.verse(1.35), theme.palette.text)
        self._place.look(modest.text(0.8), theme.palette.accent)
        self._notice.look(theme.at(min(theme.factor, 1.3)).text(), theme.palette.accent)
        self._words.setSpacing(max(2, theme.metrics.gap // 2))
        for words in (self._heading, self._place, self._notice):
            words.stand_in(rows_edge(theme))
        for rows in (self.list, self._other):
            rows.set_theme(theme)
        self._picture.set_theme(theme)

    def focus_home(self) -> None:
        """The list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """A picture where there is one, and room."""
        if self.theme is None:
            return
        room = self.room_beside(self.theme, SHARE)
        self._picture.setVisible(self._picture.has_picture and room)
        self.limit(self._picture, 0.3)
        for words in (self._heading, self._place, self._notice):
            words.at_most(1 if self.low else 2)


def _row(item: MenuItem) -> Row:
    said = f"{item.label}, {item.detail}" if item.detail else item.label
    return Row(title=item.label, detail=item.detail, said=said, language=item.language)
