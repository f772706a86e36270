"""Why a passage answers a query, found by hiding parts of it and scoring what is left.

1. Of the passage, as far as it is read closely, each line is cut out in turn, and of each concept
   that the query carries the words that speak of it. What is left is scored like the passage.
2. The line whose hiding costs the score most is the one that answers best. It is named only where
   it stands out: where it costs twice what the other lines cost on average, or more.
3. A concept is shared where the query carries it and hiding its words costs a quarter more than
   hiding as many words of the passage costs on average, or more than that.

A query carries a subject or a mood that people's words about the picture name, unless the picture
lies further from it than pictures do in general; or, unnamed, one that the picture lies nearer to
than the background's threshold. Light and colours only the picture's own colours can tell: they
are `seen` by whoever looked at them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.explaining.backgrounds import Background, pictured, shown_by
from engine.explaining.concepts import COLOUR, LIGHT, SUBJECT, Concept, concepts, spoken_of
from engine.explaining.hiding import Line, Span, cut, lines_of
from engine.types import Query, QueryEncoder, Reason, Shared

STANDS_OUT = 2.0  # times what hiding another line costs on average
MORE = 1.25  # times what hiding as many words of the passage costs on average
LEAST = 0.002  # of the score, which is 0..1: what costs less did not weigh
SUBJECTS, OTHERS = 2, 1  # named at most
NO_BACKGROUND = Background()

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what it carries of each concept: how far the picture is above the mean."""

    encoded: Any
    carries: Mapping[str, float]
    halves: tuple[Any, Any] | None = None  # picture and words by themselves, where both are there


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a text is hidden in turn."""

    text: str
    lines: Sequence[Line]
    concepts: Sequence[tuple[Concept, tuple[Span, ...]]]

    def hidden(self) -> list[tuple[Span, ...]]:
        """The lines, then the concepts."""
        return [*(line.spans for line in self.lines), *(spans for _, spans in self.concepts)]


class Explainer:
    """A model, and what its pictures carry in general."""

    def __init__(self, encoder: QueryEncoder, background: Background = NO_BACKGROUND) -> None:
        self.encoder = encoder
        self._background = background
        self._shown: NDArray[np.float32] | None = None  # read once, when it is first needed

    def explain(
        self, query: Query, texts: Sequence[str], *, seen: Collection[str] = ()
    ) -> list[Reason]:
        """Why each of these passages answers the query. `seen`: keys of light and colours."""
        asked = self.ask(query, seen)
        parts = [parts_of(text[: self.encoder.reach(text)], asked.carries) for text in texts]
        scores = score_hiding(self.encoder, asked.encoded, parts)
        return [
            reason_of(one, score, asked.carries) for one, score in zip(parts, scores, strict=True)
        ]

    def ask(self, query: Query, seen: Collection[str] = ()) -> Asked:
        """The query as the model sees it, and what it carries."""
        words = query.words.strip()
        if query.picture is None:
            named = {key: 0.0 for key in spoken_of(words) if not _by_colours(key)}
            return Asked(self.encoder.words(words), named)
        picture = self.encoder.picture(query.picture)
        encoded, halves = picture, None
        if words:
            halves = (picture, self.encoder.words(words))
            encoded = self.encoder.combine(*halves)
        above = self._above(picture.vector)
        carries = {key: 0.0 for key in seen if _by_colours(key)}
        for key in spoken_of(words):
            if not _by_colours(key) and above.get(key, 0.0) >= 0.0:
                carries[key] = above.get(key, 0.0)
        threshold = self._background.threshold
        if threshold is not None:
            carries |= {key: high for key, high in above.items() if high >= threshold}
        return Asked(encoded, carries, halves)

    def _above(self, picture: NDArray[np.float32]) -> dict[str, float]:
        """How much nearer the picture lies to each concept than pictures do in general."""
        means = self._background.means
        if not means:
            return {}
        if self._shown is None:
            self._shown = shown_by(self.encoder)
        near = (self._shown @ picture).tolist()
        return {
            concept.key: cosine - means[concept.key]
            for concept, cosine in zip(pictured(), near, strict=True)
            if concept.key in means
        }


def score_hiding(encoder: QueryEncoder, encoded: Any, parts: Sequence[Parts]) -> list[Floats]:
    """For each text [1 + hidden]: its score, and what is left without each of its parts.

    All of them are read and scored together.
    """
    left = [[one.text, *(cut(one.text, spans) for spans in one.hidden())] for one in parts]
    counts = [len(texts) for texts in left]
    read = encoder.tokens([text for texts in left for text in texts])
    scores = encoder.score_tokens(encoded, read).astype(np.float64)
    return np.split(scores, np.cumsum(counts)[:-1]) if counts else []


def parts_of(text: str, carried: Collection[str]) -> Parts:
    """The lines of a passage, and what it says of each concept that is carried.

    Where there is one line only, it says no more than the poem does.
    """
    named = [
        (concept, tuple(spans))
        for key, concept in concepts().items()
        if key in carried and (spans := concept.spans(text))
    ]
    lines = lines_of(text)
    return Parts(text, lines if len(lines) > 1 else [], named)


def reason_of(parts: Parts, scores: Floats, carries: Mapping[str, float]) -> Reason:
    """What may be said, from the scores [1 + hidden] that `score_hiding` gave."""
    drops = scores[0] - scores[1:]
    of_lines, of_concepts = drops[: len(parts.lines)], drops[len(parts.lines) :]
    line, share = _line(parts, of_lines)
    return Reason(line, share, _shared(parts, of_lines, of_concepts, carries))


def _line(parts: Parts, drops: Floats) -> tuple[int | None, float]:
    if not parts.lines:
        return None, 0.0
    best = int(np.argmax(drops))
    drop = float(drops[best])
    others = float(np.delete(drops, best).mean())
    if drop < LEAST or drop < STANDS_OUT * others:
        return None, 0.0
    weighed = float(np.clip(drops, 0.0, None).sum())
    return parts.lines[best].index, round(drop / weighed, 4)


def _shared(
    parts: Parts, of_lines: Floats, of_concepts: Floats, carries: Mapping[str, float]
) -> tuple[Shared, ...]:
    """Subjects first, then one mood, light or colour; each kind the weightiest first."""
    words = max(len(parts.text.split()), 1)
    a_word = max(float(of_lines.sum()), 0.0) / words
    found = [
        Shared(concept.key, concept.kind, round(carries[concept.key], 4), round(float(drop), 4))
        for (concept, spans), drop in zip(parts.concepts, of_concepts, strict=True)
        if drop >= LEAST and drop >= MORE * a_word * len(spans)
    ]
    found.sort(key=lambda one: -one.poem)
    subjects = [one for one in found if one.kind == SUBJECT][:SUBJECTS]
    return (*subjects, *[one for one in found if one.kind != SUBJECT][:OTHERS])


def _by_colours(key: str) -> bool:
    return key in concepts() and concepts()[key].kind in (LIGHT, COLOUR)
