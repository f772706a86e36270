"""A whole import of some 27,000 poems: read, written and encoded, beside the plain way.

BENCH_DATA names a file of poems of your own, in any format; without it one is made up, always the
same. The plain way (one commit a poem, one passage a forward pass) is measured on a sample.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

from engine import QueryEncoder, find_bundle
from engine.loading import load_encoder
from kiosk.collections.passages import cut
from kiosk.collections.poem_import import PoemImport, import_poems
from kiosk.collections.poem_reading import read_poems
from kiosk.config import load_settings
from kiosk.encoding import encode_missing, open_index, open_reader
from kiosk.store.database import Store, open_store
from kiosk.store.records import PassageCut, PoemDraft
from tests.bench.figures import Figure
from tests.bench.growing import starter_verse
from tests.bench.made_up import Verse

POEMS = 27_000
SAMPLE_POEMS, SAMPLE_PASSAGES = 500, 200
PLAIN_WRITING, PLAIN_ENCODING = "one commit a poem", "one passage a forward pass"
Cut = tuple[PoemDraft, tuple[PassageCut, ...]]

PEAK = """
import sys
from pathlib import Path
from kiosk.collections.poem_import import import_poems
from kiosk.collections.poem_reading import read_poems
from kiosk.store.database import open_store
path, held = Path(sys.argv[1]), []
if sys.argv[3] == "held":
    held += read_poems(path).rows
with open_store(Path(sys.argv[2])) as store:
    import_poems(store, path)
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def make_up(path: Path, verse: Verse) -> None:
    """A file with as many poems as the figure is about."""
    with path.open("w", encoding="utf-8") as file:
        for poem in verse.poems(0, POEMS):
            row = {"title": poem.title, "author": verse.poet(poem.poet), "text": poem.text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class Read:
    """What reading took and gave."""

    seconds: float
    passages: int
    sample: list[Cut]


def read(path: Path, store: Store) -> Read:
    """All rows as an import reads, cleans and cuts them; nothing is written."""
    start = perf_counter()
    work = PoemImport(store, update=False)
    passages = 0
    sample: list[Cut] = []
    for row in read_poems(path).rows:
        draft = work.prepare(row).draft
        if draft is not None:
            cuts = tuple(cut(draft.text))
            passages += len(cuts)
            if len(sample) < SAMPLE_POEMS:
                sample.append((draft, cuts))
    return Read(perf_counter() - start, passages, sample)


def plainly_written(store: Store, sample: list[Cut]) -> float:
    """Passages a second."""
    start = perf_counter()
    for draft, cuts in sample:
        store.poems.add(draft, cuts)
    return sum(len(cuts) for _, cuts in sample) / (perf_counter() - start)


def plainly_encoded(encoder: QueryEncoder, sample: list[Cut]) -> float:
    """Passages a second."""
    texts = list(islice((one.text for _, cuts in sample for one in cuts), SAMPLE_PASSAGES))
    encoder.tokens(texts[:4])
    start = perf_counter()
    for text in texts:
        encoder.tokens([text])
    return len(texts) / (perf_counter() - start)


def peak(path: Path, folder: Path, how: str) -> float:
    """The most memory of a process that imports without a model; MB."""
    command = [sys.executable, "-c", PEAK, str(path), str(folder / f"{how}.sqlite"), how]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return round(int(done.stdout) * 1024 / 1e6, 1)


def measure_importing(_only: str) -> Iterator[Figure]:
    """Each part by itself, and the whole."""
    settings = load_settings()
    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    encoder = load_encoder(bundle)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as name:
        folder = Path(name)
        path = Path(os.environ.get("BENCH_DATA") or folder / "poems.jsonl")
        if not path.exists():
            make_up(path, starter_verse())
        with open_store(folder / "plain.sqlite") as store:
            found = read(path, store)
            writing_plainly = plainly_written(store, found.sample)
        encoding_plainly = plainly_encoded(encoder, found.sample)
        with open_store(folder / "store.sqlite") as store:
            start = perf_counter()
            import_poems(store, path)
            imported = perf_counter() - start
            passages = store.poems.count_passages()
            reader = open_reader(
                encoder, bundle.fingerprint, folder, settings.readings_cache_mb * 1_000_000
            )
            start = perf_counter()
            encode_missing(store, encoder, bundle.fingerprint, _told, reader)
            encoded = perf_counter() - start
            open_index(store, bundle.fingerprint, encoder.dimensions, folder)
            whole = imported + perf_counter() - start
        written = max(imported - found.seconds, 1e-9)
        plainly = found.seconds + passages / writing_plainly + passages / encoding_plainly
        yield Figure(
            "import.27k_s",
            round(whole, 1),
            "s",
            f"{PLAIN_WRITING}, {PLAIN_ENCODING}; from a sample",
            round(plainly, 1),
        )
        yield _rate("import.read_per_s", found.passages / found.seconds)
        yield _rate("import.written_per_s", passages / written, PLAIN_WRITING, writing_plainly)
        yield _rate("import.encoded_per_s", passages / encoded, PLAIN_ENCODING, encoding_plainly)
        held = peak(path, folder, "held")
        yield Figure("import.27k_mb", peak(path, folder, "read"), "MB", "all rows held", held)


def _rate(name: str, value: float, peer: str | None = None, theirs: float | None = None) -> Figure:
    rounded = None if theirs is None else round(theirs, 1)
    return Figure(name, round(value, 1), "1/s", peer, rounded, more_is_better=True)


def _told(done: int, total: int) -> None:
    if done % 12_800 == 0 or done == total:
        print(f"encoded {done:,} of {total:,}", file=sys.stderr, flush=True)
