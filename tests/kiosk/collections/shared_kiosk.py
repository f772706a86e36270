"""One of several kiosks that share a server: `python shared_kiosk.py FOLDER URL WORK [FILE]`.

read: until its standard input is closed, look at the collection as visits do, and see that it is
whole at every moment. import: bring the poems of a file. Either prints what it saw, as JSON.
"""

from __future__ import annotations

import json
import select
import sys
from pathlib import Path

import numpy as np

from kiosk.collections.poem_import import import_poems
from kiosk.encoding import open_index
from kiosk.store.database import Store, open_store
from kiosk.store.place import Place

BUNDLE, WIDTH = "bundle", 8


def vector(passage_id: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Any unit vector, the same for a passage on every machine."""
    numbers = np.random.default_rng(passage_id).standard_normal(WIDTH).astype(np.float32)
    return numbers / np.linalg.norm(numbers)


def encode(store: Store) -> None:
    """As a kiosk does with what is new; another one may be at the same."""
    while batch := store.embeddings.missing(BUNDLE, 100):
        ids = [passage.id for passage in batch]
        store.embeddings.add(BUNDLE, ids, np.stack([vector(i) for i in ids]))


def look(store: Store, folder: Path) -> int:
    """What a visit asks for; how many poems there are. Raises AssertionError for half a poem."""
    with store.snapshot():
        poems = store.poems.list()
        found = store.poems.search("leaf")
        assert len(found) == store.poems.count("leaf") == len(poems) == store.poems.count()
        for poem in poems[-3:]:
            cuts = store.poems.cuts_of(poem.id)
            assert "\n\n".join(one.text for one in cuts) == poem.text
        assert len(poems) % 20 == 0  # whole batches
    encode(store)
    index = open_index(store, BUNDLE, WIDTH, folder / "cache")
    for passage_id, row in zip(index.passage_ids, index.vectors, strict=True):
        assert np.array_equal(row, vector(int(passage_id)))
    return len(poems)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, url: str, work: str, *files: str) -> None:
    with open_store(Place(folder / "store.sqlite", url)) as store:
        if work == "import":
            from kiosk.collections import poem_import

            poem_import.PoemImport.batch = 20
            say(json.dumps(len(import_poems(store, Path(files[0])).added)))
            return
        seen = []
        say("ready")
        while not select.select([sys.stdin], [], [], 0)[0]:
            seen.append(look(store, folder))
        seen.append(look(store, folder))
        say(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
