"""How well answers agree with a reader's judgements: nDCG@5 and precision@3.

A reader has looked at a picture and graded poems for it: 2, a docent would gladly play this poem
before this picture; 1, something real is shared and a visitor would see why; 0, no.

- The gain of a poem is 2^grade - 1, that is 0, 1 or 3; its discount log2(place + 1). nDCG@5 is the
  discounted gain of the first five, over that of the best five that were judged for this picture
  (Järvelin and Kekäläinen 2002, with the gain of Burges et al. 2005). A picture for which nothing
  that was judged fits has no nDCG; such pictures are counted.
- Precision@3 is the share of poems graded 1 or 2 among the first three.
- A poem that nobody has judged cannot be known to fit. In an *answer* it gains nothing, and how
  many there were is part of the figure. *Among the judged*, poems that nobody has judged are left
  out and the next ones move up (the condensed lists of Sakai 2007): these figures stay comparable
  when a model brings up poems that were never asked about.

Rankings are lists of a poem's names, best first. numpy only.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError

GRADES = (0, 1, 2)
FITS = 1  # the least grade of a poem that fits
NDCG_AT, PRECISION_AT = 5, 3
COLUMNS = ("painting", "poem", "grade", "reason")
RESAMPLES = 10_000
CONFIDENCE = 0.95
Floats = NDArray[np.float64]
Grades = Mapping[str, int]  # of one picture's judged poems, by the poem's name


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader thought of one poem before one picture."""

    painting: str  # its name, for good: the picture's file without its ending
    poem: str  # its name, for good: the poem's file without its ending
    grade: int  # 0, 1 or 2
    reason: str  # in a few words


@dataclass(frozen=True, slots=True)
class Judged:
    """How one ranking for one picture was found."""

    ndcg: float | None  # 0..1, at `NDCG_AT`; None where nothing that was judged fits
    precision: float  # 0..1, at `PRECISION_AT`
    unjudged: int  # of the first `NDCG_AT`


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over pictures and where it would lie for other pictures of the kind."""

    mean: float
    low: float
    high: float


# --- one ranking ------------------------------------------------------------------------------


def gain(grade: int) -> float:
    """2^grade - 1."""
    return float(2**grade - 1)


def discount(place: int) -> float:
    """Of the place in a ranking, 1 being the first."""
    return 1.0 / math.log2(place + 1)


def dcg(grades: Sequence[int], k: int = NDCG_AT) -> float:
    """The discounted gain of the first `k` of `grades`, in the ranking's order."""
    return sum(gain(grade) * discount(at) for at, grade in enumerate(grades[:k], start=1))


def ideal(grades: Grades, k: int = NDCG_AT) -> float:
    """The most that any ranking of the judged poems can have; 0 where none fits."""
    return dcg(sorted(grades.values(), reverse=True), k)


def judge(ranking: Sequence[str], grades: Grades) -> Judged:
    """A ranking of distinct poems, best first, against one picture's judgements.

    Raises ValueError where a poem stands in it twice.
    """
    if len(set(ranking)) != len(ranking):
        raise ValueError("a poem stands twice in a ranking")
    best = ideal(grades)
    found = [grades.get(poem, 0) for poem in ranking]
    return Judged(
        ndcg=dcg(found) / best if best else None,
        precision=sum(grade >= FITS for grade in found[:PRECISION_AT]) / PRECISION_AT,
        unjudged=sum(poem not in grades for poem in ranking[:NDCG_AT]),
    )


def among_judged(ranking: Sequence[str], grades: Grades) -> list[str]:
    """The ranking without the poems that nobody has judged for this picture."""
    return [poem for poem in ranking if poem in grades]


def by_chance(sample: Collection[int], grades: Grades) -> Judged:
    """What a ranking in random order is expected to have, exactly, by linearity.

    `sample` are the grades of the poems ranked, or of a fair sample of them: at each place the
    expected gain is their mean. Raises ValueError for an empty sample.
    """
    if not sample:
        raise ValueError("chance needs poems to draw from")
    best = ideal(grades)
    drawn = sum(gain(grade) for grade in sample) / len(sample)
    most = drawn * sum(discount(at) for at in range(1, NDCG_AT + 1))
    return Judged(
        ndcg=most / best if best else None,
        precision=sum(grade >= FITS for grade in sample) / len(sample),
        unjudged=0,
    )


# --- many pictures ----------------------------------------------------------------------------


def interval(values: Sequence[float], seed: int = 0) -> Interval:
    """The mean of one value a picture, with a percentile bootstrap over the pictures.

    For the difference of two methods give the difference of each picture: that is the paired
    bootstrap. Raises ValueError where there are none.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 1 or table.size == 0:
        raise ValueError("there is nothing to average")
    draw = np.random.default_rng(seed)
    means: Floats = table[draw.integers(0, table.size, (RESAMPLES, table.size))].mean(axis=1)
    outside = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, [outside, 1 - outside])
    return Interval(float(table.mean()), float(low), float(high))


# --- the file ---------------------------------------------------------------------------------


def read_judgements(path: Path) -> list[Judgement]:
    """The judgements of a CSV file with the columns of `COLUMNS`, UTF-8.

    Raises `InputError` naming the line that is wrong: an unknown grade, an empty name or reason, a
    pair judged twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the name and the folder.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path} cannot be read as UTF-8 text ({problem}).") from None
    return parse_judgements(text, str(path))


def parse_judgements(text: str, where: str) -> list[Judgement]:
    """The same of a text; `where` is named in what is raised."""
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        head = next(rows, [])
        if tuple(head) != COLUMNS:
            raise InputError(f"{where}: the first line must be {','.join(COLUMNS)}.")
        found: dict[tuple[str, str], Judgement] = {}
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            one = _judgement(row, f"{where}, line {rows.line_num}")
            if (one.painting, one.poem) in found:
                raise InputError(
                    f"{where}, line {rows.line_num}: {one.poem} was judged for {one.painting}"
                    " already; leave one of the two."
                )
            found[one.painting, one.poem] = one
    except csv.Error as problem:
        raise InputError(f"{where}, line {rows.line_num}: no CSV ({problem}).") from None
    return list(found.values())


def write_judgements(judgements: Iterable[Judgement]) -> str:
    """The file's text, by painting and poem, so that a change can be read line by line."""
    told = io.StringIO(newline="")
    out = csv.writer(told, lineterminator="\n")
    out.writerow(COLUMNS)
    for one in sorted(judgements, key=lambda one: (one.painting, one.poem)):
        out.writerow((one.painting, one.poem, one.grade, one.reason))
    return told.getvalue()


def grades_of(judgements: Iterable[Judgement]) -> dict[str, dict[str, int]]:
    """Each painting's grades by poem."""
    found: dict[str, dict[str, int]] = {}
    for one in judgements:
        found.setdefault(one.painting, {})[one.poem] = one.grade
    return found


def _judgement(row: Sequence[str], where: str) -> Judgement:
    if len(row) != len(COLUMNS):
        raise InputError(f"{where}: {len(row)} cells; there must be {len(COLUMNS)}.")
    painting, poem, grade, reason = (cell.strip() for cell in row)
    if not painting or not poem or not reason:
        raise InputError(f"{where}: painting, poem and reason must not be empty.")
    if grade not in {str(known) for known in GRADES}:
        raise InputError(f"{where}: the grade is {grade!r}; it must be 0, 1 or 2.")
    return Judgement(painting, poem, int(grade), reason)
