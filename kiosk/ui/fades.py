"""Where a page goes on beyond its edge, its letters fade instead of being cut."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QLinearGradient, QPainter
from PySide6.QtWidgets import QAbstractScrollArea

from kiosk.ui.theme import Theme


def paint_fades(
    painter: QPainter, area: QAbstractScrollArea, theme: Theme, *, above: bool = True
) -> None:
    """Paint the wall's colour over the edges beyond which there is more.

    `above` allows the upper edge, which needs none where it falls between two lines.
    """
    bar = area.verticalScrollBar()
    height, width = area.viewport().height(), area.viewport().width()
    depth = theme.metrics.cap * 0.9
    for hidden, edge, inner in (
        (above and bar.value() > bar.minimum(), 0.0, depth),
        (bar.value() < bar.maximum(), float(height), height - depth),
    ):
        if not hidden:
            continue
        gradient = QLinearGradient(0, edge, 0, inner)
        solid, clear = theme.colour("wall"), theme.colour("wall")
        clear.setAlpha(0)
        gradient.setColorAt(0, solid)
        gradient.setColorAt(1, clear)
        painter.fillRect(QRectF(0, min(edge, inner), width, depth), gradient)
