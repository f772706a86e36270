"""A store on a server beside the same store in a file: searches, additions, the nearest vectors.

Twenty thousand passages of made-up verse; the server is on this machine, has pgvector, and waits
for the disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import numpy as np

from kiosk.collections.passages import cut
from kiosk.config import load_settings
from kiosk.encoding import open_index
from kiosk.store.database import Store, open_store
from kiosk.store.place import Place
from kiosk.store.records import PoemDraft
from tests.bench.figures import Figure, side_by_side
from tests.bench.growing import BUNDLE, PAGE, add_poems, queries, starter_verse
from tests.bench.made_up import Verse
from tests.postgres import programs_with_pgvector, running

POEMS = 5_000
DIMENSIONS = 384
NEAREST = 50


def fill(store: Store, verse: Verse) -> None:
    """Poems through the repository, and a vector for each passage."""
    draw = np.random.default_rng(1)
    poems = verse.poems(0, POEMS)
    while some := list(islice(poems, 500)):
        store.poems.add_many(
            [(PoemDraft(one.title, verse.poet(one.poet), one.text), cut(one.text)) for one in some]
        )
    while batch := store.embeddings.missing(BUNDLE, 2000):
        rows = draw.normal(size=(len(batch), DIMENSIONS)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        store.embeddings.add(BUNDLE, [passage.id for passage in batch], rows)


def measure_serving(_only: str) -> Iterator[Figure]:
    """Beside SQLite, and the kiosk's own matrix."""
    verse = starter_verse()
    asked = queries(verse)
    with ExitStack() as opened:
        folder = Path(
            opened.enter_context(tempfile.TemporaryDirectory(dir=load_settings().data_dir))
        )
        server = opened.enter_context(running(programs_with_pgvector(), copied=True, synced=True))
        place = server.place(folder / "server")
        file = opened.enter_context(open_store(Place(folder / "file" / "store.sqlite")))
        served = opened.enter_context(open_store(place))
        for store in (file, served):
            fill(store, verse)
        server.sql("VACUUM ANALYZE", place.database)
        turns, others = iter(asked * 3), iter(asked * 3)
        yield side_by_side(
            "server.fts_20k_ms",
            lambda: served.poems.search(next(turns), limit=PAGE),
            "FTS5 in the file",
            lambda: file.poems.search(next(others), limit=PAGE),
        )
        yield side_by_side(
            "server.add_1000_ms",
            lambda: add_poems(served, verse, 2_000_000),
            "into the file",
            lambda: add_poems(file, verse, 2_000_000),
            runs=3,
        )
        index = open_index(served, BUNDLE, DIMENSIONS, folder / "cache")
        query = np.array(index.vectors[7])
        with_pgvector = served.server_index(BUNDLE)
        server.sql("DROP EXTENSION vector", place.database)
        plain = served.server_index(BUNDLE)
        server.sql("CREATE EXTENSION vector", place.database)
        for name, searched, runs in (
            ("server.nearest_20k_ms", with_pgvector, 20),
            ("server.nearest_plain_20k_ms", plain, 5),
        ):
            yield side_by_side(
                name,
                lambda searched=searched: searched.search(query, NEAREST),
                "the kiosk's own matrix",
                lambda: index.search(query, NEAREST),
                runs=runs,
            )
