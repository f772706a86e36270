"""Both losses against sums that anybody can follow."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from engine.training.losses import multiple_negatives, one_positive, ranked_first

seeds = st.integers(0, 10_000)


@given(seed=seeds, count=st.integers(1, 6), scale=st.floats(0.5, 40))
def test_multiple_negatives_is_the_mean_of_both_ways(seed: int, count: int, scale: float) -> None:
    draw = torch.Generator().manual_seed(seed)
    queries, passages = functional.normalize(
        torch.randn(2, count, 5, generator=draw, dtype=torch.float64), dim=-1
    )
    total = 0.0
    for one, other in ((queries, passages), (passages, queries)):
        for i in range(count):
            each = [math.exp(scale * float(one[i] @ other[j])) for j in range(count)]
            total -= math.log(each[i] / sum(each))
    assert float(multiple_negatives(queries, passages, scale)) == pytest.approx(
        total / (2 * count), rel=1e-6, abs=1e-9
    )


def test_the_same_text_is_no_negative() -> None:
    vectors = functional.normalize(torch.tensor([[1.0, 0.1], [1.0, 0.1], [0.0, 1.0]]), dim=-1)
    same = torch.tensor([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=torch.bool)
    with_mask = multiple_negatives(vectors, vectors, 20.0, same)
    without = multiple_negatives(vectors, vectors, 20.0)
    assert float(with_mask) < 0.01 < float(without)


@given(seed=seeds, count=st.integers(1, 5), wrong=st.integers(1, 4))
def test_one_positive_is_binary_cross_entropy_with_equal_halves(
    seed: int, count: int, wrong: int
) -> None:
    draw = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, 1 + wrong, generator=draw, dtype=torch.float64) * 3
    total = 0.0
    for row in logits.tolist():
        right, *others = [1 / (1 + math.exp(-value)) for value in row]
        total -= (math.log(right) + sum(math.log(1 - other) for other in others) / wrong) / 2
    assert float(one_positive(logits)) == pytest.approx(total / count, rel=1e-6)


@given(seed=seeds)
def test_ranked_first_is_the_log_share_of_the_right_one(seed: int) -> None:
    logits = torch.randn(3, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    share = [math.exp(row[0]) / sum(map(math.exp, row)) for row in logits.tolist()]
    expected = -sum(map(math.log, share)) / 3
    assert float(ranked_first(logits)) == pytest.approx(expected, rel=1e-6)


def test_a_better_answer_costs_less() -> None:
    good, bad = torch.tensor([[3.0, -2.0, -2.0]]), torch.tensor([[-2.0, 3.0, -2.0]])
    assert one_positive(good) < one_positive(bad)
    assert ranked_first(good) < ranked_first(bad)
