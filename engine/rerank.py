"""The second look: the cross-encoder reads each candidate together with the query.

A bundle without a cross-encoder has no second look: its candidates stay in the bi-encoder's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.types import Candidate, PassageSource, QueryEncoder, TokenReader


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate and what the cross-encoder thought of it."""

    candidate: Candidate
    score: float  # 0..1; without a cross-encoder the similarity, 0 where it is negative


def rerank(
    encoder: QueryEncoder,
    query: Any,
    candidates: Sequence[Candidate],
    source: PassageSource,
    reader: TokenReader,
) -> list[Scored]:
    """The candidates with their scores, best first; equal scores keep the bi-encoder's order.

    `reader` reads them closely: the encoder itself, or what remembers its readings.
    """
    if not candidates:
        return []
    if not encoder.reranks:
        return [Scored(one, min(max(one.similarity, 0.0), 1.0)) for one in candidates]
    passages = source.passages([candidate.passage_id for candidate in candidates])
    read = reader.tokens(
        [passage.text for passage in passages],
        subjects=[passage.subjects for passage in passages],
    )
    scores = encoder.score_tokens(query, read)
    scored = [
        Scored(candidate, float(score)) for candidate, score in zip(candidates, scores, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)
