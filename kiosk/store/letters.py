"""Which signs make up words, and which letters count as the same: SQLite's tokeniser is asked.

So a server that has no such tokeniser can be told, and finds the same words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from kiosk.store.migrations.tokens import TOKENS

# What has no table of its own in Unicode's first two planes is a letter to the tokeniser, but for
# some signs of the fourteenth.
ASKED = (range(1, 0xD800), range(0xE000, 0x20000), range(0xE0000, 0xE0200))
LAST = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Letters:
    """All that tells words apart."""

    ranges: tuple[tuple[int, int], ...]  # first and last code point of what is part of a word
    plain: dict[str, str]  # what else than itself a letter counts as; "" for an accent by itself


def read_letters(asked: Iterable[range] = ASKED) -> Letters:
    """The tokeniser's own table, in half a second."""
    points = [point for some in asked for point in some]
    known: set[int] = set()
    plain: dict[str, str] = {}
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE asked USING fts5(word, content = '', {TOKENS})")
        memory.execute("CREATE VIRTUAL TABLE answer USING fts5vocab(asked, instance)")
        memory.executemany(
            "INSERT INTO asked (rowid, word) VALUES (?, ?)", ((p, f"q{chr(p)}z") for p in points)
        )
        for term, point in memory.execute("SELECT term, doc FROM answer"):
            if term in ("q", "z"):
                continue  # it stands between words
            if len(term) == 3:
                known.add(point)
            if term[1:-1] != chr(point):
                plain[chr(point)] = term[1:-1]
    return Letters(tuple(_ranges(known, points)), plain)


def _ranges(known: set[int], points: list[int]) -> list[tuple[int, int]]:
    """Runs of letters; what nobody asked about goes on as what is before it."""
    found: list[tuple[int, int]] = []
    start = None
    for point in points:
        if point in known and start is None:
            start = point
        elif point not in known and start is not None:
            found.append((start, point - 1))
            start = None
    if start is not None:
        found.append((start, LAST))
    return found
