"""Verse as a printed page sets it.

Title and poet above the first line, stanzas apart, long lines wrapped with a hanging indent,
quotation marks at the beginning of a line out in the margin. All of it is one page that scrolls,
so that a low screen and large letters leave the room to the line being heard.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.page import Block, PageView
from kiosk.ui.theme import Theme
from kiosk.ui.words import TALL, WRAPPED

INDENT_EMS = 1.6  # of a wrapped line's second half
NARROW_EMS = 14  # a column that is less wide has half of it
STANZA_EMS = 0.75  # between stanzas
EDGE_EMS = 0.5  # before the letters
HEAD_EMS = 0.5  # between the poet and the first line
HEAD_SHARE = 0.36  # of the view's height, that title and poet may take
HEAD_LEADING = 108  # per cent
TITLE, POET = 1.25, 0.9  # times the letters of verse


class VerseView(PageView):
    """The title, the poet, and the lines of one poem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self._title, self._poet, self._language = "", "", ""
        self._spoken: int | None = None

    def set_theme(self, theme: Theme) -> None:
        """Set the type anew."""
        self.dress(theme)
        self._set()

    def set_poem(
        self, title: str, poet: str, language: str, lines: tuple[str, ...], spoken: int | None
    ) -> None:
        """Show these printed lines, in `language` (BCP 47); `spoken` is the index of the one being
        heard."""
        told = (title, poet, language, lines)
        if told != (self._title, self._poet, self._language, self._lines):
            self._title, self._poet, self._language, self._lines = told
            self._set()
        self._spoken = spoken
        self.mark_block(None if spoken is None else self._block(spoken))

    @property
    def left_edge(self) -> int:
        """How far in the first letters stand, so that words above can stand in line with them."""
        return 0 if self._theme is None else round(self._theme.metrics.ring + _edge(self._theme))

    @property
    def spoken_line(self) -> int | None:
        """The index of the marked line."""
        return self._spoken

    def line_rect(self, line: int) -> QRectF:
        """Where a printed line stands in the view, in the viewport's pixels."""
        return self.block_rect(self._block(line))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The head keeps its share, and lines their indent."""
        self._set()
        super().resizeEvent(event)

    def _head(self) -> int:
        """How many blocks stand above the first line."""
        return bool(self._title) + bool(self._poet)

    def _block(self, line: int) -> int:
        """The block of a printed line; lines between stanzas have none of their own."""
        return self._head() + sum(1 for text in self._lines[:line] if text.strip())

    def _indent(self, theme: Theme) -> float:
        em = theme.verse().pixelSize()
        narrow = self.viewport().width() < NARROW_EMS * em
        return em * INDENT_EMS * (0.5 if narrow else 1.0)

    def _set(self) -> None:
        """Make the blocks."""
        theme = self._theme
        if theme is None:
            return
        font = theme.verse(language=self._language)
        em = font.pixelSize()
        indent = self._indent(theme)
        blocks = self._head_blocks(theme)
        head, stanza = len(blocks), False
        for line in self._lines:
            if not line.strip():
                stanza = True
                continue
            first = len(blocks) == head
            above = HEAD_EMS * bool(head) if first else STANZA_EMS * stanza
            blocks.append(
                Block(
                    _printed(line),
                    font,
                    theme.palette.text,
                    edge=_edge(theme),
                    above=em * above,
                    indent=indent,
                    hangs=True,
                    language=self._language,
                )
            )
            stanza = False
        self.set_blocks(tuple(blocks))

    def _head_blocks(self, theme: Theme) -> list[Block]:
        """Title and poet: as large as the visitor wants, as long as verse has its room."""
        blocks: list[Block] = []
        room = self.viewport().height() * HEAD_SHARE
        for factor in sorted({theme.factor, 1.7, 1.3, 1.0}, reverse=True):
            if factor > theme.factor:
                continue
            look, palette = theme.at(factor), theme.palette
            title = look.verse(TITLE, language=self._language)
            poet = look.verse(POET, italic=True, language=self._language)
            blocks = [
                Block(
                    text,
                    font,
                    colour,
                    edge=_edge(theme),
                    leading=HEAD_LEADING,
                    language=self._language,
                )
                for text, font, colour in (
                    (self._title, title, palette.text),
                    (self._poet, poet, palette.quiet),
                )
                if text
            ]
            if sum(self._height(block) for block in blocks) <= room:
                break
        return blocks

    def _height(self, block: Block) -> float:
        """How high a block of the head is, roughly."""
        room = QRectF(0, 0, self.viewport().width() - block.edge, TALL)
        return QFontMetricsF(block.font).boundingRect(room, WRAPPED, block.text).height()


def _edge(theme: Theme) -> float:
    """Pixels before the letters of every block."""
    return theme.verse().pixelSize() * EDGE_EMS


def _printed(line: str) -> str:
    """The line with its printed indent kept, as spaces that do not collapse or break."""
    text = line.rstrip()
    body = text.lstrip(" \t")
    return "\u00a0" * (len(text.expandtabs(4)) - len(body)) + body
