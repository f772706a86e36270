"""Colours, letters and measures of every screen.

Colours: a `Palette` a scheme; every pair that stands on another is listed in `PAIRS`, with the
contrast that it must have, so that a test can compute them. Measures: letters are sized by what
the eye sees, 0.7 degrees for a capital H (EN 301 549, 5.1.4), from the screen's resolution and the
viewing distance in the settings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF

TEXT_CONTRAST = 7.0  # to 1, for everything that is read
OTHER_CONTRAST = 4.5  # to 1, for marks, rings, borders that mean something

CAP_DEGREES = 0.7  # what a capital H subtends
MM_PER_INCH = 25.4

# The first that is installed is taken. Debian: fonts-ebgaramond, fonts-sil-gentium, fonts-lato,
# fonts-open-sans; the first three under the SIL Open Font License, the last under Apache-2.0.
VERSE_FAMILIES = ("EB Garamond", "EB Garamond 12", "Gentium Plus", "Gentium", "DejaVu Serif")
TEXT_FAMILIES = ("Lato", "Open Sans", "DejaVu Sans")


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour scheme."""

    name: str
    wall: str  # behind everything
    panel: str  # buttons, the bar of keys
    mark: str  # behind the spoken line and the chosen painting
    text: str
    quiet: str  # labels, captions
    accent: str  # the bar at the spoken line, key caps
    ring: str  # around what has the focus


DARK = Palette(
    name="dark",
    wall="#15130f",
    panel="#242019",
    mark="#332c1f",
    text="#f5f0e6",
    quiet="#cfc6b6",
    accent="#e6b860",
    ring="#ffd98a",
)
LIGHT = Palette(
    name="light",
    wall="#f8f4eb",
    panel="#ece5d6",
    mark="#f0dfb8",
    text="#1d1a15",
    quiet="#4b4337",
    accent="#6f3b0b",
    ring="#0a4a86",
)
PALETTES = {palette.name: palette for palette in (DARK, LIGHT)}

# (what, on what, how much)
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "wall", TEXT_CONTRAST),
    ("text", "panel", TEXT_CONTRAST),
    ("text", "mark", TEXT_CONTRAST),
    ("quiet", "wall", TEXT_CONTRAST),
    ("quiet", "panel", TEXT_CONTRAST),
    ("quiet", "mark", TEXT_CONTRAST),
    ("accent", "wall", TEXT_CONTRAST),
    ("accent", "mark", OTHER_CONTRAST),
    ("accent", "panel", OTHER_CONTRAST),
    ("ring", "wall", OTHER_CONTRAST),
    ("ring", "panel", OTHER_CONTRAST),
    ("ring", "mark", OTHER_CONTRAST),
)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    seen = QColor(colour)
    return (
        0.2126 * _linear(seen.redF())
        + 0.7152 * _linear(seen.greenF())
        + 0.0722 * _linear(seen.blueF())
    )


def _linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return math.pow((channel + 0.055) / 1.055, 2.4)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Measures in logical pixels."""

    cap: float  # height of a capital H
    margin: int  # around a screen
    gap: int  # between things that belong together
    ring: int = 4  # the focus ring
    target: int = 44  # the least side of anything that can be pressed


def metrics_for(width: int, height: int, dots_per_inch: float, viewing_cm: int) -> Metrics:
    """Measures for a window of this size.

    A small screen close to a distant reader cannot hold letters of 0.7 degrees and five lines of
    verse; the lines win, so that a capital is never more than a twenty-first of the shorter side.
    Where there is more room than that asks for, letters grow with it.
    """
    dots = (
        dots_per_inch if 60 <= dots_per_inch <= 400 else 96.0
    )  # some screens lie about their size
    wanted = 2 * viewing_cm * 10 * math.tan(math.radians(CAP_DEGREES / 2)) / MM_PER_INCH * dots
    short = min(width, height)
    cap = max(12.0, min(max(wanted, short / 34), short / 21))
    return Metrics(cap=cap, margin=max(20, short // 18), gap=max(10, short // 54))


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a screen needs to know about looks."""

    palette: Palette
    metrics: Metrics
    verse_family: str
    text_family: str

    def verse(self, scale: float = 1.0, *, italic: bool = False) -> QFont:
        """Set type for verse and titles; at scale 1 a capital has the height of `metrics.cap`."""
        return _font(self.verse_family, self.metrics.cap * scale, italic=italic)

    def text(self, scale: float = 1.0, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Letters of the interface."""
        return _font(self.text_family, self.metrics.cap * scale, weight=weight)

    def colour(self, name: str) -> QColor:
        """A colour of the palette by the name of its field."""
        return QColor(getattr(self.palette, name))


def make_theme(
    name: str, *, width: int, height: int, dots_per_inch: float = 96.0, viewing_cm: int = 60
) -> Theme:
    """The theme for a window of this size; an unknown name gives the dark one."""
    return Theme(
        palette=PALETTES.get(name, DARK),
        metrics=metrics_for(width, height, dots_per_inch, viewing_cm),
        verse_family=_first_installed(VERSE_FAMILIES, "serif"),
        text_family=_first_installed(TEXT_FAMILIES, "sans-serif"),
    )


def _first_installed(families: tuple[str, ...], fallback: str) -> str:
    installed = set(QFontDatabase.families())
    return next((family for family in families if family in installed), fallback)


def _font(
    family: str,
    cap: float,
    *,
    italic: bool = False,
    weight: QFont.Weight = QFont.Weight.Normal,
) -> QFont:
    font = QFont(family)
    font.setItalic(italic)
    font.setWeight(weight)
    font.setPixelSize(100)
    ratio = QFontMetricsF(font).capHeight() / 100 or 0.7
    font.setPixelSize(max(12, math.ceil(cap / ratio)))
    return font
