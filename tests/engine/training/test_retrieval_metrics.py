"""Ranks and retrieval figures against a version that anybody can check by hand."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.metrics import ranks_from_scores, retrieval_metrics


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], list[int]]:
    queries = draw(st.integers(1, 6))
    candidates = draw(st.integers(1, 8))
    score = st.sampled_from([-1.0, -0.5, 0.0, 0.25, 0.25, 1.0])  # few values, so ties are common
    rows = st.lists(score, min_size=candidates, max_size=candidates)
    scores = draw(st.lists(rows, min_size=queries, max_size=queries))
    column = st.integers(0, candidates - 1)
    return scores, draw(st.lists(column, min_size=queries, max_size=queries))


def naive_rank(row: list[float], target: int) -> int:
    worst_first = sorted(range(len(row)), key=lambda at: (-row[at], at == target))
    return worst_first.index(target) + 1


@given(tables())
def test_ranks_equal_a_sort_that_puts_the_target_last_among_its_equals(
    case: tuple[list[list[float]], list[int]],
) -> None:
    scores, target = case
    expected = [naive_rank(row, at) for row, at in zip(scores, target, strict=True)]
    assert ranks_from_scores(scores, target).tolist() == expected


@given(st.lists(st.integers(1, 40), min_size=1), st.lists(st.integers(1, 50), max_size=4))
def test_figures_equal_a_naive_count(ranks: list[int], ks: list[int]) -> None:
    figures = retrieval_metrics(ranks, ks)
    for k in ks:
        hits = sum(1 for rank in ranks if rank <= k)
        assert figures[f"R@{k}"] == pytest.approx(100 * hits / len(ranks))
    middle = sorted(ranks)
    half = len(ranks) // 2
    median = middle[half] if len(ranks) % 2 else (middle[half - 1] + middle[half]) / 2
    assert figures["mean_rank"] == pytest.approx(sum(ranks) / len(ranks))
    assert figures["median_rank"] == pytest.approx(median)


def test_a_model_that_cannot_tell_earns_the_last_place() -> None:
    assert ranks_from_scores(np.zeros((3, 5)), [0, 2, 4]).tolist() == [5, 5, 5]


def test_a_score_that_is_no_number_is_the_worst() -> None:
    assert ranks_from_scores([[float("nan"), -3.0, 2.0]], [0]).tolist() == [3]
    assert ranks_from_scores([[float("nan"), -3.0, 2.0]], [1]).tolist() == [2]


@pytest.mark.parametrize(
    ("scores", "target"),
    [([0.1, 0.2], [0]), ([[0.1, 0.2]], [0, 1]), ([[0.1, 0.2]], [2]), ([[0.1, 0.2]], [-1])],
)
def test_shapes_that_do_not_agree_are_refused(scores: object, target: list[int]) -> None:
    with pytest.raises(ValueError, match=r"belong together|outside"):
        ranks_from_scores(scores, target)  # type: ignore[arg-type]


def test_no_ranks_are_refused() -> None:
    with pytest.raises(ValueError, match="no ranks"):
        retrieval_metrics([], [1])


def test_the_metrics_do_not_load_torch() -> None:
    code = "import sys, engine.training.metrics; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
