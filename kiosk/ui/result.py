"""One poem beside its painting, the line being heard marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget, Words, caption
from kiosk.ui.theme import Theme
from kiosk.ui.verse import VerseView

LOW_CAPS = 26  # heights of a capital; a screen that is less high is short of lines


class ResultWidget(ScreenWidget):
    """Picture and label on one side; place, title, poet and verse on the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._caption = PictureView(self), Words(self)
        self._place, self._title, self._poet = Words(self), Words(self), Words(self)
        self.verse = VerseView(self)
        wall = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        wall.addWidget(self._picture, 3)
        wall.addWidget(self._caption, 2)
        wall.addStretch(1)
        page = QVBoxLayout()
        for label in (self._place, self._title, self._poet):
            page.addWidget(label)
        page.addWidget(self.verse, 1)
        self._wall, self._page = wall, page
        self.content.addLayout(wall, 4)
        self.content.addLayout(page, 6)

    def refresh(self) -> None:
        """Put the model into the widgets; a new mark moves nothing else."""
        model = self.model
        self._picture.set_artwork(model.artwork)
        self._caption.tell(caption(model.artwork))
        self._title.tell(model.poem.title)
        self._name_poet()
        self.verse.set_lines(model.lines, model.spoken_line)
        self.verse.setAccessibleDescription(
            f"{model.place}: {model.poem.title}, by {model.poem.poet}"
        )
        self.setAccessibleName(f"{model.place}: {model.poem.title}, by {model.poem.poet}")

    def _name_poet(self) -> None:
        """On a low screen the poet stands beside the place, so that verse gets the line."""
        model, theme = self.model, self.theme
        if model is None or theme is None:
            return
        low = not self.portrait and self.height() < theme.metrics.cap * LOW_CAPS
        beside = model.poem.poet if low else ""
        self._place.tell(" · ".join(part for part in (model.place, model.extent, beside) if part))
        self._poet.tell("" if low else model.poem.poet)

    def restyle(self, theme: Theme) -> None:
        """Title and verse in set type, labels in the interface's."""
        self._caption.look(theme.verse(0.8, italic=True), theme.palette.quiet)
        self._place.look(theme.text(0.8), theme.palette.accent)
        self._title.look(theme.verse(1.2), theme.palette.text)
        self._poet.look(theme.verse(italic=True), theme.palette.quiet)
        self.verse.set_theme(theme)
        for label in (self._place, self._title, self._poet):  # in line with the verse below
            label.setContentsMargins(self.verse.left_edge, 0, 0, 0)
        self._page.setSpacing(max(2, theme.metrics.gap // 4))
        self._wall.setSpacing(theme.metrics.gap)
        self._picture.set_theme(theme)

    def focus_home(self) -> None:
        """The poem, so that a screen reader begins there."""
        self.verse.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Upright, the poem needs more of the height than the picture."""
        self._name_poet()
        top, left = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft
        self._picture.place = top | left
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._wall.setDirection(across if self.portrait else down)  # the label beside it
        self._caption.setAlignment(top | left)
        self.limit(self._picture, 0.33)
        self._wall.setStretch(0, 3 if self.portrait else 0)
        self._wall.setStretch(1, 2 if self.portrait else 0)
        self._wall.setStretch(2, 0 if self.portrait else 1)
        self.content.setStretch(0, 3 if self.portrait else 35)
        self.content.setStretch(1, 6 if self.portrait else 65)
