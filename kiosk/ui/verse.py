"""Verse as a printed page sets it: stanzas apart, long lines wrapped with a hanging indent.

The line being heard is marked by a bar in the margin and a tint behind it, and is kept in view.
The text is Qt's own read-only text, so a screen reader can walk through it.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from kiosk.ui.fades import paint_fades
from kiosk.ui.theme import Theme

LEADING = 128  # per cent of the font's own line height
ABOVE = 0.30  # of the view's height: where the spoken line is kept
TAB_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
EDGE_EMS = 0.5  # left of the letters; the mark's bar stands there
INDENT_EMS = 1.6  # of a wrapped line's second half


class VerseView(QTextEdit):
    """The lines of one poem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)  # Tab leads out of the text, never into it
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("The poem")
        self._lines: tuple[str, ...] = ()
        self._spoken: int | None = None
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        """Set the type anew."""
        self._theme = theme
        ring = theme.metrics.ring
        self.setStyleSheet(
            f"QTextEdit {{ background: transparent; border: {ring}px solid transparent;"
            f" color: {theme.palette.text}; }}"
            f"QTextEdit[ringed=true] {{ border-color: {theme.palette.ring}; }}"
        )
        self.setViewportMargins(0, round(theme.metrics.cap * 0.4), 0, 0)
        self._set()

    def set_lines(self, lines: tuple[str, ...], spoken: int | None) -> None:
        """Show these printed lines; `spoken` is the index of the one being heard."""
        if lines != self._lines:
            self._lines = lines
            self._set()
        if spoken != self._spoken:
            self._spoken = spoken
            self._keep_in_view()
        self.viewport().update()

    @property
    def left_edge(self) -> int:
        """How far from the left the first letters stand, so that a title can stand above them."""
        if self._theme is None:
            return 0
        return round(self._theme.metrics.ring + self._theme.verse().pixelSize() * EDGE_EMS)

    @property
    def spoken_line(self) -> int | None:
        """The index of the marked line."""
        return self._spoken

    def line_rect(self, line: int) -> QRectF:
        """Where a printed line stands in the view, in the viewport's pixels."""
        layout = self.document().documentLayout()
        rect = layout.blockBoundingRect(self._block(line))
        return rect.translated(0, -self.verticalScrollBar().value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys belong to the visit, not to a text cursor."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring for whoever moves by Tab; on arriving, the page itself is where one is."""
        super().focusInEvent(event)
        self._ring(event.reason() in TAB_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring without the focus."""
        super().focusOutEvent(event)
        self._ring(False)

    def _ring(self, ringed: bool) -> None:
        self.setProperty("ringed", ringed)
        self.style().unpolish(self)
        self.style().polish(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines wrap anew; what is heard stays in view."""
        super().resizeEvent(event)
        self._keep_in_view()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The mark below the letters, then the letters, then a fade where the text goes on."""
        if self._theme is None:
            return
        painter = QPainter(self.viewport())
        if self._spoken is not None and self._spoken < len(self._lines):
            self._paint_mark(painter, self._theme, self._spoken)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        paint_fades(painter, self, self._theme, above=self._cut_above())
        painter.end()

    def _paint_mark(self, painter: QPainter, theme: Theme, line: int) -> None:
        air = theme.verse().pixelSize() * 0.1
        rect = self.line_rect(line).adjusted(0, -air, 0, air)
        whole = QRectF(0, rect.top(), self.viewport().width(), rect.height())
        painter.fillRect(whole, theme.colour("mark"))
        bar = max(6.0, theme.metrics.cap * 0.22)
        painter.fillRect(QRectF(0, rect.top(), bar, rect.height()), theme.colour("accent"))

    def _set(self) -> None:
        """Write the document: a block a printed line, an empty line as space before the next."""
        if self._theme is None:
            return
        font = self._theme.verse()
        document = self.document()
        document.clear()
        document.setDefaultFont(font)
        document.setDocumentMargin(0)
        em = font.pixelSize()
        indent = INDENT_EMS * em
        cursor = QTextCursor(document)
        first, stanza = True, False
        for line in self._lines:
            if not line.strip():
                stanza = True
                continue
            form = QTextBlockFormat()
            form.setLeftMargin(em * EDGE_EMS + indent)
            form.setTextIndent(-indent)
            form.setRightMargin(em * 0.3)
            form.setLineHeight(LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            if stanza and not first:
                form.setTopMargin(em * 0.75)
            if first:
                cursor.setBlockFormat(form)
            else:
                cursor.insertBlock(form)
            cursor.insertText(_printed(line))
            first, stanza = False, False
        self.moveCursor(QTextCursor.MoveOperation.Start)  # where a screen reader begins
        self.verticalScrollBar().setValue(0)
        self._keep_in_view()

    def _block(self, line: int) -> QTextBlock:
        """The block of a printed line; lines between stanzas have none of their own."""
        before = sum(1 for text in self._lines[:line] if text.strip())
        return self.document().findBlockByNumber(before)

    def _keep_in_view(self) -> None:
        if self._spoken is None or self._spoken >= len(self._lines):
            return
        bar = self.verticalScrollBar()
        rect = self.line_rect(self._spoken)
        top = rect.top() + bar.value()
        view = self.viewport().height()
        least = top + rect.height() - view  # or its end would be below the edge
        tops = [begin for begin in self._line_tops() if begin <= top]
        calm = max((begin for begin in tops if begin <= top - view * ABOVE), default=0.0)
        enough = min((begin for begin in tops if begin >= least), default=top)
        bar.setValue(math.ceil(calm if calm >= least else enough))

    def _line_tops(self) -> list[float]:
        """Where each printed line begins: scrolled to one of these, no line is cut above."""
        layout = self.document().documentLayout()
        tops: list[float] = []
        block = self.document().begin()
        while block.isValid():
            tops.append(layout.blockBoundingRect(block).top())
            block = block.next()
        return tops

    def _cut_above(self) -> bool:
        """Whether the upper edge runs through a line."""
        value = self.verticalScrollBar().value()
        return all(abs(begin - value) > 1 for begin in self._line_tops())


def _printed(line: str) -> str:
    """The line with its printed indent kept, as spaces that do not collapse or break."""
    text = line.rstrip()
    body = text.lstrip(" \t")
    return " " * (len(text.expandtabs(4)) - len(body)) + body
