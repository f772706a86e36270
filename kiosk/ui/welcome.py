"""The welcome: what this is, and what to press first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words


class WelcomeWidget(ScreenWidget):
    """A name, a sentence, an invitation, and one painting of the house."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._text, self._invitation = Words(self), Words(self), Words(self)
        self._offers = Words(self)
        self._picture = PictureView(self)
        self.giving_way = [self._picture]
        words = QVBoxLayout()
        words.addStretch(2)
        for label in (self._heading, self._text, self._invitation, self._offers):
            words.addWidget(label)
        words.addStretch(3)
        self._words = words
        self.content.addLayout(words, 5)
        self.content.addWidget(self._picture, 5)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        self._heading.tell(self.model.heading)
        self._text.tell(self.model.text)
        self._invitation.tell(self.model.invitation)
        self._offers.tell("\n".join(self.model.offers))
        self._picture.set_artwork(self.model.artwork)
        self._picture.setVisible(self._picture.has_picture)
        told = (self.model.text, self.model.invitation, *self.model.offers)
        self.setAccessibleName(f"{self.model.heading}. {' '.join(told)}")

    def restyle(self, theme: Theme) -> None:
        """A large name in set type."""
        self._heading.look(theme.verse(2.1), theme.palette.text)
        self._text.look(theme.verse(1.25), theme.palette.text)
        self._invitation.look(theme.text(), theme.palette.accent)
        self._offers.look(theme.text(0.8), theme.palette.quiet)
        self._words.setSpacing(theme.metrics.margin // 2)
        self._picture.set_theme(theme)

    def turned(self) -> None:
        """Upright, the painting hangs above the words."""
        self.content.setStretch(0, 5)
        self.content.setStretch(1, 5)
        self.limit(self._picture, 0.5)
