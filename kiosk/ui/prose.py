"""A heading and paragraphs as one page that scrolls, the one being heard marked."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.page import Block, PageView
from kiosk.ui.theme import Theme

EDGE_EMS = 0.6  # before the letters
APART_EMS = 0.55  # between paragraphs
HEADING, ABOUT, BODY = 1.35, 0.85, 1.0  # times the letters of verse
LEADING = 122  # per cent
LARGEST_HEADING = 1.3  # the visitor's factor, beyond which a heading grows no more


class ProseView(PageView):
    """Paragraphs below a heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._about = "", ""
        self._paragraphs: tuple[str, ...] = ()
        self.named_by_heading = False  # then a screen reader need not tell the heading once more

    def begins_at(self) -> int:
        """At the heading, or below it."""
        return self._head() if self.named_by_heading else 0

    def set_theme(self, theme: Theme) -> None:
        """Set the type anew."""
        self.dress(theme)
        self._set()

    def set_prose(
        self,
        heading: str,
        about: str,
        paragraphs: tuple[str, ...],
        position: int | None,
        name: str = "",
    ) -> None:
        """Show these; `about` is a quiet line below the heading, `position` what is heard, `name`
        what a screen reader calls the page, if that is not the heading."""
        told = (heading, about, paragraphs)
        if told != (self._heading, self._about, self._paragraphs):
            self._heading, self._about, self._paragraphs = told
            self._set()
        if (name or heading) != self.accessibleName():  # a screen reader tells of each setting
            self.setAccessibleName(name or heading)
        if about != self.accessibleDescription():
            self.setAccessibleDescription(about)
        self.mark_block(None if position is None else self._head() + position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set for the new width."""
        self._set()
        super().resizeEvent(event)

    def _head(self) -> int:
        return bool(self._heading) + bool(self._about)

    def _set(self) -> None:
        theme = self._theme
        if theme is None:
            return
        body = theme.verse(BODY)
        em, palette = body.pixelSize(), theme.palette
        edge = em * EDGE_EMS
        head = theme.at(min(theme.factor, LARGEST_HEADING))
        blocks = []
        if self._heading:
            blocks.append(
                Block(self._heading, head.verse(HEADING), palette.text, edge=edge, leading=105)
            )
        if self._about:
            blocks.append(
                Block(self._about, theme.text(ABOUT), palette.quiet, edge=edge, leading=110)
            )
        for paragraph in self._paragraphs:
            blocks.append(
                Block(
                    paragraph,
                    body,
                    palette.text,
                    edge=edge,
                    leading=LEADING,
                    above=em * APART_EMS if blocks else 0,
                    hangs=True,
                )
            )
        self.set_blocks(tuple(blocks))
