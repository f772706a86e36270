"""The paper's tables over a hold-out: each method's figures beside the published ones.

Table 1 ranks every poem of the hold-out for every picture. Table 2 ranks among 100: so many
different poems are drawn by seed, each with one of its pictures, and only these ask and answer;
the paper does not say how it drew. CE-CLIP orders all candidates by the cross-encoder, as
published; the towers of the other methods order by similarity.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.evaluation.published import COLUMNS, DRAWN, KS, METHODS, PUBLISHED, Method
from engine.evaluation.ranking import Pair, Scored, candidates, reordered_ranks
from engine.training.metrics import ranks_from_scores, retrieval_metrics

NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Row:
    """What one method came to; `figures` is None where it was not run, and `why` says why."""

    method: Method
    figures: Mapping[str, float] | None
    why: str = ""
    bundle: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the two tables, ours."""

    number: int
    pairs: int
    candidates: int
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    besides: Sequence[Row] = ()  # methods that the paper discusses and does not tabulate

    def to_json(self) -> dict[str, Any]:
        """As `evaluate --table --json` prints it."""
        return {
            "table": self.number,
            "pairs": self.pairs,
            "candidates": self.candidates,
            "rows": [self._row(row) for row in self.rows],
            "besides": [self._row(row) for row in self.besides],
            "notes": list(self.notes),
        }

    def _row(self, row: Row) -> dict[str, Any]:
        printed = PUBLISHED[self.number].get(row.method.key)
        return {
            "method": row.method.name,
            "key": row.method.key,
            "data_percent": row.method.share,
            "measured": None if row.figures is None else dict(row.figures),
            "published": None if printed is None else dict(printed),
            "why_not": row.why or None if row.figures is None else None,
            "bundle": dict(row.bundle) or None,
        }


def figures(scored: Scored, *, reranks: bool) -> dict[str, float]:
    """The five figures of a method on everything that was scored."""
    ranks = (
        reordered_ranks(scored, None)
        if reranks
        else ranks_from_scores(scored.similarities, scored.target)
    )
    return retrieval_metrics(ranks, KS)


def draw(pairs: Sequence[Pair], count: int, seed: int) -> list[int]:
    """`count` places in `pairs`, each with another text; fewer where there are not so many."""
    by_text: dict[str, list[int]] = {}
    for place, pair in enumerate(pairs):
        by_text.setdefault(pair.text, []).append(place)
    dice = random.Random(seed)  # noqa: S311 - a draw, not a secret
    texts = sorted(by_text)
    dice.shuffle(texts)
    return sorted(dice.choice(by_text[text]) for text in texts[:count])


def among(scored: Scored, pairs: Sequence[Pair], places: Sequence[int]) -> Scored:
    """Only these pairs, their texts being all the candidates there are."""
    _, column = candidates([pair.text for pair in pairs])
    columns = column[np.array(places, dtype=np.int64)]
    square = np.ix_(np.array(places, dtype=np.int64), columns)
    return Scored(
        scored.similarities[square], scored.scores[square], np.arange(len(places), dtype=np.int64)
    )


def both_tables(
    pairs: Sequence[Pair],
    scored: Mapping[str, tuple[Scored, bool, Mapping[str, str]]],
    why: Mapping[str, str],
    *,
    numbers: Sequence[int],
    seed: int,
    besides: Mapping[str, tuple[Method, Scored | None, str]],
) -> list[Table]:
    """The tables asked for. `scored` has for each method what was scored, whether by a
    cross-encoder, and its bundle; `why` says of the others what is missing."""
    places = draw(pairs, DRAWN, seed)
    tables = []
    for number in numbers:

        def cut(one: Scored, number: int = number) -> Scored:
            return one if number == 1 else among(one, pairs, places)

        rows = [
            Row(
                method,
                figures(cut(scored[method.key][0]), reranks=scored[method.key][1]),
                bundle=scored[method.key][2],
            )
            if method.key in scored
            else Row(method, None, why.get(method.key, ""))
            for method in METHODS
        ]
        more = [
            Row(method, None, reason)
            if one is None
            else Row(method, figures(cut(one), reranks=False), reason)
            for method, one, reason in besides.values()
        ]
        asked = len(pairs) if number == 1 else len(places)
        texts = len({pair.text for pair in pairs}) if number == 1 else len(places)
        notes = [*_notes(number, asked, texts, seed), *_measured_with(rows)]
        tables.append(Table(number, asked, texts, rows, notes, more))
    return tables


def _measured_with(rows: Sequence[Row]) -> list[str]:
    """Which bundle stands behind each row; one may be put where the paper has another."""
    told = [
        f"{row.method.name}: {row.bundle['name']} {row.bundle['version']}"
        for row in rows
        if row.figures is not None and row.bundle
    ]
    return [f"Measured with: {'; '.join(told)}."] if told else []


def _notes(number: int, asked: int, texts: int, seed: int) -> list[str]:
    notes = [f"{asked} pictures, {texts} poems to rank; ties count against the right one."]
    if number == 2:
        # The spread of a share is at most that of a fair coin.
        spread = 50 / max(asked, 1) ** 0.5
        notes.append(
            f"One draw with seed {seed}: with {asked} pictures a share is known to about "
            f"{spread:.0f} points either way."
        )
    return notes


def as_text(table: Table) -> str:
    """For a terminal: measured, and under each row the published figures."""
    head = f"{'':<32}{'data':>6}" + "".join(f"{_title(name):>9}" for name in COLUMNS)
    lines = [f"Table {table.number}", "", head]
    for row in [*table.rows, *table.besides]:
        share = f"{row.method.share} %" if row.method.share >= 0 else ""
        told = _cells(row.figures)
        lines.append(f"{row.method.name:<32}{share:>6}" + "".join(f"{cell:>9}" for cell in told))
        if row.figures is None and row.why:
            lines.append(f"    {row.why}")
        printed = PUBLISHED[table.number].get(row.method.key)
        if printed is not None:
            cells = "".join(f"{cell:>9}" for cell in _cells(printed))
            lines.append(f"{'    as published':<32}{'':>6}" + cells)
    return "\n".join([*lines, "", *table.notes])


def as_markdown(table: Table) -> str:
    """The same for a document: measured (published)."""
    titles = ["method", "data", *(_title(name) for name in COLUMNS)]
    lines = [f"**Table {table.number}**, measured (as published)", ""]
    lines += ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    for row in [*table.rows, *table.besides]:
        printed = PUBLISHED[table.number].get(row.method.key)
        beside = _cells(printed) if printed is not None else [""] * len(COLUMNS)
        cells = [
            f"{own} ({other})" if other else own
            for own, other in zip(_cells(row.figures), beside, strict=True)
        ]
        share = f"{row.method.share} %" if row.method.share >= 0 else ""
        lines.append("| " + " | ".join([row.method.name, share, *cells]) + " |")
    missing = [
        f"{row.method.name}: {row.why}"
        for row in [*table.rows, *table.besides]
        if row.figures is None and row.why
    ]
    return "\n".join([*lines, "", *table.notes, *missing])


def _cells(told: Mapping[str, float] | None) -> list[str]:
    if told is None:
        return [NOT_RUN, *["–"] * (len(COLUMNS) - 1)]
    return [f"{told[name]:.1f}" for name in COLUMNS]


def _title(name: str) -> str:
    return name.replace("_rank", "")
