"""The judgements as they are shipped: well formed, complete, of poems and paintings there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.evaluation.judging import (
    Judgement,
    grades_of,
    ideal,
    read_judgements,
    write_judgements,
)
from kiosk.judgements.named import painting_names, poem_names
from kiosk.judgements.pools import (
    DRAWN,
    DRAWN_FILE,
    JUDGEMENTS_FILE,
    draw,
    read_drawn,
    write_drawn,
)

DATA = Path(__file__).resolve().parents[2] / "data"
HOME = DATA / "judgements"


@pytest.fixture(scope="module")
def judgements() -> list[Judgement]:
    return read_judgements(HOME / JUDGEMENTS_FILE)


def test_every_painting_and_every_poem_is_one_of_the_starter_collection(
    judgements: list[Judgement],
) -> None:
    assert {one.painting for one in judgements} == set(painting_names(DATA))
    assert {one.poem for one in judgements} <= set(poem_names(DATA))


def test_every_painting_has_its_drawn_poems_judged(judgements: list[Judgement]) -> None:
    drawn, grades = read_drawn(HOME / DRAWN_FILE), grades_of(judgements)
    assert set(drawn) == set(painting_names(DATA))
    for painting, poems in drawn.items():
        assert len(set(poems)) == DRAWN
        assert set(poems) <= set(poem_names(DATA))
        assert set(poems) <= set(grades[painting]), f"{painting}: not all drawn poems are judged"
        assert len(grades[painting]) > DRAWN, "and some that a method found"


def test_a_painting_has_poems_that_fit_and_poems_that_do_not(judgements: list[Judgement]) -> None:
    for painting, grades in grades_of(judgements).items():
        assert ideal(grades) > 0, f"nothing fits {painting}"
        assert 0 in grades.values(), f"everything fits {painting}"


def test_drawing_is_by_seed_alone() -> None:
    """A new painting draws from the poems of its day; those that were drawn stay as they are."""
    poems = poem_names(DATA)
    again = draw(["hokusai-great-wave"], poems)
    assert again == draw(["hokusai-great-wave"], poems[::-1])
    drawn = read_drawn(HOME / DRAWN_FILE)
    assert (HOME / DRAWN_FILE).read_text(encoding="utf-8") == write_drawn(drawn)


def test_the_file_is_in_its_own_order(judgements: list[Judgement]) -> None:
    text = (HOME / JUDGEMENTS_FILE).read_text(encoding="utf-8")
    assert text == write_judgements(judgements), "run `ekphrasis judge add` on any form to sort it"


def test_reasons_are_few_words(judgements: list[Judgement]) -> None:
    for one in judgements:
        assert 1 <= len(one.reason.split()) <= 25, one
