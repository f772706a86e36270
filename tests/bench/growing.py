"""How the store's costs grow with the collection: from a thousand passages to a million.

    python -m tests.bench.growing            measure, and draw docs/growth.svg
    python -m tests.bench.growing --most N   up to N passages only

Verse is made up (`made_up`), put into the tables in bulk, and measured through the repositories.
A million passages with their vectors and the search matrix take 6 GB in the data directory, for
some minutes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from engine.index import Index
from kiosk.collections.passages import cut
from kiosk.config import load_settings
from kiosk.encoding import open_index
from kiosk.own_language import Tongues
from kiosk.rights import HeldBack, RightsRule
from kiosk.store.database import Store, open_store
from kiosk.store.records import PoemDraft
from kiosk.store.replacing import STORE
from tests.bench.figures import RUNS, Figure, milliseconds, side_by_side
from tests.bench.made_up import PASSAGES_A_POEM, Verse, fill

STEPS = (1_000, 4_000, 20_000, 100_000, 400_000, 1_000_000)  # passages
DIMENSIONS = 384  # as the compact bundle's
BUNDLE = "bench"
ADDED = 1000  # poems
PAGE = 20  # poems on the first page of what is found
ANSWER = 50  # poems that a picture's search gives to be reranked
OUT = Path("build/growth.json")
PLOT = Path("docs/growth.svg")


@dataclass(frozen=True, slots=True)
class Step:
    """What was measured at one size; milliseconds."""

    passages: int
    search: float  # median of the queries
    search_worst: float
    open: float
    add: float  # a thousand poems, in one transaction
    picture: float  # median of the pictures' searches
    megabytes: float


def starter_verse() -> Verse:
    """Words as they come in the starter anthology's English poems."""
    settings = load_settings()
    with open_store(settings.store_path) as store:
        return Verse(poem.text for poem in store.poems.list() if poem.language == "en")


def queries(verse: Verse) -> list[str]:
    """What somebody might type: one word, seldom or often used; two; beginnings of words."""
    draw = np.random.default_rng(7)
    often, seldom = verse.words[150:1500], verse.words[1500:9000]
    found = []
    for n in range(RUNS):
        one, two = str(draw.choice(often)), str(draw.choice(seldom))
        found.append(
            (one, two, f"{one} {two}", f"{two[:4]}", f"{one} {str(draw.choice(often))[:4]}")[n % 5]
        )
    return found


def give_vectors(path: Path, first: int, end: int) -> None:
    """A vector for each passage with an id above `first`, up to `end`, as a bundle would make."""
    draw = np.random.default_rng(first)
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA synchronous = OFF")
        store.execute(
            "INSERT OR IGNORE INTO vector_sets (id, fingerprint, dimension, revision) "
            "VALUES (1, ?, ?, 'r')",
            (BUNDLE, DIMENSIONS),
        )
        for start in range(first, end, 50_000):
            rows = draw.normal(size=(min(50_000, end - start), DIMENSIONS)).astype("<f4")
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            store.execute("BEGIN IMMEDIATE")
            store.executemany(
                "INSERT INTO vectors (set_id, passage_id, vector) VALUES (1, ?, ?)",
                ((start + n + 1, row.tobytes()) for n, row in enumerate(rows)),
            )
            store.execute("COMMIT")


def open_all(folder: Path) -> Index:
    """What a kiosk does before its first answer, but for loading the model."""
    with open_store(folder / STORE) as store:
        store.poems.state()
        if store.embeddings.missing_count(BUNDLE):
            raise AssertionError("a passage has no vector")
        Tongues.of(store.poems).foreign("en")
        held = HeldBack(store, RightsRule())
        if held.artworks() or held.poems():
            raise AssertionError("something is held back")
        return open_index(store, BUNDLE, DIMENSIONS, folder / "cache")


def search_pictures(index: Index) -> float:
    """Median milliseconds of searches with vectors as a picture would have."""
    looks = np.random.default_rng(11).normal(size=(RUNS, DIMENSIONS)).astype(np.float32)
    looks /= np.linalg.norm(looks, axis=1, keepdims=True)
    return statistics.median(
        milliseconds(lambda look=look: index.search(look, ANSWER)) for look in looks
    )


def add_poems(store: Store, verse: Verse, first: int) -> None:
    """New poems through the repository, and gone again: what an import does, row by row."""
    poems = [
        (PoemDraft(poem.title, f"{verse.poet(poem.poet)} {first}", poem.text), cut(poem.text))
        for poem in verse.poems(first, first + ADDED)
    ]

    class UndoneError(Exception):
        pass

    try:
        with store.transaction():
            for draft, cuts in poems:
                store.poems.add(draft, cuts)
            raise UndoneError
    except UndoneError:
        return


def grow(folder: Path, most: int) -> Iterator[Step]:
    """Measure at each step up to `most` passages."""
    verse = starter_verse()
    asked = queries(verse)
    held = 0
    open_store(folder / STORE).close()
    for passages in (step for step in STEPS if step <= most):
        fill(folder / STORE, verse, held // PASSAGES_A_POEM, passages // PASSAGES_A_POEM)
        give_vectors(folder / STORE, held, passages)
        held = passages
        picture = search_pictures(open_all(folder))  # the matrix is brought into step once
        opened = statistics.median(milliseconds(lambda: open_all(folder)) for _ in range(5))
        with open_store(folder / STORE) as store:
            store.poems.search(asked[0], limit=PAGE)
            took = [milliseconds(lambda q=q: store.poems.search(q, limit=PAGE)) for q in asked]
            start = perf_counter()
            add_poems(store, verse, 2_000_000)
            added = (perf_counter() - start) * 1000
        size = (folder / STORE).stat().st_size / 2**20
        yield Step(passages, statistics.median(took), max(took), opened, added, picture, size)


def measure_growing(_only: str) -> Iterator[Figure]:
    """The figures at a million passages; the search beside reading every poem's title and poet."""
    with tempfile.TemporaryDirectory(dir=load_settings().data_dir) as name:
        folder = Path(name)
        *_, last = _kept(grow(folder, STEPS[-1]))
        asked = queries(starter_verse())
        with open_store(folder / STORE) as store, closing(sqlite3.connect(store.path)) as raw:
            turns, others = iter(asked * 3), iter(asked * 3)
            yield side_by_side(
                "store.fts_1m_ms",
                lambda: store.poems.search(next(turns), limit=PAGE),
                "LIKE in every title and poet",
                lambda: raw.execute(
                    "SELECT id FROM poems WHERE search_key LIKE ? LIMIT 20", (f"%{next(others)}%",)
                ).fetchall(),
            )
        yield Figure("store.open_1m_ms", round(last.open, 1), "ms")
        yield Figure("store.add_1000_1m_ms", round(last.add, 1), "ms")


def _kept(steps: Iterator[Step]) -> Iterator[Step]:
    rows = []
    for step in steps:
        rows.append({name: round(getattr(step, name), 2) for name in step.__slots__})
        print(rows[-1], file=sys.stderr, flush=True)
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        yield step


def draw(rows: list[dict[str, float]], to: Path) -> None:
    """Each cost over the number of passages, both logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "ekphrasis", "svg.fonttype": "none", "font.size": 9}
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
    lines = (
        ("add", "o", "add 1,000 poems"),
        ("open", "s", "open store and index"),
        ("picture", "^", "search for a picture"),
        ("search_worst", "v", "search for words, slowest of 20"),
        ("search", "D", "search for words, median of 20"),
    )
    for name, marker, label in lines:
        axes.loglog(
            [row["passages"] for row in rows],
            [row[name] for row in rows],
            f"{marker}-",
            label=label,
        )
    axes.set_xlabel("passages in the store")
    axes.set_ylabel("milliseconds")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2)
    figure.savefig(to, metadata={"Date": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=STEPS[-1], metavar="N")
    most = parser.parse_args().most
    folder = Path(tempfile.mkdtemp(dir=load_settings().data_dir))
    try:
        list(_kept(grow(folder, most)))
    finally:
        shutil.rmtree(folder)
    draw(json.loads(OUT.read_text()), PLOT)
    print(f"drawn into {PLOT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
