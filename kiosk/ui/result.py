"""One poem beside its painting, the line being heard marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget, Words, caption
from kiosk.ui.theme import Theme
from kiosk.ui.verse import VerseView


class ResultWidget(ScreenWidget):
    """Picture and label on one side; place, title, poet and verse on the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._caption = PictureView(self), Words(self)
        self._place, self._title, self._poet = Words(self), Words(self), Words(self)
        self.verse = VerseView(self)
        wall = QVBoxLayout()
        wall.addWidget(self._picture, 1)
        wall.addWidget(self._caption)
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
        self._place.tell(f"{model.place}, {model.extent}" if model.extent else model.place)
        self._title.tell(model.poem.title)
        self._poet.tell(model.poem.poet)
        self.verse.set_lines(model.lines, model.spoken_line)
        self.verse.setAccessibleDescription(
            f"{model.place}: {model.poem.title}, by {model.poem.poet}"
        )
        self.setAccessibleName(f"{model.place}: {model.poem.title}, by {model.poem.poet}")

    def restyle(self, theme: Theme) -> None:
        """Title and verse in set type, labels in the interface's."""
        self._caption.look(theme.verse(0.8, italic=True), theme.palette.quiet)
        self._place.look(theme.text(0.8), theme.palette.accent)
        self._title.look(theme.verse(1.3), theme.palette.text)
        self._poet.look(theme.verse(italic=True), theme.palette.quiet)
        self.verse.set_theme(theme)
        self._page.setSpacing(theme.metrics.gap // 2)
        self._wall.setSpacing(theme.metrics.gap)
        self._picture.set_theme(theme)

    def focus_home(self) -> None:
        """The poem, so that a screen reader begins there."""
        self.verse.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Upright, the poem needs more of the height than the picture."""
        self.content.setStretch(0, 3 if self.portrait else 4)
        self.content.setStretch(1, 6)
