"""nDCG@5 and precision@3 against the definition, by hand and as rules; the file of judgements."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.evaluation.judging import (
    COLUMNS,
    Judgement,
    among_judged,
    by_chance,
    dcg,
    grades_of,
    ideal,
    interval,
    judge,
    parse_judgements,
    read_judgements,
    write_judgements,
)

NAMES = [f"poem-{number}" for number in range(12)]
GRADES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0, 1, 2]), min_size=1)
RANKINGS = st.permutations(NAMES)


def test_a_ranking_by_hand() -> None:
    grades = {"a": 2, "b": 1, "c": 0, "d": 1}
    found = judge(["b", "unknown", "a", "c", "d"], grades)
    gained = 1 / math.log2(2) + 3 / math.log2(4) + 1 / math.log2(6)
    most = 3 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert found.ndcg == pytest.approx(gained / most)
    assert found.precision == pytest.approx(2 / 3)
    assert found.unjudged == 1


def test_only_the_first_five_and_the_first_three_count() -> None:
    grades = {"f": 2, "d": 2}
    found = judge(["a", "b", "c", "x", "y", "f"], grades)
    assert (found.ndcg, found.precision, found.unjudged) == (0.0, 0.0, 5)
    assert judge(["a", "b", "c", "d"], grades).precision == 0.0


@settings(deadline=None)
@given(RANKINGS, GRADES)
def test_it_lies_between_nothing_and_all(ranking: list[str], grades: dict[str, int]) -> None:
    found = judge(ranking, grades)
    assert (found.ndcg is None) == (max(grades.values()) == 0)
    assert found.ndcg is None or 0.0 <= found.ndcg <= 1.0 + 1e-12
    assert 0.0 <= found.precision <= 1.0
    assert 0 <= found.unjudged <= 5


@settings(deadline=None)
@given(RANKINGS, GRADES)
def test_the_order_of_grades_is_the_best_there_is(
    ranking: list[str], grades: dict[str, int]
) -> None:
    best = judge(sorted(ranking, key=lambda poem: -grades.get(poem, -1)), grades)
    assert best.ndcg is None or best.ndcg == pytest.approx(1.0)
    found = judge(ranking, grades)
    assert found.ndcg is None or best.ndcg is None or found.ndcg <= best.ndcg + 1e-12


@settings(deadline=None)
@given(RANKINGS, GRADES, st.integers(0, 10))
def test_a_better_poem_further_up_is_never_worse(
    ranking: list[str], grades: dict[str, int], place: int
) -> None:
    swapped = [*ranking]
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    better = grades.get(swapped[place], 0) >= grades.get(ranking[place], 0)
    first, second = (ranking, swapped) if better else (swapped, ranking)
    worse, best = judge(first, grades), judge(second, grades)
    assert worse.ndcg is None or best.ndcg is None or worse.ndcg <= best.ndcg + 1e-12
    assert worse.precision <= best.precision


@settings(deadline=None)
@given(RANKINGS, GRADES)
def test_poems_of_one_grade_may_change_places(ranking: list[str], grades: dict[str, int]) -> None:
    renamed = [*ranking]
    same = [at for at, poem in enumerate(ranking) if grades.get(poem) == 1]
    for at, other in zip(same, same[1:] + same[:1], strict=True):
        renamed[at] = ranking[other]
    found, again = judge(ranking, grades), judge(renamed, grades)
    assert (found.ndcg, found.precision) == (again.ndcg, again.precision)


@settings(max_examples=25, deadline=None)  # each tries all orders of six or more
@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=5))
def test_chance_is_the_mean_over_all_orders(sample: list[int]) -> None:
    grades = {NAMES[at]: grade for at, grade in enumerate(sample)}
    # Where fewer than five are ranked, there are fewer places to gain anything.
    padded = {**grades, **dict.fromkeys(NAMES[len(sample) : 6], 0)}
    orders = [judge(order, padded) for order in itertools.permutations(padded)]
    found = by_chance(list(padded.values()), padded)
    assert found.precision == pytest.approx(fmean(one.precision for one in orders))
    if found.ndcg is None:
        assert ideal(padded) == 0
    else:
        assert found.ndcg == pytest.approx(fmean(one.ndcg or 0.0 for one in orders))


def test_among_the_judged_the_next_ones_move_up() -> None:
    grades = {"a": 0, "b": 2}
    assert among_judged(["x", "b", "y", "a"], grades) == ["b", "a"]
    assert judge(among_judged(["x", "b", "y", "a"], grades), grades).ndcg == 1.0


def test_a_poem_twice_is_no_ranking() -> None:
    with pytest.raises(ValueError, match="twice"):
        judge(["a", "a"], {"a": 1})


def test_the_gain_is_exponential() -> None:
    assert dcg([2]) == 3.0
    assert dcg([1]) == 1.0
    assert dcg([0, 0, 0, 0, 0, 2]) == 0.0


@settings(max_examples=25, deadline=None)  # each draws ten thousand times
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_the_interval_holds_the_mean_and_stays_within(values: list[float]) -> None:
    found = interval(values)
    assert found.mean == pytest.approx(fmean(values), abs=1e-9)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == interval(values), "the same each time"


def test_more_pictures_make_it_narrower() -> None:
    draw = np.random.default_rng(5)
    few, many = (interval(draw.normal(0, 1, count).tolist()) for count in (10, 300))
    assert many.high - many.low < (few.high - few.low) / 2


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="nothing"):
        interval([])
    with pytest.raises(ValueError, match="draw"):
        by_chance([], {"a": 1})


# --- the file ---------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)


@given(st.lists(st.builds(Judgement, WORDS, WORDS, st.sampled_from([0, 1, 2]), WORDS)))
def test_what_was_written_is_read(judgements: list[Judgement]) -> None:
    distinct = list({(one.painting, one.poem): one for one in judgements}.values())
    again = parse_judgements(write_judgements(distinct), "there")
    assert again == sorted(distinct, key=lambda one: (one.painting, one.poem))


def test_grades_by_painting() -> None:
    found = grades_of([Judgement("p", "a", 2, "x"), Judgement("p", "b", 0, "y")])
    assert found == {"p": {"a": 2, "b": 0}}


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("p,a,3,too much", "line 2: the grade is '3'"),
        ("p,a,,nothing", "line 2: the grade is ''"),
        ("p,a,1,", "line 2: painting, poem and reason must not be empty"),
        ("p,a,1", "line 2: 3 cells"),
        ("p,a,1,x\np,a,1,x", "line 3: a was judged for p already"),
    ],
)
def test_what_is_wrong_is_said_by_line(rows: str, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        parse_judgements(f"{','.join(COLUMNS)}\n{rows}\n", "there")


def test_no_heading_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the first line"):
        parse_judgements("p,a,1,x\n", "there")
    with pytest.raises(InputError, match="There is no file"):
        read_judgements(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_judgements(tmp_path / "bad.csv")
