"""Whether what is named really weighed: hidden, it must cost the model more than something else.

The line that is named was found by hiding, so it costs the same score more than others by how it
was chosen. Hence further rows, in which one half chooses and the other measures:

- the picture chooses, and people's words about it measure, each asked by itself; and the reverse;
- the bi-encoder's cosine chooses, and the cross-encoder measures, reading without that cosine; and
  the reverse.

The first pair tells whether a line answers the painting, whoever looks; the second, whether the two
networks agree, which a cross-encoder that has learned little of its own cannot.

Against a line stand one other line, drawn by seed, and the mean of all others; against a subject
as many other words of at least four letters, drawn by seed, and the mean of several draws.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.explaining.concepts import words_with_spans
from engine.explaining.hiding import Span, cut
from engine.explaining.reasons import Asked, Explainer, Parts, parts_of, reason_of
from engine.types import Query, QueryEncoder

SEED = 20221108
DRAWS = 6  # of other words, for each subject
LONG_ENOUGH = 4  # letters of another word: "the" and "of" would be no match
SCORE = "as named"
VECTORS_CHOOSE = "chosen by vectors, measured by close reading"
READING_CHOOSES = "chosen by close reading, measured by vectors"

PICTURE_CHOOSES = "chosen by the picture, measured by words"
WORDS_CHOOSE = "chosen by words, measured by the picture"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A query and passages that answer it."""

    query: Query
    texts: Sequence[str]
    seen: Collection[str] = ()  # light and colours of the picture


@dataclass(frozen=True, slots=True)
class Contrast:
    """What hiding costs, on average; scores in 0..1, or cosines."""

    count: int  # of what was named
    named: float  # the named part
    other: float  # another one, drawn by seed
    others: float  # the mean of all others, or of several draws
    more: float  # the share in which the named part costs more than the mean of the others

    @property
    def holds(self) -> bool:
        """Whether the named part costs more, and something at all."""
        return self.named > max(self.other, self.others, 0.0)


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """Lines and subjects, each as named and by the two halves of the model."""

    passages: int
    lines: Mapping[str, Contrast]
    subjects: Mapping[str, Contrast]
    line_named: float  # the share of passages with a line that stands out
    subject_named: float  # the share with at least one subject, mood, light or colour


@dataclass(frozen=True, slots=True)
class _Costs:
    """What each hidden part of a passage costs, by each measure."""

    score: Floats
    by: Mapping[str, Floats]  # by each half

    def part(self, places: slice) -> _Costs:
        return _Costs(self.score[places], {name: cost[places] for name, cost in self.by.items()})


def check_reasons(
    encoder: QueryEncoder,
    explainer: Explainer,
    cases: Sequence[Case],
    *,
    seed: int = SEED,
    progress: Callable[[int], None] | None = None,
) -> ReasonFigures:
    """Hide what is named in the passages of each case, and other parts beside it.

    `progress` is told each number of cases done.
    """
    draw = np.random.default_rng(seed)
    lines: dict[str, list[Floats]] = {name: [] for name in (SCORE, *_HALVES)}
    subjects: dict[str, list[Floats]] = {name: [] for name in (SCORE, *_HALVES)}
    passages = with_line = with_subject = 0
    for case in cases:
        asked = explainer.ask(case.query, case.seen)
        for text in case.texts:
            parts = parts_of(text[: encoder.reach(text)], asked.carries)
            others = [list(_other_words(parts, spans, draw)) for _, spans in parts.concepts]
            hidden = [*parts.hidden(), *(spans for draws in others for spans in draws)]
            scores, costs = _hide(encoder, asked, parts.text, hidden)
            reason = reason_of(parts, scores[: 1 + len(parts.hidden())], asked.carries)
            passages += 1
            with_line += reason.line is not None
            with_subject += bool(reason.shared)
            of_lines = costs.part(slice(0, len(parts.lines)))
            named = [at for at, one in enumerate(parts.lines) if one.index == reason.line]
            _contrast_lines(lines, of_lines, named, draw)
            _contrast_subjects(subjects, parts, costs, others, {one.key for one in reason.shared})
        if progress is not None:
            progress(1)
    return ReasonFigures(
        passages,
        {name: _mean(rows) for name, rows in lines.items() if rows},
        {name: _mean(rows) for name, rows in subjects.items() if rows},
        with_line / max(passages, 1),
        with_subject / max(passages, 1),
    )


# Which half chooses and which measures.
_PICTURE, _WORDS, _VECTORS, _READING = "picture", "words", "vectors", "reading"
_HALVES = {
    PICTURE_CHOOSES: (_PICTURE, _WORDS),
    WORDS_CHOOSE: (_WORDS, _PICTURE),
    VECTORS_CHOOSE: (_VECTORS, _READING),
    READING_CHOOSES: (_READING, _VECTORS),
}


def _hide(
    encoder: QueryEncoder, asked: Asked, text: str, hidden: Sequence[Sequence[Span]]
) -> tuple[Floats, _Costs]:
    """The scores [1 + hidden], and what hiding each part costs."""
    read: Sequence[Any] = encoder.tokens([text, *(cut(text, spans) for spans in hidden)])
    scores = encoder.score_tokens(asked.encoded, read).astype(np.float64)
    by: dict[str, Floats] = {}
    if asked.halves is not None:
        for name, half in zip((_PICTURE, _WORDS), asked.halves, strict=True):
            by[name] = encoder.score_tokens(half, read).astype(np.float64)
    if encoder.reranks:
        alone = [replace(one, vector=read[0].vector, lines=read[0].lines) for one in read]
        by[_READING] = encoder.score_tokens(asked.encoded, alone).astype(np.float64)
        vectors = np.stack([one.vector for one in read]).astype(np.float64)
        by[_VECTORS] = vectors @ asked.encoded.vector
    costs = {name: each[0] - each[1:] for name, each in by.items()}
    return scores, _Costs(scores[0] - scores[1:], costs)


def _contrast_lines(
    rows: dict[str, list[Floats]], costs: _Costs, named: Sequence[int], draw: np.random.Generator
) -> None:
    if len(costs.score) < 2:
        return
    picks = [(SCORE, at, costs.score) for at in named]
    for name, (chooses, measures) in _HALVES.items():
        if chooses in costs.by and measures in costs.by:
            best = int(np.argmax(costs.by[chooses]))
            if costs.by[chooses][best] > 0:
                picks.append((name, best, costs.by[measures]))
    for name, at, measured in picks:
        rest = np.delete(measured, at)
        rows[name].append(np.array([measured[at], draw.choice(rest), rest.mean()]))


def _contrast_subjects(
    rows: dict[str, list[Floats]],
    parts: Parts,
    costs: _Costs,
    others: Sequence[Sequence[object]],
    named: Collection[str],
) -> None:
    first, behind = len(parts.lines), len(parts.lines) + len(parts.concepts)
    found: list[tuple[str, _Costs, _Costs]] = []
    for at, ((concept, _), draws) in enumerate(zip(parts.concepts, others, strict=True)):
        own = costs.part(slice(first + at, first + at + 1))
        rest = costs.part(slice(behind, behind + len(draws)))
        behind += len(draws)
        if draws:
            found.append((concept.key, own, rest))
    for key, own, rest in found:
        if key in named:
            rows[SCORE].append(np.array([own.score[0], rest.score[0], rest.score.mean()]))
    for name, (chooses, measures) in _HALVES.items():
        if not found or chooses not in costs.by or measures not in costs.by:
            continue
        _, own, rest = max(found, key=lambda one: float(one[1].by[chooses][0]))
        if own.by[chooses][0] > 0:
            other = rest.by[measures]
            rows[name].append(np.array([own.by[measures][0], other[0], other.mean()]))


def _other_words(
    parts: Parts, spans: Sequence[Span], draw: np.random.Generator
) -> Iterator[tuple[Span, ...]]:
    """As many words as the concept has, `DRAWS` times; nothing where there are too few."""
    words = words_with_spans(parts.text)
    free = [span for word, span in words if len(word) >= LONG_ENOUGH and span not in spans]
    if len(free) < len(spans):
        return
    for _ in range(DRAWS):
        yield tuple(free[at] for at in draw.choice(len(free), len(spans), replace=False))


def _mean(rows: Sequence[Floats]) -> Contrast:
    named, other, others = np.mean(rows, axis=0).tolist()
    more = float(np.mean([row[0] > row[2] for row in rows]))
    return Contrast(len(rows), named, other, others, more)
