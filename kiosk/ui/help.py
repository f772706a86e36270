"""What every key does on the screen one came from."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui.screen_widget import ScreenWidget, Words
from kiosk.ui.theme import Theme


class HelpWidget(ScreenWidget):
    """A line a key; the one heard alone is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._about = Words(self), Words(self)
        self._lines: list[Words] = []
        self._page = QVBoxLayout()
        self._page.addStretch(1)
        self._page.addWidget(self._heading)
        self._page.addWidget(self._about)
        self._rows = QVBoxLayout()
        self._page.addLayout(self._rows)
        self._page.addStretch(2)
        self.content.addLayout(self._page, 1)

    def refresh(self) -> None:
        """Put the model into the widgets."""
        model = self.model
        self._heading.tell(model.heading)
        self._about.tell(model.about)
        while len(self._lines) < len(model.lines):
            label = Words(self)
            self._lines.append(label)
            self._rows.addWidget(label)
        for position, label in enumerate(self._lines):
            label.tell(model.lines[position] if position < len(model.lines) else "")
        self.setAccessibleName(" ".join([model.heading, model.about, *model.lines]))
        if self.theme is not None:
            self.restyle(self.theme)

    def restyle(self, theme: Theme) -> None:
        """The line being heard has a bar and a tint, like a line of verse."""
        palette = theme.palette
        self._heading.look(theme.verse(1.5), palette.text)
        self._about.look(theme.text(), palette.quiet)
        bar = max(6, round(theme.metrics.cap * 0.22))
        for position, label in enumerate(self._lines):
            heard = self.model is not None and position == self.model.position
            label.setFont(theme.text())
            label.setStyleSheet(
                f"color: {palette.text}; padding: {theme.metrics.gap // 3}px {theme.metrics.gap}px;"
                f" border-left: {bar}px solid {palette.accent if heard else 'transparent'};"
                f" background: {palette.mark if heard else 'transparent'};"
            )
        self._page.setSpacing(theme.metrics.gap)
        self._rows.setSpacing(theme.metrics.gap // 2)
