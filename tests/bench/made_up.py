"""Endless made-up verse, always the same for a seed: as many poems as a measurement asks for.

Words come as often as in the starter anthology; one in twelve is invented, few of these often and
most of them once or twice, so that the vocabulary grows with the collection as real ones do.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kiosk.store.normal import search_key

SEED = 20221108
PASSAGES_A_POEM = 4
LINES, WORDS = 8, 7  # of a passage, of a line
INVENTED = 300_000
POETS_SHARE = 40  # poems a poet
SYLLABLES = [a + b for a in "bdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "ay", "or", "en")]
Array = NDArray[np.int64]


class MadePoem(NamedTuple):
    """One poem, and its passages by the line that each begins at."""

    title: str
    poet: int
    passages: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return "\n\n".join(text for _, text in self.passages)


class Verse:
    """A vocabulary to write with."""

    def __init__(self, real: Iterable[str]) -> None:
        counted = Counter(word for text in real for word in re.findall(r"\w+", text.lower()))
        words, counts = zip(*counted.most_common(), strict=True)
        draw = np.random.default_rng(SEED)
        invented = [
            "".join(SYLLABLES[i] for i in row)
            for row in draw.integers(0, len(SYLLABLES), (INVENTED, 4))
        ]
        tail = 1 / (np.arange(INVENTED) + 3.0)
        shares = np.concatenate([np.array(counts) / sum(counts) * 11 / 12, tail / tail.sum() / 12])
        self.words = np.array([*words, *invented], dtype=object)
        self._sums = np.cumsum(shares)

    def poems(self, first: int, end: int) -> Iterator[MadePoem]:
        """The poems from number `first` to before `end`; each is the same in any run."""
        for start in range(first, end, 1000):
            # A seed of its own for each thousand: how many there are changes none of them.
            draw = np.random.default_rng([SEED, start])
            size = (1000, PASSAGES_A_POEM, LINES, WORDS)
            chosen = np.searchsorted(self._sums, draw.random(size) * self._sums[-1])
            titles = np.searchsorted(self._sums, draw.random((1000, 3)) * self._sums[-1])
            for n in range(min(1000, end - start)):
                yield MadePoem(
                    " ".join(self.words[titles[n]]).title(),
                    (start + n) // POETS_SHARE,
                    tuple(
                        (
                            p * (LINES + 1),
                            "\n".join(" ".join(self.words[line]) for line in chosen[n, p]),
                        )
                        for p in range(PASSAGES_A_POEM)
                    ),
                )

    def poet(self, number: int) -> str:
        """The name of a poet."""
        first, last = self.words[-1 - number % 997], self.words[-1000 - number]
        return f"{first} {last}".title()


def fill(path: Path, verse: Verse, first: int, end: int, at_once: int = 10_000) -> None:
    """Put made-up poems straight into an open store's tables, as fast as SQLite takes them.

    Poem n has the id n + 1, and its passages those from 4 n + 1 on.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA synchronous = OFF")
        for start in range(first, end, at_once):
            poets, poems, passages = [], [], []
            for n, poem in enumerate(verse.poems(start, min(start + at_once, end)), start):
                name = verse.poet(poem.poet)
                if n % POETS_SHARE == 0:
                    poets.append((poem.poet + 1, name, search_key(name)))
                key = search_key(f"{poem.title} {name}")
                poems.append((n + 1, poem.poet + 1, poem.title, poem.text, key, f"made {n}"))
                passages += [
                    (PASSAGES_A_POEM * n + i + 1, n + 1, line, text)
                    for i, (line, text) in enumerate(poem.passages)
                ]
            store.execute("BEGIN IMMEDIATE")
            store.executemany("INSERT INTO poets (id, name, name_key) VALUES (?, ?, ?)", poets)
            store.executemany(
                "INSERT INTO poems (id, poet_id, title, text, language, source, extra, search_key, "
                "identity) VALUES (?, ?, ?, ?, 'en', 'made up', '{}', ?, ?)",
                poems,
            )
            store.executemany(
                "INSERT INTO passages (id, poem_id, first_line, text) VALUES (?, ?, ?, ?)", passages
            )
            store.execute("COMMIT")
