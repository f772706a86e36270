"""`Engine.match`: the walk of one picture, from the query to ranked poems.

1. The picture (and the words about it, where there are any) become one query: a vector and
   the tokens that the cross-encoder will read.
2. The bi-encoder's vector is held against all passages: the best passage of each poem, the
   nearest poems first. Hidden poems are not even looked at.
3. The cross-encoder reads the best N together with the query and orders them anew.
4. What a docent pinned comes first, in the docent's order, read and scored like the rest.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from engine.errors import InputError
from engine.rerank import Scored, rerank
from engine.types import (
    Answer,
    Curation,
    Match,
    PassageIndex,
    PassageSource,
    Query,
    QueryEncoder,
    Timing,
    TokenReader,
)

RERANKED = 50  # candidates that the cross-encoder reads for one answer, as is published
NO_CURATION = Curation()


class Engine:
    """A model, an index and the passages' texts: everything an answer needs."""

    def __init__(
        self,
        encoder: QueryEncoder,
        index: PassageIndex,
        source: PassageSource,
        reader: TokenReader | None = None,
    ) -> None:
        """`reader`: what remembers how the encoder read passages; without it, it reads anew."""
        self._encoder = encoder
        self._index = index
        self._source = source
        self._reader = encoder if reader is None else reader

    def match(
        self,
        query: Query,
        k: int = 5,
        *,
        curation: Curation = NO_CURATION,
        reranked: int = RERANKED,
    ) -> Answer:
        """At most `k` poems for the query, best first, each by its best passage.

        Raises `InputError` when the query holds neither a picture nor words.
        """
        start = perf_counter()
        encoded = self.encode(query)
        at_search = perf_counter()
        pins = [poem for poem in curation.pinned if poem not in curation.hidden]
        pinned = self._index.best_passages(encoded.vector, pins)
        candidates = self._index.search(
            encoded.vector, max(k, reranked), hidden=curation.hidden | set(pins)
        )
        at_rerank = perf_counter()
        scored = rerank(self._encoder, encoded, [*pinned, *candidates], self._source, self._reader)
        end = perf_counter()
        return Answer(
            matches=_ranked(scored, pins, k),
            timing_ms=Timing(
                encode=_ms(start, at_search),
                search=_ms(at_search, at_rerank),
                rerank=_ms(at_rerank, end),
                total=_ms(start, end),
            ),
        )

    @property
    def encoder(self) -> QueryEncoder:
        """The model."""
        return self._encoder

    def encode(self, query: Query) -> Any:
        """The query as the model sees it."""
        words = query.words.strip()
        if query.picture is None and not words:
            raise InputError("There is nothing to search with: give a picture, or words about it.")
        if query.picture is None:
            return self._encoder.words(words)
        picture = self._encoder.picture(query.picture)
        return self._encoder.combine(picture, self._encoder.words(words)) if words else picture


def _ranked(scored: list[Scored], pins: list[int], k: int) -> list[Match]:
    place = {poem: position for position, poem in enumerate(pins)}
    # sorted() is stable, so poems without a pin keep the cross-encoder's order.
    ordered = sorted(scored, key=lambda one: place.get(one.candidate.poem_id, len(pins)))
    return [
        Match(
            rank=rank,
            poem_id=one.candidate.poem_id,
            passage_id=one.candidate.passage_id,
            score=one.score,
            similarity=one.candidate.similarity,
        )
        for rank, one in enumerate(ordered[:k], start=1)
    ]


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)
