"""Every screen at every size of the house: nothing cut, nothing overlapping, letters large enough.

The fast part holds usual words at every size, from both sides, at both ends of the text sizes, and
the longest words at the smallest screens; the rest is slow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.preferences import TEXT_SIZES
from kiosk.screens import ResultScreen, Screen
from kiosk.ui.palettes import PALETTES
from kiosk.ui.result import ResultWidget
from kiosk.ui.window import SCREENS, KioskWindow
from tests.kiosk.ui.checking import faults, lines_in_view, smallest_capital
from tests.kiosk.ui.models import (
    GERMAN,
    KOREAN_TITLE,
    hints,
    long_words,
    paint_picture,
    poem,
    usual,
    work,
)

SIZES = [(1024, 600), (1280, 800), (800, 1280), (1920, 1080), (3840, 2160)]
SMALL = SIZES[:1] + SIZES[2:3]
LANGUAGES = ["en", "ar-XB"]
EXTREMES = [TEXT_SIZES[0], TEXT_SIZES[-1]]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return paint_picture(tmp_path / "picture.png")


def shown(
    qtbot: QtBot, width: int, height: int, screens: dict[str, Screen], *looks: object
) -> Iterator[tuple[str, KioskWindow]]:
    """A window of this size with each screen in turn, laid out to the end."""
    window = KioskWindow()
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    scheme, factor, language = looks or ("dark", 1.0, "en")
    window.set_appearance(str(scheme), float(str(factor)), str(language))
    for name, model in screens.items():
        window.show_screen(model)
        for _ in range(3):
            QApplication.sendPostedEvents()
        yield name, window


def look(
    qtbot: QtBot, width: int, height: int, screens: dict[str, Screen], *looks: object
) -> list[str]:
    return [
        f"{name}: {fault}"
        for name, window in shown(qtbot, width, height, screens, *looks)
        for fault in faults(window, width, height)
    ]


def test_every_kind_of_screen_is_looked_at(picture: Path) -> None:
    assert {type(model) for model in usual(picture).values()} == {kind for kind, _ in SCREENS}
    assert {type(model) for model in long_words(picture, GERMAN).values()} == {
        kind for kind, _ in SCREENS
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("factor", EXTREMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_usual_words_are_never_cut_and_never_overlap(
    qtbot: QtBot, picture: Path, width: int, height: int, factor: float, language: str
) -> None:
    assert look(qtbot, width, height, usual(picture), "dark", factor, language) == []


@pytest.mark.parametrize("title", [GERMAN, KOREAN_TITLE], ids=["german", "korean"])
@pytest.mark.parametrize("factor", EXTREMES)
@pytest.mark.parametrize(("width", "height"), SMALL)
def test_the_longest_words_are_divided_and_never_cut(
    qtbot: QtBot, picture: Path, width: int, height: int, factor: float, title: str
) -> None:
    assert look(qtbot, width, height, long_words(picture, title), "dark", factor, "en") == []


@pytest.mark.parametrize("scheme", PALETTES)
def test_nothing_is_cut_in_any_scheme(qtbot: QtBot, picture: Path, scheme: str) -> None:
    assert look(qtbot, 1280, 800, usual(picture), scheme, 1.3, "en") == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("factor", TEXT_SIZES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_at_any_size_from_either_side(
    qtbot: QtBot, picture: Path, width: int, height: int, factor: float, language: str
) -> None:
    for screens in (
        usual(picture),
        long_words(picture, GERMAN),
        long_words(picture, KOREAN_TITLE),
    ):
        assert look(qtbot, width, height, screens, "dark", factor, language) == []


@pytest.mark.parametrize(("factor", "least"), [(1.0, 5), (TEXT_SIZES[-1], 2)])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_lines_of_verse_in_view(
    qtbot: QtBot, picture: Path, width: int, height: int, factor: float, least: int
) -> None:
    """Five at the default size and two at the largest, wherever in the poem one is."""
    lines = tuple(f"Of arms {n}" for n in range(30))
    for spoken in (None, 0, 12, 29):
        model = ResultScreen(
            work(picture), poem(lines=lines), lines, spoken, "Poem 1 of 5", "", hints()
        )
        for _, window in shown(qtbot, width, height, {"result": model}, "dark", factor, "en"):
            screen = window.screen_widget
            assert isinstance(screen, ResultWidget)
            assert lines_in_view(screen.verse, 2) >= least, (spoken, factor)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_letter_is_large_enough_for_the_viewing_distance(
    qtbot: QtBot, picture: Path, width: int, height: int
) -> None:
    """A capital H of 0.7 degrees at 60 cm, or, where the screen is too low for five such lines of
    verse, a twenty-first of the height, within a pixel."""
    for name, window in shown(qtbot, width, height, usual(picture)):
        dots = window.screen().physicalDotsPerInch()
        wanted = 2 * 600 * math.tan(math.radians(0.35)) / 25.4 * dots
        least, where = smallest_capital(window.screen_widget)
        assert least >= min(wanted, min(width, height) / 21) - 1, (name, where)


def test_letters_grow_as_the_visitor_asks(qtbot: QtBot, picture: Path) -> None:
    sizes = []
    for factor in TEXT_SIZES:
        for _, window in shown(qtbot, 1280, 800, usual(picture), "dark", factor, "en"):
            screen = window.screen_widget
            if isinstance(screen, ResultWidget):
                sizes.append(screen.verse.blocks[-1].font.pixelSize())
    for factor, size in zip(TEXT_SIZES, sizes, strict=True):
        assert size == pytest.approx(sizes[0] * factor, rel=0.03)
