"""A page of set text: blocks of words, one of which is being heard.

What is heard is marked by a bar in the margin and a tint behind it, and is kept in view. The text
is Qt's own read-only text, so a screen reader can walk through it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QObject, QRectF, QSignalBlocker, Qt, QVariantAnimation
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from kiosk.ui.breaking import divided
from kiosk.ui.fades import paint_fades
from kiosk.ui.fonts import starts_from_the_right
from kiosk.ui.theme import Theme
from kiosk.words.catalogue import is_right_to_left

ABOVE = 0.30  # of the view's height: where what is heard is kept
TAB_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
END_EMS = 0.3  # after the letters
GLIDE_MS = 350
CLEAR, SOLID = "transparent", "solid"  # of a style sheet
HANGING = "“‘\"'«„‚「『(["  # what stands out into the margin at the beginning of a line


@dataclass(frozen=True, slots=True)
class Block:
    """One line of verse, or one paragraph, and how it is set."""

    text: str
    font: QFont
    colour: str
    edge: float = 0.0  # pixels before its letters; the mark's bar stands there
    leading: int = 128  # per cent of the font's own line height
    above: float = 0.0  # pixels before it
    indent: float = 0.0  # pixels, of all its lines but the first
    hangs: bool = False  # whether a quotation mark at its beginning stands in the margin
    language: str = ""  # BCP 47; "" is the page's own


class PageView(QTextEdit):
    """Blocks of text that scroll to what is being heard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)  # Tab leads out of the text, never into it
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.viewport().setAutoFillBackground(False)
        self.motion = False
        self._theme: Theme | None = None
        self._blocks: tuple[Block, ...] = ()
        self._marked: int | None = None
        self._own: QTextDocument | None = None  # what is shown, once there is something
        self._written: tuple[tuple[Block, ...], int] | None = None  # and for which width
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._glide.valueChanged.connect(lambda value: self.verticalScrollBar().setValue(value))

    def dress(self, theme: Theme) -> None:
        """Colours and the ring; the blocks bring their own letters."""
        self._theme = theme
        ring, letters = f"{theme.metrics.ring}px", theme.palette.text
        self.setStyleSheet(
            f"QTextEdit {{ background: {CLEAR}; border: {ring} {SOLID} {CLEAR}; color: {letters};"
            f" selection-background-color: {CLEAR}; selection-color: {letters}; }}"
            f"QTextEdit[ringed=true] {{ border-color: {theme.palette.ring}; }}"
        )
        self.setViewportMargins(0, round(theme.metrics.cap * 0.3), 0, 0)

    def set_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Show these, from the first on."""
        if blocks != self._blocks:
            self._blocks = blocks
            self._write()

    def mark_block(self, block: int | None) -> None:
        """This one is being heard; None for none of them."""
        if block != self._marked:
            self._marked = block
            self._keep_in_view()
            self.viewport().update()

    def begins_at(self) -> int:
        """The block that a screen reader tells first, after the page's name."""
        return 0

    @property
    def marked_block(self) -> int | None:
        """The one that is being heard."""
        return self._marked

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the page holds."""
        return self._blocks

    def block_rect(self, block: int) -> QRectF:
        """Where a block stands in the view, in the viewport's pixels."""
        layout = self.document().documentLayout()
        rect = layout.blockBoundingRect(self.document().findBlockByNumber(block))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines wrap anew; what is heard stays in view."""
        super().resizeEvent(event)
        self._write()
        self._keep_in_view(gliding=False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The mark below the letters, then the letters, then a fade where the text goes on."""
        if self._theme is None:
            return
        painter = QPainter(self.viewport())
        if self._marked is not None and self._marked < len(self._blocks):
            self._paint_mark(painter, self._theme, self._marked)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        paint_fades(painter, self, self._theme, above=self._cut_above())
        painter.end()

    def _ring(self, ringed: bool) -> None:
        self.setProperty("ringed", ringed)
        self.style().unpolish(self)
        self.style().polish(self)

    def _paint_mark(self, painter: QPainter, theme: Theme, block: int) -> None:
        air = self._blocks[block].font.pixelSize() * 0.1
        rect = self.block_rect(block).adjusted(0, -air, 0, air)
        wide = self.viewport().width()
        painter.fillRect(QRectF(0, rect.top(), wide, rect.height()), theme.colour("mark"))
        first = wide - theme.bar if self._from_the_right(self._blocks[block]) else 0
        painter.fillRect(
            QRectF(first, rect.top(), theme.bar, rect.height()), theme.colour("accent")
        )

    def _from_the_right(self, block: Block) -> bool:
        if block.language:
            return is_right_to_left(block.language)
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _write(self) -> None:
        """Write a new document, a block of it a block of ours.

        It is written before the view has it: a view tells a screen reader of every change. Nor is
        it told that the text cursor came to stand here: it would take that for an arrival it has
        told of already, and be silent about the page when the focus does arrive.
        """
        wide = self.viewport().width()
        if self._theme is None or self._written == (self._blocks, wide):
            return
        self._glide.stop()
        self._written = (self._blocks, wide)
        document = QTextDocument(self)
        document.setDocumentMargin(0)
        option = document.defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        document.setDefaultTextOption(option)
        cursor = QTextCursor(document)
        for at, block in enumerate(self._blocks):
            form, letters = self._forms(block)
            if at:
                cursor.insertBlock(form, letters)
            else:
                cursor.setBlockFormat(form)
                cursor.setBlockCharFormat(letters)
            measures = QFontMetricsF(block.font)
            room = wide - form.leftMargin() - form.rightMargin()
            cursor.insertText(divided(block.text, room, measures.horizontalAdvance), letters)
        with QSignalBlocker(self._teller()):
            self.setDocument(document)  # the cursor at its beginning
            if first := self.begins_at():  # where a screen reader begins
                self.setTextCursor(QTextCursor(document.findBlockByNumber(first)))
        self.viewport().update()
        if self._own is not None:
            self._own.deleteLater()
        self._own = document
        self.verticalScrollBar().setValue(0)
        self._keep_in_view(gliding=False)

    def _teller(self) -> QObject:
        """What Qt puts inside a text view; it tells the view, and so a screen reader, of moves."""
        inside = (child for child in self.children() if child.inherits("QWidgetTextControl"))
        return next(inside, self)

    def _forms(self, block: Block) -> tuple[QTextBlockFormat, QTextCharFormat]:
        em = block.font.pixelSize()
        form = QTextBlockFormat()
        mirrored = self._from_the_right(block)
        runs_left = starts_from_the_right(block.text, otherwise=mirrored)
        before, after = block.edge + block.indent, em * END_EMS
        form.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if runs_left else Qt.LayoutDirection.LeftToRight
        )
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        form.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        form.setLeftMargin(after if mirrored else before)
        form.setRightMargin(before if mirrored else after)
        out = 0.0
        body = block.text.lstrip()
        if block.hangs and body[:1] and body[0] in HANGING and body == block.text:
            out = min(QFontMetricsF(block.font).horizontalAdvance(body[0]), block.edge * 0.8)
        form.setTextIndent(-block.indent - out)
        form.setTopMargin(block.above)
        form.setLineHeight(block.leading, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        letters = QTextCharFormat()
        letters.setFont(block.font)
        letters.setForeground(QColor(block.colour))
        return form, letters

    def _keep_in_view(self, *, gliding: bool = True) -> None:
        if self._marked is None or self._marked >= len(self._blocks):
            return
        bar = self.verticalScrollBar()
        rect = self.block_rect(self._marked)
        top = rect.top() + bar.value()
        view = self.viewport().height()
        least = top + rect.height() - view  # or its end would be below the edge
        tops = [begin for begin in self._tops() if begin <= top]
        calm = max((begin for begin in tops if begin <= top - view * ABOVE), default=0.0)
        enough = min((begin for begin in tops if begin >= least), default=top)
        self._scroll_to(min(bar.maximum(), math.ceil(calm if calm >= least else enough)), gliding)

    def _scroll_to(self, value: int, gliding: bool) -> None:
        bar = self.verticalScrollBar()
        self._glide.stop()
        far = abs(bar.value() - value) > self.viewport().height()  # all these lines would flicker
        if far or not (self.motion and gliding and self.isVisible()) or bar.value() == value:
            bar.setValue(value)
            return
        self._glide.setStartValue(bar.value())
        self._glide.setEndValue(value)
        self._glide.start()

    def _tops(self) -> list[float]:
        """Where each block begins: scrolled to one of these, no line is cut above."""
        layout = self.document().documentLayout()
        tops: list[float] = []
        block: QTextBlock = self.document().begin()
        while block.isValid():
            tops.append(layout.blockBoundingRect(block).top())
            block = block.next()
        return tops

    def _cut_above(self) -> bool:
        """Whether the upper edge runs through a line."""
        value = self.verticalScrollBar().value()
        return all(abs(begin - value) > 1 for begin in self._tops())
