"""The row of buttons at the foot of every screen: what each control does here.

The same actions as the keys, for a finger, a mouse, Tab, and a screen reader.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QWidget

from kiosk.controls import Control
from kiosk.screens import Hint
from kiosk.ui.theme import Theme

LETTERS = 0.8  # of the letters of verse, as far as that can be read
HEIGHT = 1.5  # of a button, in lines
EDGE = 1.5  # pixels, around a button
ROUND = 7.0  # pixels, of a button's corners


class HintButton(QPushButton):
    """One control: the key's cap, and what it does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self._hint = Hint(Control.HELP, "", "", "")
        self.with_cap = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a finger does not take Enter away

    @property
    def control(self) -> Control:
        """What it does."""
        return self._hint.control

    def set_hint(self, hint: Hint, theme: Theme) -> None:
        """Become this control."""
        self._hint, self._theme = hint, theme
        self.setFont(theme.text(LETTERS))
        if (hint.label, hint.sentence) != (self.accessibleName(), self.accessibleDescription()):
            self.setText(hint.label)  # each setting is an event that a screen reader works through
            self.setAccessibleName(hint.label)
            self.setAccessibleDescription(hint.sentence)

    def _parts(self) -> tuple[QFontMetrics, int, int]:
        """The font's measures, the width of the cap (0 without), the width of the label."""
        measures = QFontMetrics(self.font())
        cap = 0
        if self.with_cap:
            cap = max(measures.horizontalAdvance(self._hint.cap), measures.height() // 2)
            cap += measures.height() // 2
        return measures, cap, measures.horizontalAdvance(self._hint.label)

    def sizeHint(self) -> QSize:
        """Room for cap and label, the ring, and a finger."""
        if self._theme is None:
            return super().sizeHint()
        measures, cap, label = self._parts()
        side = measures.height() // 2
        gap = side if cap else 0
        least = self._theme.metrics.target
        height = max(least, round(measures.height() * HEIGHT))
        return QSize(max(least, cap + gap + label + 2 * side), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet slab with an edge; the ring shows where the focus is."""
        if self._theme is None:
            return
        theme, metrics = self._theme, self._theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("quiet"), EDGE))
        painter.setBrush(theme.colour("mark" if self.isDown() else "panel"))
        half = EDGE / 2
        slab = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(slab, ROUND, ROUND)
        measures, cap, label = self._parts()
        gap = measures.height() // 2 if cap else 0
        left = (self.width() - cap - gap - label) // 2
        painter.setFont(self.font())
        if cap:
            box = self._mirrored(QRect(left, 0, cap, round(measures.height() * 1.1)))
            box.moveTop((self.height() - box.height()) // 2)
            painter.setPen(QPen(theme.colour("accent"), EDGE))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._hint.cap)
        painter.setPen(theme.colour("text"))
        words = self._mirrored(QRect(left + cap + gap, 0, label + 2, self.height()))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._hint.label)
        if self.hasFocus():
            ring = metrics.ring / 2
            painter.setPen(QPen(theme.colour("ring"), metrics.ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            around = QRectF(self.rect()).adjusted(ring, ring, -ring, -ring)
            painter.drawRoundedRect(around, ROUND, ROUND)

    def _mirrored(self, rect: QRect) -> QRect:
        """Where this stands when the words run from the right."""
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)


class HintBar(QWidget):
    """The buttons, in one row where they fit, else without key caps, else in several rows."""

    pressed = Signal(Control)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme: Theme | None = None
        self._hints: tuple[Hint, ...] = ()
        self._buttons: dict[Control, HintButton] = {}

    def set_theme(self, theme: Theme) -> None:
        """Size and colour the buttons anew."""
        if theme != self._theme:
            self._theme = theme
            self._rebuild()

    def set_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show these controls; buttons that stay keep the focus."""
        self._hints = tuple(hint for hint in hints if hint.label)
        self._rebuild()

    def buttons(self) -> list[HintButton]:
        """The buttons, in the order in which they stand."""
        return [self._buttons[hint.control] for hint in self._hints]

    def _rebuild(self) -> None:
        if self._theme is None:
            return
        wanted = {hint.control for hint in self._hints}
        for control in set(self._buttons) - wanted:
            self._buttons.pop(control).deleteLater()
        previous: QWidget | None = None
        for hint in self._hints:
            button = self._buttons.get(hint.control)
            if button is None:
                button = HintButton(self)
                button.clicked.connect(lambda _=False, c=hint.control: self.pressed.emit(c))
                self._buttons[hint.control] = button
                button.show()
            button.set_hint(hint, self._theme)
            if previous is not None:
                QWidget.setTabOrder(previous, button)
            previous = button
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the buttons for the new width."""
        self._place()

    def height_at(self, width: int) -> int:
        """How high the bar is when it is so wide."""
        _, height = self._rows(width)
        return height

    def _place(self) -> None:
        """Rows of buttons; sets the bar's own height."""
        if self._theme is None or not self._hints:
            return
        places, height = self._rows(self.width())
        for button, place in zip(self.buttons(), places, strict=True):
            button.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
            button.update()
        if height != self.height() or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def _rows(self, width: int) -> tuple[list[QRect], int]:
        """Where each button stands, and how high all of them are together."""
        if self._theme is None or not self._hints:
            return [], 0
        gap = self._theme.metrics.gap
        buttons = self.buttons()
        for with_cap in (True, False):
            for button in buttons:
                button.with_cap = with_cap
            row = sum(b.sizeHint().width() for b in buttons) + gap * (len(buttons) - 1)
            if row <= width:
                break
        x = y = 0
        height = buttons[0].sizeHint().height()
        places = []
        for button in buttons:
            wide = min(button.sizeHint().width(), max(width, self._theme.metrics.target))
            if x and x + wide > width:
                x, y = 0, y + height + gap
            places.append(QRect(x, y, wide, height))
            x += wide + gap
        return places, y + height
