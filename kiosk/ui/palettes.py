"""Colour schemes, and the contrast that each pair in them must have.

A `Palette` a scheme; every pair that stands on another is listed in `PAIRS`, so that a test can
compute them. Another test reads the colours back from painted screens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtGui import QColor

TEXT_CONTRAST = 7.0  # to 1, for everything that is read
OTHER_CONTRAST = 4.5  # to 1, for marks, rings, borders that mean something


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour scheme."""

    name: str
    wall: str  # behind everything
    panel: str  # buttons, the bar of keys
    mark: str  # behind the spoken line and the chosen row
    text: str
    quiet: str  # labels, captions, the edge of a button
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
YELLOW = Palette(  # on black, nothing between the two: for those who see only strong contrast
    name="yellow",
    wall="#000000",
    panel="#000000",
    mark="#3a3200",
    text="#ffee00",
    quiet="#fff7a8",
    accent="#ffffff",
    ring="#ffffff",
)
CALM = Palette(  # little glare, no pure white, one family of blue-greens
    name="calm",
    wall="#1d2a33",
    panel="#25353f",
    mark="#2c404b",
    text="#e9e6da",
    quiet="#d3d6cb",
    accent="#a9d3c5",
    ring="#cbe8dc",
)
PALETTES = {palette.name: palette for palette in (DARK, LIGHT, YELLOW, CALM)}

# (what, on what, how much)
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "wall", TEXT_CONTRAST),
    ("text", "panel", TEXT_CONTRAST),
    ("text", "mark", TEXT_CONTRAST),
    ("quiet", "wall", TEXT_CONTRAST),
    ("quiet", "panel", TEXT_CONTRAST),
    ("quiet", "mark", TEXT_CONTRAST),
    ("accent", "wall", TEXT_CONTRAST),
    ("accent", "panel", TEXT_CONTRAST),  # the letters on key caps
    ("accent", "mark", OTHER_CONTRAST),
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
