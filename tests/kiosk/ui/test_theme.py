"""Contrast and size of letters, computed from what the screens really use."""

from __future__ import annotations

import dataclasses
import math

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from kiosk.ui.palettes import PAIRS, PALETTES, Palette, contrast
from kiosk.ui.theme import make_theme, metrics_for


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize(("what", "on", "least"), PAIRS)
def test_contrast(palette: Palette, what: str, on: str, least: float) -> None:
    assert contrast(getattr(palette, what), getattr(palette, on)) >= least


def test_contrast_agrees_with_the_known_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == pytest.approx(1.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_colour_of_a_palette_is_held_against_something() -> None:
    named = {name for what, on, _ in PAIRS for name in (what, on)}
    colours = {field.name for field in dataclasses.fields(Palette)} - {"name"}
    assert colours == named


@pytest.mark.parametrize(
    ("width", "height", "dots", "distance"),
    [(1280, 800, 96, 60), (1920, 1080, 92, 60), (1920, 1080, 92, 70), (3840, 2160, 163, 60)],
)
def test_a_capital_subtends_seven_tenths_of_a_degree(
    qtbot: QtBot, width: int, height: int, dots: float, distance: int
) -> None:
    theme = make_theme("dark", width=width, height=height, dots_per_inch=dots, viewing_cm=distance)
    for font in (theme.verse(), theme.text()):
        seen_mm = QFontMetricsF(font).capHeight() / dots * 25.4
        degrees = math.degrees(2 * math.atan(seen_mm / 2 / (distance * 10)))
        assert degrees >= 0.69


def test_a_small_screen_keeps_room_for_lines_and_a_lying_one_is_not_believed() -> None:
    assert metrics_for(1024, 600, 170, 60).cap <= 600 / 21
    assert metrics_for(1280, 800, 5000, 60) == metrics_for(1280, 800, 96, 60)
    assert metrics_for(1280, 800, 96, 60).ring >= 4
    assert metrics_for(1280, 800, 96, 60).target >= 44


def test_an_unknown_scheme_is_the_dark_one(qtbot: QtBot) -> None:
    assert make_theme("plaid", width=1280, height=800).palette is PALETTES["dark"]
