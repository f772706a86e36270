"""What a reader is asked: for each painting some poems, in no order and from nobody.

A painting's pool is fifteen poems drawn by seed and the first five of every method, shuffled. What
was judged before is not asked again, so a new model asks for what it brings up and no more. Which
poems were drawn is written down, since they stand for all: the figures of chance come from them.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import InputError
from engine.evaluation.judging import COLUMNS, NDCG_AT, Judgement
from kiosk.judgements.methods import Rankings

DRAWN = 15
SEED = 20221108
JUDGEMENTS_FILE, DRAWN_FILE = "starter.csv", "drawn.csv"
DRAWN_COLUMNS = ("painting", "poem")
Pools = Mapping[str, Sequence[str]]  # names of poems, by painting


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader sees of one painting or of one poem."""

    name: str
    head: str  # one line
    body: str


def draw(paintings: Iterable[str], poems: Sequence[str], seed: int = SEED) -> dict[str, list[str]]:
    """For each painting `DRAWN` of the poems, or all; each painting's do not depend on others."""
    ordered = sorted(poems)
    found = {}
    for painting in paintings:
        by_seed = np.random.default_rng([seed, zlib.crc32(painting.encode())])
        chosen = by_seed.choice(len(ordered), min(DRAWN, len(ordered)), replace=False)
        found[painting] = sorted(ordered[at] for at in chosen)
    return found


def pools(
    drawn: Pools,
    rankings: Rankings,
    judged: Mapping[str, Collection[str]],
    seed: int = SEED,
) -> dict[str, list[str]]:
    """What is to be asked of each painting, shuffled; paintings without a question left out."""
    asked = {}
    for painting, random in drawn.items():
        wanted = {*random}
        for method in rankings.values():
            wanted.update(method.get(painting, ())[:NDCG_AT])
        fresh = sorted(wanted - set(judged.get(painting, ())))
        by_seed = np.random.default_rng([seed, 1, zlib.crc32(painting.encode())])
        if fresh:
            asked[painting] = [fresh[at] for at in by_seed.permutation(len(fresh))]
    return asked


def as_text(asked: Pools, paintings: Mapping[str, Page], poems: Mapping[str, Page]) -> str:
    """The pools to read, each poem with its whole text, and nothing of where it came from."""
    blocks = []
    for painting, names in asked.items():
        work = paintings[painting]
        blocks.append(f"=== {painting}: {work.head}\n\n{work.body}")
        blocks += [f"--- {name}: {poems[name].head}\n\n{poems[name].body}" for name in names]
    return "\n\n\n".join(blocks) + "\n" if blocks else ""


def form(asked: Pools) -> str:
    """The file to fill in, in the pools' order: grade and reason are empty."""
    return _csv(
        COLUMNS, ((painting, poem, "", "") for painting in asked for poem in asked[painting])
    )


def merged(
    known: Sequence[Judgement],
    fresh: Sequence[Judgement],
    paintings: Collection[str],
    poems: Collection[str],
) -> list[Judgement]:
    """Both together. Raises `InputError` for names that are none, and for what is judged already
    with another grade: a second opinion is no correction."""
    found = {(one.painting, one.poem): one for one in known}
    for one in fresh:
        if one.painting not in paintings:
            raise InputError(f"There is no starter painting {one.painting!r}.")
        if one.poem not in poems:
            raise InputError(f"There is no English starter poem {one.poem!r}.")
        before = found.setdefault((one.painting, one.poem), one)
        if before.grade != one.grade:
            raise InputError(
                f"{one.poem} was graded {before.grade} for {one.painting} before, and is now graded"
                f" {one.grade}; correct it in the file itself, with the reason."
            )
    return list(found.values())


def read_drawn(path: Path) -> dict[str, list[str]]:
    """The poems drawn for each painting; none where there is no file yet. Raises `InputError`."""
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise InputError(f"{path} cannot be read ({problem}).") from None
    if not rows or tuple(rows[0]) != DRAWN_COLUMNS or any(len(row) != 2 for row in rows):
        raise InputError(f"{path}: each line must be a painting and a poem, under a heading.")
    found: dict[str, list[str]] = {}
    for painting, poem in rows[1:]:
        found.setdefault(painting, []).append(poem)
    return found


def write_drawn(drawn: Pools) -> str:
    """The file's text."""
    rows = ((painting, poem) for painting in sorted(drawn) for poem in sorted(drawn[painting]))
    return _csv(DRAWN_COLUMNS, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    told = io.StringIO(newline="")
    out = csv.writer(told, lineterminator="\n")
    out.writerow(head)
    out.writerows(rows)
    return told.getvalue()
