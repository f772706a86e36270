"""Letters that wrap, are never cut, and that a screen reader meets by name."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.ui.breaking import divided, shortened

WRAPPED = int(Qt.TextFlag.TextWordWrap)
LEAN_EMS = 0.08  # how far a slanted letter leans beyond its place
TAB_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
TALL = 100_000  # pixels; more than any column of words


class Words(QLabel):
    """A few words in one kind of letters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._full = ""
        self._most_lines = 0  # no limit
        self._top = self._centred = False
        self._set_at: dict[int, tuple[str, int]] = {}  # width -> the text as set, its height

    def look(self, font: QFont, colour: str) -> None:
        """Set letters and their colour."""
        if font != self.font():
            self.setFont(font)
            leaning = math.ceil(font.pixelSize() * LEAN_EMS) if font.italic() else 0
            self.setMargin(leaning)
            self._set_at.clear()
        palette = self.palette()
        if palette.color(QPalette.ColorRole.WindowText) != QColor(colour):
            palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
            self.setPalette(palette)
        self._set()

    def stand_in(self, edge: int) -> None:
        """Begin so many pixels further in, on the side on which words begin."""
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setContentsMargins(0 if mirrored else edge, 0, edge if mirrored else 0, 0)

    def tell(self, text: str) -> None:
        """Show these words, or give way when there are none."""
        if text != self._full:
            self._full = text
            self._set_at.clear()
            self.updateGeometry()
        self._set()
        if self.told != self.accessibleName():  # a screen reader tells of each setting
            self.setAccessibleName(self.told)
        self.setHidden(not text)

    def at_most(self, lines: int) -> None:
        """Leave words out at the end, so that there are at most so many lines; 0 is no limit.

        The accessible name keeps them all.
        """
        if lines != self._most_lines:
            self._most_lines = lines
            self._set_at.clear()
            self.updateGeometry()
            self._set()

    @property
    def full(self) -> str:
        """All the words, whether there is room for them or not."""
        return self._full

    @property
    def told(self) -> str:
        """What a screen reader calls them."""
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break long words for the new width."""
        super().resizeEvent(event)
        self._set()

    def changeEvent(self, event: QEvent) -> None:
        """Words stand where reading begins, whatever script a title is in."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def place(self, *, top: bool = False, centred: bool = False) -> None:
        """Where in their room the words stand."""
        self._top, self._centred = top, centred
        self._align()

    def _align(self) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        across = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        across |= Qt.AlignmentFlag.AlignAbsolute
        if self._centred:
            across = Qt.AlignmentFlag.AlignHCenter
        down = Qt.AlignmentFlag.AlignTop if self._top else Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(across | down)

    def minimumSizeHint(self) -> QSize:
        """Words take what width they are given."""
        return QSize(1, QFontMetrics(self.font()).height())

    def hasHeightForWidth(self) -> bool:
        """As all letters that wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What these words need at this width."""
        margins = self.contentsMargins()
        sides = margins.left() + margins.right() + 2 * self.margin()
        ends = margins.top() + margins.bottom() + 2 * self.margin()
        return self._set_in(max(1, width - sides))[1] + ends

    def _set(self) -> None:
        inner = self.contentsRect().width() - 2 * self.margin()
        text, _ = self._set_in(max(1, inner))
        if text != self.text():
            self.setText(text)

    def _set_in(self, width: int) -> tuple[str, int]:
        """The text as it is set in a column of this width, and how high it is."""
        known = self._set_at.get(width)
        if known is not None:
            return known
        measures = QFontMetrics(self.font())
        text = divided(self._full, width, measures.horizontalAdvance)
        if self._most_lines:
            one = self._height(text.replace("\n", " "), TALL)  # with what fallback fonts add
            most = one * self._most_lines + measures.leading()
            text = shortened(text, lambda some: self._height(some, width) <= most)
        self._set_at[width] = text, self._height(text, width)
        return self._set_at[width]

    def _height(self, text: str, width: int) -> int:
        room = QRect(0, 0, width, TALL)
        return QFontMetrics(self.font()).boundingRect(room, WRAPPED, text or " ").height()


class FirstWords(Words):
    """Words that one comes to: they have the focus on arriving, so that a screen reader tells them
    and what follows; a button would be told of in their place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._after = ""
        self.ringed = False  # for whoever moves by Tab; the screen around paints the ring

    def tell_first(self, text: str, after: str) -> None:
        """Show `text`; a screen reader tells `after` as well, which other labels show.

        In the name: of a label, Orca tells no description.
        """
        self._after = after
        self.tell(text)

    @property
    def told(self) -> str:
        """All that is to be heard on arriving."""
        return f"{self.full}. {self._after}" if self._after else self.full

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Somebody has come."""
        super().focusInEvent(event)
        self._ring(event.reason() in TAB_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring without the focus."""
        super().focusOutEvent(event)
        self._ring(False)

    def _ring(self, ringed: bool) -> None:
        self.ringed = ringed
        around: QWidget | None = self.parentWidget()
        if around is not None:
            around.update()
