"""Figures of rankings that are there: what they count, what they refuse, how they are shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.evaluation.judging import Interval, Judgement
from kiosk.judgements import methods
from kiosk.judgements.figures import CHANCE, Figures, Part, Row, as_markdown, as_text, compare

BUNDLE = {"name": "tiny", "version": "0", "fingerprint": "f"}
POEMS = [f"poem-{number}" for number in range(9)]
DRAWN = {"sea": POEMS[:4], "rose": POEMS[2:6]}
GRADES = {
    "sea": {name: at % 3 for at, name in enumerate(POEMS[:7])},
    "rose": {name: 2 - at % 3 for at, name in enumerate(POEMS[:8])},
}
JUDGEMENTS = [
    Judgement(painting, poem, grade, "why")
    for painting, grades in GRADES.items()
    for poem, grade in grades.items()
]
BEST = {
    painting: sorted(POEMS, key=lambda poem, grades=grades: -grades.get(poem, -1))
    for painting, grades in GRADES.items()
}
WORST = {painting: ranking[::-1] for painting, ranking in BEST.items()}
RANKINGS = {methods.PLAYED: BEST, methods.WORDS_READ: WORST, methods.PICTURE_READ: BEST}


def row(part: Part, name: str) -> Row:
    return next(one for one in part.methods if one.name == name)


def difference(part: Part, better: str, worse: str) -> Row:
    return next(one for one in part.differences if one.name == f"{better} − {worse}")


@pytest.fixture
def figures() -> Figures:
    return compare(JUDGEMENTS, DRAWN, RANKINGS, BUNDLE)


def test_the_best_order_has_all_and_the_worst_has_what_is_left(figures: Figures) -> None:
    assert (figures.paintings, figures.judgements, figures.without_fit) == (2, 15, 0)
    assert sum(figures.grades.values()) == 15
    best = row(figures.answers, methods.PLAYED)
    assert (best.ndcg.mean, best.precision.mean, best.unjudged) == (1.0, 1.0, 0)
    worst = row(figures.answers, methods.WORDS_READ)
    assert worst.unjudged == 3, "two poems were not judged for the sea, one for the rose"
    assert worst.ndcg.mean < 0.5
    assert row(figures.among_judged, methods.WORDS_READ).unjudged == 0


def test_chance_over_all_comes_from_the_drawn_poems(figures: Figures) -> None:
    fits = [grade > 0 for painting in DRAWN for grade in map(GRADES[painting].get, DRAWN[painting])]
    assert row(figures.answers, CHANCE).precision.mean == pytest.approx(sum(fits) / 8)
    # What was judged is richer than all poems, so chance among it would be no chance.
    assert [one.name for one in figures.among_judged.methods] == list(RANKINGS)


def test_differences_are_of_each_painting(figures: Figures) -> None:
    same = difference(figures.answers, methods.PLAYED, methods.PICTURE_READ)
    assert (same.ndcg.mean, same.ndcg.low, same.ndcg.high) == (0.0, 0.0, 0.0)
    better = difference(figures.answers, methods.PLAYED, methods.WORDS_READ)
    assert better.ndcg.low > 0


@settings(max_examples=20, deadline=None)  # each draws ten thousand times, often
@given(st.permutations(POEMS))
def test_one_reader_of_random_orders_never_beats_the_best(ranking: list[str]) -> None:
    rankings = {methods.PLAYED: BEST, methods.WORDS_READ: {"sea": ranking, "rose": ranking}}
    found = compare(JUDGEMENTS, DRAWN, rankings, BUNDLE)
    for part in (found.answers, found.among_judged):
        other = row(part, methods.WORDS_READ)
        assert 0.0 <= other.ndcg.mean <= row(part, methods.PLAYED).ndcg.mean + 1e-12


def test_a_painting_that_nothing_fits_has_no_ndcg() -> None:
    none = [replace(one, grade=0) if one.painting == "sea" else one for one in JUDGEMENTS]
    found = compare(none, DRAWN, RANKINGS, BUNDLE)
    assert found.without_fit == 1
    assert row(found.answers, methods.PLAYED).ndcg.mean == 1.0
    assert row(found.answers, methods.PLAYED).precision.mean == 0.5
    assert "1 paintings have no nDCG" in as_text(found)


def test_without_all_drawn_poems_there_is_no_chance() -> None:
    lost = [one for one in JUDGEMENTS if one.poem != POEMS[3]]
    with pytest.raises(InputError, match="2 of the drawn poems have not been judged"):
        compare(lost, DRAWN, RANKINGS, BUNDLE)
    with pytest.raises(InputError, match="No painting"):
        compare([], DRAWN, RANKINGS, BUNDLE)


def test_every_figure_is_shown(figures: Figures) -> None:
    told = json.loads(json.dumps(figures.to_json()))
    assert [one["name"] for one in told["answers"]["methods"]] == [CHANCE, *RANKINGS]
    for shown in (as_text(figures), as_markdown(figures)):
        assert "tiny 0, 2 paintings, 15 judgements by one reader" in shown
        for name in (CHANCE, *RANKINGS):
            assert name in shown
        assert "+0.000 (+0.000…+0.000)" in shown


def test_no_zero_is_shown_below_zero(figures: Figures) -> None:
    none = Interval(-1e-17, -0.25, 0.25)
    part = Part((), [Row("A − B", none, none)])
    for shown in (as_text, as_markdown):
        assert "+0.000 (−0.250…+0.250)" in shown(replace(figures, answers=part, among_judged=part))
