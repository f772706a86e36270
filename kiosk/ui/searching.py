"""Poems are on their way: the painting, and words that say so."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget, caption
from kiosk.ui.theme import Theme
from kiosk.ui.words import FirstWords, Words


class SearchingWidget(ScreenWidget):
    """Nothing moves; the words change when something is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = PictureView(self)
        self.giving_way = [self._picture]
        self.first = self._heading = FirstWords(self)
        self._text, self._caption = Words(self), Words(self)
        words = QVBoxLayout()
        words.addStretch(2)
        words.addWidget(self._heading)
        words.addWidget(self._caption)
        words.addWidget(self._text)
        words.addStretch(3)
        self._words = words
        self.yielding = [self._caption]
        self.content.addWidget(self._picture, 5)
        self.content.addLayout(words, 5)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        self._picture.set_artwork(self.model.artwork)
        title = self.model.artwork.title
        self._heading.tell_first(self.model.heading, f"{title}. {self.model.text}".strip())
        self._caption.tell(caption(self.model.artwork))
        self._text.tell(self.model.text)
        if self.theme is not None:
            self.restyle(self.theme)  # the caption's script may be another
        self.setAccessibleName(f"{self.model.heading}. {self.model.text}".strip())

    def restyle(self, theme: Theme) -> None:
        """The painting's label in quiet letters."""
        self._heading.look(theme.verse(1.3), theme.palette.text)
        language = self.model.artwork.language if self.model is not None else ""
        self._caption.look(theme.verse(italic=True, language=language), theme.palette.quiet)
        self._text.look(theme.text(), theme.palette.accent)
        self._words.setSpacing(theme.metrics.margin // 2)
        self._picture.set_theme(theme)

    def turned(self) -> None:
        """Upright, words need their place."""
        self.limit(self._picture, 0.5)
