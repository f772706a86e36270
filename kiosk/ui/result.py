"""One poem beside its painting, the line being heard marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget, caption
from kiosk.ui.theme import Theme
from kiosk.ui.verse import VerseView
from kiosk.ui.words import Words

SHARE = 0.65  # of the width, that the poem takes beside the picture
CAPTION_LINES = 5, 3  # at most, and on a low screen; the rest is told by "about this work"


class ResultWidget(ScreenWidget):
    """Picture and label on one side; the place, and the poem as a page, on the other."""

    scrolls = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._caption = PictureView(self), Words(self)
        self._place, self._notice = Words(self), Words(self)
        self.verse = VerseView(self)
        self._language = ""  # of the caption
        wall = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        wall.addWidget(self._picture, 3)
        wall.addWidget(self._caption, 2)
        wall.addStretch(1)
        page = QVBoxLayout()
        page.addWidget(self._place)
        page.addWidget(self._notice)
        page.addWidget(self.verse, 1)
        self._wall, self._page = wall, page
        self.content.addLayout(wall, 35)
        self.content.addLayout(page, 65)

    def refresh(self) -> None:
        """Put the model into the widgets; a new mark moves nothing else."""
        model = self.model
        poem = model.poem
        if self.theme is not None and model.artwork.language != self._language:
            self._language = model.artwork.language
            self.restyle(self.theme)
        self._picture.set_artwork(model.artwork)
        self._caption.tell(caption(model.artwork))
        self._place.tell(" · ".join(part for part in (model.place, model.extent) if part))
        self._notice.tell(model.notice)
        self.verse.motion = self.motion
        self.verse.set_poem(poem.title, poem.poet, poem.language, model.lines, model.spoken_line)
        self.turned()  # the label may be longer
        self.verse.setAccessibleName(f"{poem.title}, {poem.poet}" if poem.poet else poem.title)
        self.verse.setAccessibleDescription(model.place)
        self.setAccessibleName(f"{model.place}. {poem.title}, {poem.poet}")

    def restyle(self, theme: Theme) -> None:
        """Title and verse in set type, labels in the interface's."""
        modest = theme.at(min(theme.factor, 1.0))
        language = self.model.artwork.language if self.model is not None else ""
        self._caption.look(modest.verse(0.8, italic=True, language=language), theme.palette.quiet)
        self._place.look(modest.text(0.8), theme.palette.accent)
        self._notice.look(modest.text(0.8), theme.palette.quiet)
        self.verse.set_theme(theme)
        for words in (self._place, self._notice):
            words.stand_in(self.verse.left_edge)  # in line with the verse below
        self._page.setSpacing(max(2, theme.metrics.gap // 4))
        self._wall.setSpacing(theme.metrics.gap)
        self._picture.set_theme(theme)

    def focus_home(self) -> None:
        """The poem, so that a screen reader begins there."""
        self.verse.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Upright, the poem needs more of the height; for large letters, all of it."""
        if self.theme is None:
            return
        beside = self.room_beside(self.theme, 0.6 if self.portrait else SHARE)
        self._picture.setVisible(beside)
        self._caption.setVisible(beside and bool(self._caption.full))
        self._picture.hang(top=True, leading=True)
        self._caption.place(top=True)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._wall.setDirection(across if self.portrait else down)  # the label beside it
        self._caption.at_most(CAPTION_LINES[self.low])
        for words in (self._place, self._notice):
            words.at_most(1 if self.low else 2)
        self.limit(self._picture, 0.33)
        if not self.portrait:  # the label below it comes first
            wide = (self.width() - 3 * self.theme.metrics.margin) * (1 - SHARE)
            label = self._caption.heightForWidth(round(wide)) + self._wall.spacing()
            self._picture.setMaximumHeight(max(60, self.room_height() - label))
        self._wall.setStretch(0, 3 if self.portrait else 0)
        self._wall.setStretch(1, 2 if self.portrait else 0)
        self._wall.setStretch(2, 0 if self.portrait else 1)
        shares = (33, 67) if self.portrait else (35, 65)
        self.content.setStretch(0, shares[0] if beside else 0)
        self.content.setStretch(1, shares[1])
