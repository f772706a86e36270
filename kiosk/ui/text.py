"""Something told in paragraphs, the one being heard marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.picture import PictureView
from kiosk.ui.prose import ProseView
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme

SHARE = 0.62  # of the width, that the words take beside a picture


class TextWidget(ScreenWidget):
    """A page of prose; a painting beside it where there is room for both."""

    scrolls = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self.page = PictureView(self), ProseView(self)
        self.page.named_by_heading = True
        column = QVBoxLayout()
        column.addWidget(self.page, 1)
        self.content.addWidget(self._picture, 38)
        self.content.addLayout(column, 62)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        self._picture.set_artwork(model.artwork)
        self.page.motion = self.motion
        self.page.set_prose(model.heading, model.notice, model.paragraphs, model.position)
        self.setAccessibleName(model.heading)
        self.turned()

    def restyle(self, theme: Theme) -> None:
        """Prose in set type."""
        self.page.set_theme(theme)
        self._picture.set_theme(theme)

    def focus_home(self) -> None:
        """The page, so that a screen reader begins there."""
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def turned(self) -> None:
        """Large letters take the whole width."""
        if self.theme is None:
            return
        self._picture.setVisible(self._picture.has_picture and self.room_beside(self.theme, SHARE))
        self._picture.hang(top=True)
        self.limit(self._picture, 1 - SHARE)
