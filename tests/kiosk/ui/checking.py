"""Looks for letters that are cut, that overlap, or that are too small on a laid-out screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QWidget

from kiosk.ui.breaking import ELLIPSIS, HYPHEN, ZERO_WIDTH_SPACE
from kiosk.ui.hint_bar import HintButton
from kiosk.ui.page import PageView
from kiosk.ui.picture import PictureView
from kiosk.ui.rows import RowDelegate, RowList
from kiosk.ui.screen_widget import ScreenWidget
from kiosk.ui.window import KioskWindow
from kiosk.ui.words import TALL, WRAPPED, Words

ROUNDING = 1.5  # pixels
PARTS = (Words, HintButton, PageView, RowList, PictureView)


def seen(screen: ScreenWidget, kind: type[QWidget] | tuple[type[QWidget], ...]) -> list[QWidget]:
    """The visible widgets of a kind."""
    return [
        widget
        for widget in screen.findChildren(QWidget)
        if isinstance(widget, kind) and widget.isVisible()
    ]


def place(widget: QWidget, screen: QWidget) -> QRect:
    """Where it stands on the screen."""
    return QRect(widget.mapTo(screen, QPoint(0, 0)), widget.size())


def faults(window: KioskWindow, width: int, height: int) -> list[str]:
    """What is wrong with the screen that is shown; empty when nothing is."""
    screen = window.screen_widget
    found = []
    if (window.width(), window.height()) != (width, height):
        found.append(f"the window was forced to {window.width()}x{window.height()}")
    parts = [(part, place(part, screen)) for part in seen(screen, PARTS)]
    for at, (part, rect) in enumerate(parts):
        if not screen.rect().contains(rect):
            found.append(f"{_name(part)} is beyond the edge: {rect}")
        for other, other_rect in parts[at + 1 :]:
            if rect.intersects(other_rect):
                found.append(f"{_name(part)} overlaps {_name(other)}")
        match part:
            case Words():
                found += _words(part)
            case HintButton():
                found += _button(part)
            case PageView():
                found += _page(part)
            case RowList():
                found += _rows(part)
    return found


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()[:30]!r}"


def _words(words: Words) -> list[str]:
    found = []
    inside = words.margin()
    room = words.contentsRect().adjusted(inside, inside, -inside, -inside)
    box = QFontMetrics(words.font()).boundingRect(
        QRect(0, 0, room.width(), TALL), WRAPPED, words.text()
    )
    if box.height() > room.height() + ROUNDING:
        found.append(f"{_name(words)} needs {box.height()} and has {room.height()}")
    if box.width() > room.width() + inside + ROUNDING:
        found.append(f"{_name(words)} is {box.width()} wide in {room.width()}")
    shown = words.text().replace(HYPHEN, "").replace(ZERO_WIDTH_SPACE, "")
    if shown.endswith(ELLIPSIS) and shown != words.full:
        kept = shown.removesuffix(ELLIPSIS)
        rest = words.full[len(kept) :]
        if " ".join(words.full.split()[: len(kept.split())]).rstrip(",;:.") != kept or not rest:
            found.append(f"{_name(words)} is shortened inside a word: {shown!r}")
        if words.accessibleName() != words.told:
            found.append(f"{_name(words)} hides words from a screen reader")
    return found


def _button(button: HintButton) -> list[str]:
    needed = button.sizeHint()
    least = 44
    found = []
    if button.width() < needed.width() or button.height() < needed.height():
        found.append(f"{_name(button)} is cut: {button.size()} of {needed}")
    if button.width() < least or button.height() < least:
        found.append(f"{_name(button)} is too small for a finger: {button.size()}")
    return found


def _page(page: PageView) -> list[str]:
    found = []
    block = page.document().begin()
    wide = page.viewport().width()
    while block.isValid():
        layout = block.layout()
        left = page.document().documentLayout().blockBoundingRect(block).left()
        for at in range(layout.lineCount()):
            line = layout.lineAt(at)
            used = line.naturalTextRect()
            if used.left() + left < -ROUNDING or used.right() + left > wide + ROUNDING:
                text = block.text()[line.textStart() :][: line.textLength()]
                found.append(f"{_name(page)}: {text!r} is cut: {used} from {left} in {wide}")
        block = block.next()
    marked = page.marked_block
    if marked is not None:
        rect = page.block_rect(marked)
        high = page.viewport().height()
        if rect.height() <= high and not (
            rect.top() >= -ROUNDING and rect.bottom() <= high + ROUNDING
        ):
            found.append(f"{_name(page)}: what is heard is out of view")
        elif rect.height() > high and abs(rect.top()) > ROUNDING:
            found.append(f"{_name(page)}: what is heard does not begin at the top")
    return found


def _rows(rows: RowList) -> list[str]:
    found = []
    item = rows.currentItem()
    delegate = rows.itemDelegate()
    if item is not None:
        rect, high = rows.visualItemRect(item), rows.viewport().height()
        if rect.top() < -ROUNDING or (rect.bottom() > high + ROUNDING and rect.height() <= high):
            found.append(f"{_name(rows)}: the chosen row is out of view")
        if rect.height() < 44:
            found.append(f"{_name(rows)}: a row is too small for a finger")
    if not isinstance(delegate, RowDelegate) or rows.theme is None:
        return found
    for at, row in enumerate(rows.rows):
        rect = rows.visualItemRect(rows.item(at))
        places = delegate.places(rect, row, rows.theme)
        if places.bottom > rect.bottom() + ROUNDING:
            found.append(f"{_name(rows)}: row {at} is cut below")
        for text, font, room in (
            (places.title_text, places.title_font, places.title),
            (places.detail_text, rows.theme.text(0.8), places.detail),
            (row.lead, rows.theme.text(), places.lead),
        ):
            box = QFontMetrics(font).boundingRect(QRect(0, 0, room.width(), TALL), WRAPPED, text)
            if text and (box.width() > room.width() + ROUNDING or box.height() > room.height() + 1):
                found.append(f"{_name(rows)}: {text[:30]!r} is cut in {room} {box}")
    return found


def lines_in_view(page: PageView, first_block: int) -> int:
    """How many set lines stand whole in the view, of the blocks from `first_block` on."""
    count = 0
    block = page.document().findBlockByNumber(first_block)
    high = page.viewport().height()
    while block.isValid():
        top = page.block_rect(block.blockNumber()).top()
        layout = block.layout()
        for at in range(layout.lineCount()):
            line = layout.lineAt(at)
            begin = top + line.y() + block.blockFormat().topMargin()
            count += begin >= -ROUNDING and begin + line.height() * 0.8 <= high + ROUNDING
        block = block.next()
    return count


def smallest_capital(screen: ScreenWidget) -> tuple[float, str]:
    """The height in pixels of the smallest capital H on the screen, and where it stands."""
    sizes = [
        (QFontMetricsF(words.font()).capHeight(), _name(words))
        for words in seen(screen, (Words, HintButton))
    ]
    for page in seen(screen, PageView):
        assert isinstance(page, PageView)
        sizes += [(QFontMetricsF(b.font).capHeight(), b.text[:20]) for b in page.blocks]
    return min(sizes)
