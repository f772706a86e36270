"""What every key does on the screen one came from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.prose import ProseView
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.theme import Theme


class HelpWidget(ScreenWidget):
    """A line a key; the one heard alone is marked."""

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
        self.page.motion = self.motion
        self.page.set_prose(model.heading, model.about, model.lines, model.position)
        self.setAccessibleName(" ".join([model.heading, model.about, *model.lines]))

    def restyle(self, theme: Theme) -> None:
        """The line being heard has a bar and a tint, like a line of verse."""
        self.page.set_theme(theme)

    def focus_home(self) -> None:
        """The page, so that a screen reader begins there."""
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)
