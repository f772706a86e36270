"""Letters and measures of every screen; the colours are in `kiosk.ui.palettes`.

Letters are sized by what the eye sees, 0.7 degrees for a capital H (EN 301 549, 5.1.4), from the
screen's resolution and the viewing distance in the settings, times what the visitor chose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from kiosk.ui.fonts import (
    TEXT_FALLBACKS,
    TEXT_FAMILIES,
    VERSE_FALLBACKS,
    VERSE_FAMILIES,
    choose_families,
    has_italics,
    sized,
)
from kiosk.ui.palettes import DARK, PALETTES, Palette
from kiosk.words.catalogue import is_right_to_left

CAP_DEGREES = 0.7  # what a capital H subtends
MM_PER_INCH = 25.4
LIKELY_DOTS = (60.0, 400.0)  # per inch; some screens lie about their size
TARGET_MM = 12.0  # the least side of anything that can be pressed
TARGET_PIXELS = 44


@dataclass(frozen=True, slots=True)
class Metrics:
    """Measures in logical pixels."""

    cap: float  # height of a capital H in verse, before the visitor's own factor
    least: float  # no letter is smaller: 0.7 degrees, or `cap` where the screen is too small
    margin: int  # around a screen
    gap: int  # between things that belong together
    ring: int = 4  # the focus ring
    target: int = TARGET_PIXELS  # the least side of anything that can be pressed


def metrics_for(width: int, height: int, dots_per_inch: float, viewing_cm: int) -> Metrics:
    """Measures for a window of this size.

    A small screen close to a distant reader cannot hold letters of 0.7 degrees and five lines of
    verse; the lines win, so that a capital is never more than a twenty-first of the shorter side.
    Where there is more room than that asks for, letters grow with it.
    """
    dots = dots_per_inch if LIKELY_DOTS[0] <= dots_per_inch <= LIKELY_DOTS[1] else 96.0
    wanted = 2 * viewing_cm * 10 * math.tan(math.radians(CAP_DEGREES / 2)) / MM_PER_INCH * dots
    short = min(width, height)
    cap = max(12.0, min(max(wanted, short / 34), short / 21))
    target = round(TARGET_MM / MM_PER_INCH * dots)
    return Metrics(
        cap=cap,
        least=min(wanted, cap),
        margin=max(20, short // 18) if short > 700 else max(12, short // 30),
        gap=max(8, short // 54),
        target=max(TARGET_PIXELS, min(target, short // 9)),
    )


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a screen needs to know about looks."""

    palette: Palette
    metrics: Metrics
    verse_families: tuple[str, ...]
    text_families: tuple[str, ...]
    language: str = "en"  # BCP 47, of the kiosk's own words
    factor: float = 1.0  # on all letters, as the visitor chose, or less where there is no room

    def verse(self, scale: float = 1.0, *, italic: bool = False, language: str = "") -> QFont:
        """Set type for verse and titles, upright where `language` knows no italics."""
        slanted = italic and has_italics(language or self.language)
        return sized(self.verse_families, self._cap(scale), italic=slanted)

    def text(self, scale: float = 1.0, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Letters of the interface."""
        return sized(self.text_families, self._cap(scale), weight=weight)

    def _cap(self, scale: float) -> float:
        """A capital's height; what is quiet is smaller, but never too small to be read."""
        return max(self.metrics.cap * scale * self.factor, self.metrics.least * min(1, self.factor))

    @property
    def bar(self) -> int:
        """How wide the bar beside the spoken line and the chosen row is."""
        return max(6, round(self.metrics.cap * 0.22))

    @property
    def direction(self) -> Qt.LayoutDirection:
        """Which way the kiosk's own words run."""
        if is_right_to_left(self.language):
            return Qt.LayoutDirection.RightToLeft
        return Qt.LayoutDirection.LeftToRight

    def at(self, factor: float) -> Theme:
        """The same with letters of another size."""
        return self if factor == self.factor else replace(self, factor=factor)

    def colour(self, name: str) -> QColor:
        """A colour of the palette by the name of its field."""
        return QColor(getattr(self.palette, name))


def make_theme(
    name: str,
    *,
    width: int,
    height: int,
    dots_per_inch: float = 96.0,
    viewing_cm: int = 60,
    text_size: float = 1.0,
    language: str = "en",
) -> Theme:
    """The theme for a window of this size; an unknown name gives the dark one."""
    return Theme(
        palette=PALETTES.get(name, DARK),
        metrics=metrics_for(width, height, dots_per_inch, viewing_cm),
        verse_families=choose_families(VERSE_FAMILIES, VERSE_FALLBACKS),
        text_families=choose_families(TEXT_FAMILIES, TEXT_FALLBACKS),
        language=language,
        factor=text_size,
    )
