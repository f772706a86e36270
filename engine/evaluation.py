"""How well a bundle finds the text that belongs to a picture: R@K, mean and median rank.

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
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.types import QueryEncoder

BATCH = 64
Floats = NDArray[np.float32]


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
    texts = list(dict.fromkeys(pair.text for pair in pairs))
    place = {text: number for number, text in enumerate(texts)}
    target = np.array([place[pair.text] for pair in pairs], dtype=np.int64)
    vectors = encoder.passages(texts, batch_size=BATCH)

    first = np.empty((len(pairs), len(texts)), dtype=np.float64)
    second = np.empty_like(first)
    for row, pair in enumerate(pairs):
        encoded = _encode(encoder, pair)
        first[row] = vectors @ encoded.vector
        second[row] = _reordered(encoder, encoded, texts, first[row], rerank, target[row])
        if progress is not None:
            progress(1)
    return Evaluation(
        pairs=len(pairs),
        candidates=len(texts),
        bi_encoder=retrieval_metrics(ranks_from_scores(first, target), ks),
        reranked=retrieval_metrics(ranks_from_scores(second, target), ks),
    )


def _encode(encoder: QueryEncoder, pair: Pair) -> Any:
    if pair.image is not None:
        return encoder.picture(load_picture(pair.image))
    return encoder.words(pair.query or "")


def _reordered(
    encoder: QueryEncoder,
    encoded: Any,
    texts: Sequence[str],
    similarities: Any,
    best: int,
    target: int,
) -> Any:
    """The similarities with the best N lifted above the rest and ordered by the cross-encoder.

    Cosines lie in -1..1, so 3 + a score in 0..1 is above every one that was not read again. Where
    the target's similarity is tied at the edge of the best N, the others get in before it.
    """
    best = min(best, len(texts))
    if best == 0:
        return similarities
    is_target = np.arange(len(texts)) == target
    top = np.lexsort((is_target, -similarities))[:best]
    lifted = similarities.copy()
    lifted[top] = 3.0 + encoder.score(encoded, [texts[number] for number in top])
    return lifted
