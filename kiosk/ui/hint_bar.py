"""The row of buttons at the foot of every screen: what each control does here.

The same actions as the keys, for a finger, a mouse, Tab, and a screen reader.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from kiosk.controls import Control
from kiosk.screens import Hint
from kiosk.ui.theme import Theme


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
        self.setFont(theme.text(0.8))
        self.setText(hint.label)
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
        height = max(least, round(measures.height() * 1.7))
        return QSize(max(least, cap + gap + label + 2 * side), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet slab; the ring shows where the focus is."""
        if self._theme is None:
            return
        theme, metrics = self._theme, self._theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("mark" if self.isDown() else "panel"))
        painter.drawRoundedRect(self.rect(), 6, 6)
        measures, cap, label = self._parts()
        gap = measures.height() // 2 if cap else 0
        left = (self.width() - cap - gap - label) // 2
        painter.setFont(self.font())
        if cap:
            box = QRect(left, 0, cap, round(measures.height() * 1.1))
            box.moveTop((self.height() - box.height()) // 2)
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._hint.cap)
        painter.setPen(theme.colour("text"))
        words = QRect(left + cap + gap, 0, label + 2, self.height())
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._hint.label
        )
        if self.hasFocus():
            half = metrics.ring // 2
            painter.setPen(QPen(theme.colour("ring"), metrics.ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(half, half, -half, -half), 6, 6)


class HintBar(QWidget):
    """The buttons, in one row where they fit, else without key caps, else in rows with them."""

    pressed = Signal(Control)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme: Theme | None = None
        self._hints: tuple[Hint, ...] = ()
        self._buttons: dict[Control, HintButton] = {}

    def set_theme(self, theme: Theme) -> None:
        """Size and colour the buttons anew."""
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

    def _place(self) -> None:
        """Rows of buttons; sets the bar's own height."""
        if self._theme is None or not self._hints:
            return
        gap = self._theme.metrics.gap
        buttons = self.buttons()
        for with_cap in (True, False, True):
            for button in buttons:
                button.with_cap = with_cap
            row = sum(b.sizeHint().width() for b in buttons) + gap * (len(buttons) - 1)
            if row <= self.width():
                break
        x = y = 0
        height = buttons[0].sizeHint().height()
        for button in buttons:
            size = button.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + height + gap
            button.setGeometry(x, y, min(size.width(), max(self.width(), 44)), height)
            button.update()
            x += size.width() + gap
        self.setFixedHeight(y + height)
