"""Ranks and figures against a naive reference on random matrices with ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.ranking import (
    Pair,
    Scored,
    best,
    evaluate,
    reordered_ranks,
    score_pairs,
)
from engine.model.encoder import Encoder
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from tests.fakes import WordLengthEncoder


@st.composite
def matrices(draw: st.DrawFn) -> Scored:
    """Few distinct values, so that ties are everywhere."""
    queries, texts = draw(st.integers(1, 6)), draw(st.integers(1, 9))
    value = st.sampled_from([-0.5, 0.0, 0.25, 0.5, 0.9])
    rows = st.lists(st.lists(value, min_size=texts, max_size=texts), min_size=queries)
    similarities = np.array(draw(rows.map(lambda given: given[:queries])), dtype=np.float64)
    read = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=texts, max_size=texts)
    scores = np.array([draw(read) for _ in range(queries)], dtype=np.float64)
    target = [draw(st.integers(0, texts - 1)) for _ in range(queries)]
    return Scored(similarities, scores, np.array(target, dtype=np.int64))


def naive_rank(row: list[float], target: int) -> int:
    """Put the candidates in order by hand, the right one last among its equals."""
    order = sorted(range(len(row)), key=lambda at: (-row[at], at == target))
    return order.index(target) + 1


def naive_reordered(similar: list[float], scores: list[float], target: int, count: int) -> int:
    order = sorted(range(len(similar)), key=lambda at: (-similar[at], at == target))
    head = sorted(order[:count], key=lambda at: (-scores[at], at == target))
    return [*head, *order[count:]].index(target) + 1


@given(matrices(), st.integers(0, 10))
def test_against_the_naive_reference(scored: Scored, count: int) -> None:
    ranks = ranks_from_scores(scored.similarities, scored.target)
    rows = list(
        zip(scored.similarities.tolist(), scored.scores.tolist(), scored.target, strict=True)
    )
    assert ranks.tolist() == [naive_rank(row, target) for row, _, target in rows]
    reordered = reordered_ranks(scored, count)
    assert reordered.tolist() == [
        naive_reordered(row, scores, target, count) for row, scores, target in rows
    ]
    everything = reordered_ranks(scored, None)
    assert everything.tolist() == [naive_rank(scores, target) for _, scores, target in rows]
    figures = retrieval_metrics(ranks, (1, 5))
    assert figures["R@1"] == pytest.approx(100 * sum(rank == 1 for rank in ranks) / len(ranks))
    assert figures["R@5"] == pytest.approx(100 * sum(rank <= 5 for rank in ranks) / len(ranks))
    assert figures["mean_rank"] == pytest.approx(sum(ranks) / len(ranks))
    middle = sorted(ranks)
    half = len(middle) // 2
    wanted = middle[half] if len(middle) % 2 else (middle[half - 1] + middle[half]) / 2
    assert figures["median_rank"] == wanted


def test_the_target_is_last_among_its_equals() -> None:
    assert best(np.zeros(4), 2, 0).tolist() == [1, 2]


def test_over_all_and_over_the_best_few(encoder: Encoder) -> None:
    pairs = [
        Pair("the sea is dark", query="sea and boats"),
        Pair("a dog runs in snow", query="dog"),
        Pair("gold sun", query="sun sets"),
        Pair("gold sun", query="sun sets"),
    ]
    scored = score_pairs(encoder, pairs)
    assert scored.scores.shape == (4, 3)
    assert not np.isnan(scored.scores).any()
    few = score_pairs(encoder, pairs, rerank=1)
    assert np.isnan(few.scores).sum() == 4 * 2
    for count in (1, 2, 3):
        told = evaluate(encoder, pairs, ks=(1, 2), rerank=count)
        wanted = retrieval_metrics(reordered_ranks(scored, count), (1, 2))
        assert told.reranked == pytest.approx(wanted)


def test_a_bundle_without_a_cross_encoder() -> None:
    encoder = WordLengthEncoder(reranks=False)
    told = evaluate(encoder, [Pair("a a", query="x"), Pair("ccc", query="xxx")], ks=(1,))
    assert told.reranked == told.bi_encoder
    assert encoder.read == []


def test_a_poem_is_as_good_as_its_best_passage(encoder: Encoder) -> None:
    pairs = [
        Pair("the sea\n\na dog runs", query="a dog in snow"),
        Pair("gold sun", query="sun"),
        Pair("moon\n\nnight\n\nboats", query="boats at night"),
    ]

    def cut(text: str) -> list[str]:
        return text.split("\n\n")

    parts = [cut(pair.text) for pair in pairs]
    scored = score_pairs(encoder, pairs, cut=cut)
    for row, pair in enumerate(pairs):
        query = encoder.words(pair.query or "")
        for column, one in enumerate(parts):
            near = (encoder.passages(one) @ query.vector).max()
            assert scored.similarities[row, column] == pytest.approx(near, abs=1e-5)
            read = encoder.score(query, one).max()
            assert scored.scores[row, column] == pytest.approx(read, abs=1e-5)
    few = score_pairs(encoder, pairs, rerank=2, cut=cut)
    kept = ~np.isnan(few.scores)
    assert kept.sum(axis=1).tolist() == [2, 2, 2]
    assert np.allclose(few.scores[kept], scored.scores[kept], atol=1e-5)
