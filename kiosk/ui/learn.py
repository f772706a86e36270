"""Keys of a pad are taught, one control after another."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.prose import ProseView
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme


class LearnWidget(ScreenWidget):
    """What to press, and below it what is known so far; the newest is in view."""

    scrolls = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = ProseView(self)
        column = QVBoxLayout()
        column.addWidget(self.page, 1)
        self.content.addLayout(column, 1)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        name = f"{model.heading}. {model.text}"
        self.page.set_prose(model.heading, "", (model.text, *model.taught), 0, name)
        self.setAccessibleName(name)

    def restyle(self, theme: Theme) -> None:
        """What to press is marked."""
        self.page.set_theme(theme)

    def focus_home(self) -> None:
        """The page; no button may take a key that is being taught."""
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)
