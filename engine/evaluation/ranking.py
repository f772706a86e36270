"""Ranks of right answers: R@K, mean and median rank.

Each pair is a picture, or words that stand in for one, and the text that belongs to it. Every
distinct text is a candidate for every query. Ranks are reported for the bi-encoder alone and
after the cross-encoder has reordered its best N; the rest follow in the bi-encoder's order. Ties
count against us.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.picture import load_picture
from engine.training.metrics import Ranks, ranks_from_scores, retrieval_metrics
from engine.types import QueryEncoder

BATCH = 64
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Cut = Callable[[str], Sequence[str]]  # a text into its passages


def whole(text: str) -> Sequence[str]:
    """No cut: the text is its own one passage."""
    return [text]


@dataclass(frozen=True, slots=True)
class Pair:
    """One question and the text that answers it: exactly one of `image` and `query` is there."""

    text: str
    image: Path | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one run; `bi_encoder` and `reranked` as `retrieval_metrics` gives them."""

    pairs: int
    candidates: int
    bi_encoder: Mapping[str, float]
    reranked: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Every query against every candidate. What was not read again has no score (NaN)."""

    similarities: Floats  # [queries, candidates], cosines
    scores: Floats  # [queries, candidates], 0..1 or NaN
    target: Integers  # [queries], the column of the right answer


def evaluate(
    encoder: QueryEncoder,
    pairs: Sequence[Pair],
    *,
    ks: Sequence[int] = (1, 5, 10, 20),
    rerank: int = 50,
    progress: Callable[[int], None] | None = None,
) -> Evaluation:
    """Rank every distinct text for every pair's query.

    `progress` is told each number of queries done. Raises `PictureError` for a picture that
    cannot be read: a figure over fewer pairs than were asked for would be another figure.
    """
    scored = score_pairs(encoder, pairs, rerank=rerank, progress=progress)
    first = ranks_from_scores(scored.similarities, scored.target)
    return Evaluation(
        pairs=len(pairs),
        candidates=scored.similarities.shape[1],
        bi_encoder=retrieval_metrics(first, ks),
        reranked=retrieval_metrics(reordered_ranks(scored, rerank), ks),
    )


def score_pairs(
    encoder: QueryEncoder,
    pairs: Sequence[Pair],
    *,
    rerank: int | None = None,
    cut: Cut = whole,
    progress: Callable[[int], None] | None = None,
) -> Scored:
    """Similarities of all, and the cross-encoder's scores of each query's best `rerank`, or all.

    Every text is read once and every picture once, however often they are scored. As published, a
    text is one passage, and what exceeds the towers' context is not read; with `cut` a text is as
    near, and scores as high, as the best of its passages.
    """
    texts, target = candidates([pair.text for pair in pairs])
    parts = [list(cut(text)) or [text] for text in texts]
    first = np.cumsum([0, *(len(one) for one in parts)])
    every = [part for one in parts for part in one]
    vectors = encoder.passages(every, batch_size=BATCH)
    read = encoder.tokens(every, batch_size=BATCH) if encoder.reranks else []
    wanted = len(texts) if rerank is None else min(rerank, len(texts))
    if not encoder.reranks:
        wanted = 0
    similarities = np.empty((len(pairs), len(texts)), dtype=np.float64)
    scores = np.full_like(similarities, np.nan)
    encoded: dict[Path | str, Any] = {}
    for row, pair in enumerate(pairs):
        asked = pair.image if pair.image is not None else pair.query or ""
        if asked not in encoded:
            encoded[asked] = _encode(encoder, pair)
        near = vectors @ encoded[asked].vector
        similarities[row] = np.maximum.reduceat(near, first[:-1])
        top = best(similarities[row], wanted, int(target[row]))
        if len(top):
            rows = [at for text in top for at in range(first[text], first[text + 1])]
            found = encoder.score_tokens(encoded[asked], [read[at] for at in rows])
            starts = np.cumsum([0, *(len(parts[text]) for text in top[:-1])])
            scores[row, top] = np.maximum.reduceat(found, starts)
        if progress is not None:
            progress(1)
    return Scored(similarities, scores, target)


def candidates(texts: Sequence[str]) -> tuple[list[str], Integers]:
    """The distinct texts, and for each text its place among them."""
    distinct = list(dict.fromkeys(texts))
    place = {text: number for number, text in enumerate(distinct)}
    return distinct, np.array([place[text] for text in texts], dtype=np.int64)


def best(similarities: Floats, count: int, target: int) -> Integers:
    """The places of the best `count`; the target comes last among its equals."""
    is_target = np.arange(len(similarities)) == target
    top: Integers = np.lexsort((is_target, -similarities))[:count]
    return top


def reordered_ranks(scored: Scored, count: int | None) -> Ranks:
    """Ranks [queries] after the cross-encoder reordered the bi-encoder's best `count`, or all.

    Cosines lie in -1..1, so 3 + a score in 0..1 is above every one that was not read again. Where
    the target's similarity is tied at the edge of the best, the others get in before it.
    """
    if count is None or count >= scored.similarities.shape[1]:
        count = scored.similarities.shape[1]
    lifted = scored.similarities.copy()
    for row, target in enumerate(scored.target):
        top = best(scored.similarities[row], count, int(target))
        read = scored.scores[row, top]
        lifted[row, top] = np.where(np.isnan(read), lifted[row, top], 3.0 + read)
    return ranks_from_scores(lifted, scored.target)


def _encode(encoder: QueryEncoder, pair: Pair) -> Any:
    if pair.image is not None:
        return encoder.picture(load_picture(pair.image))
    return encoder.words(pair.query or "")
