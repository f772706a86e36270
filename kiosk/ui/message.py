"""Something did not go as wished: what, and a way on."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme
from kiosk.ui.words import FirstWords, Words
from kiosk.words.catalogue import words_in


class MessageWidget(ScreenWidget):
    """Words for the visitor, large; a sentence for staff below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = self._heading = FirstWords(self)
        self._text, self._staff = Words(self), Words(self)
        page = QVBoxLayout()
        page.addStretch(2)
        for label in (self._heading, self._text, self._staff):
            page.addWidget(label)
        page.addStretch(3)
        self._page = page
        self.yielding = [self._staff]
        self.content.addLayout(page, 1)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        self._heading.tell_first(self.model.heading, self.model.text)
        self._text.tell(self.model.text)
        self._tell_staff()
        self.setAccessibleName(f"{self.model.heading}. {self.model.text}")
        self.setAccessibleDescription(self.model.for_staff)

    def _tell_staff(self) -> None:
        if self.model is None or self.theme is None:
            return
        text = self.model.for_staff
        words = words_in(self.theme.language)
        self._staff.tell(words("staff-says", text=text) if text else "")

    def restyle(self, theme: Theme) -> None:
        """Calm: an error is no alarm."""
        self._heading.look(theme.verse(1.5), theme.palette.text)
        self._text.look(theme.verse(1.25), theme.palette.text)
        self._tell_staff()
        self._staff.look(theme.text(), theme.palette.quiet)
        self._page.setSpacing(theme.metrics.margin // 2)
