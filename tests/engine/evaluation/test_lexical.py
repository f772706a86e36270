"""BM25: words found again, rare ones first."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation.lexical import K1, B, Bm25

TEXTS = ["The sea, the sea and the ships", "A rose in the garden", "Nothing of the kind"]


def test_by_hand() -> None:
    found = Bm25(TEXTS).scores("ships")
    lengths = [7, 5, 4]
    norm = K1 * (1 - B + B * lengths[0] / (sum(lengths) / 3))
    rare = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert found.tolist() == pytest.approx([rare * (K1 + 1) / (1 + norm), 0.0, 0.0])


def test_a_rare_word_counts_more_than_one_that_all_have() -> None:
    found = Bm25(TEXTS).scores("the rose")
    assert found.argmax() == 1
    assert found[1] > 3 * found[2]


def test_plurals_capitals_and_punctuation_make_no_difference() -> None:
    texts = Bm25(TEXTS)
    assert texts.scores("SHIP!").tolist() == texts.scores("ships").tolist()
    assert texts.scores("ship ship ship").tolist() == texts.scores("ship").tolist()


@settings(deadline=None)
@given(st.lists(st.text("ab ", max_size=9), max_size=5), st.text("abc ", max_size=9))
def test_never_negative_and_nothing_for_nothing(texts: list[str], query: str) -> None:
    found = Bm25(texts).scores(query)
    assert found.shape == (len(texts),)
    assert (found >= 0).all()
    for text, score in zip(texts, found, strict=True):
        assert (score > 0) == bool(set(text.split()) & set(query.split()))
