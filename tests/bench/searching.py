"""A million passages: how long one picture's search takes, and what it misses."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from engine import find_bundle
from engine.index import Ids, Index, IndexCache, Vectors
from engine.loading import load_encoder
from kiosk.config import load_settings
from kiosk.encoding import open_index
from kiosk.store.database import open_store
from tests.bench.figures import RUNS, Figure, side_by_side

MILLION = 1_000_000
BLOCK = 50_000
FOUND = 50
PASSAGE_NOISE, QUERY_NOISE = 0.5, 0.7  # length of what is added to a vector of length 1


def perturb(
    vectors: Vectors, joint: int, rows: int, noise: float, draw: np.random.Generator
) -> Vectors:
    """Vectors near real ones, of unit length in the joint space; behind it they stay the same."""
    near = vectors[draw.integers(0, len(vectors), rows)]
    unit = near[:, :joint] + draw.normal(size=(rows, joint)) * noise / np.sqrt(joint)
    near[:, :joint] = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    return near


def real_vectors() -> tuple[Vectors, Vectors, int]:
    """Those of the starter anthology's passages, the same as a picture would ask for them, and the
    dimensions of the joint space."""
    settings = load_settings()
    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    encoder = load_encoder(bundle)
    joint = int(bundle.manifest["architecture"]["joint"])
    with open_store(settings.store_path) as store:
        index = open_index(store, bundle.fingerprint, encoder.dimensions, settings.cache_dir)
        passages = np.array(index.vectors)
    asking = passages.copy()
    asking[:, joint:] = encoder.picture(Image.new("RGB", (300, 200))).vector[joint:]
    return passages, asking, joint


def million(vectors: Vectors, joint: int, folder: Path) -> Index:
    """An index on disk, as a kiosk would have it; four passages a poem."""
    draw = np.random.default_rng(20221108)

    def blocks() -> Iterator[tuple[Ids, Ids, Vectors]]:
        for first in range(0, MILLION, BLOCK):
            ids = np.arange(first + 1, first + BLOCK + 1, dtype=np.int64)
            yield ids, ids // 4, perturb(vectors, joint, BLOCK, PASSAGE_NOISE, draw)

    cache = IndexCache(folder, "bench", vectors.shape[1])
    cache.append(blocks(), "bench")
    return cache.open()


MEMORY = """
import sys, numpy, psutil, faiss
from pathlib import Path
from engine.index import IndexCache
folder, dimensions, found = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
before = psutil.Process().memory_info().rss
index = IndexCache(folder, "bench", dimensions).open()
for query in numpy.load(folder / "queries.npy"):
    index.search(query, found)
print((psutil.Process().memory_info().rss - before) / 1e6)
"""


def memory(folder: Path, queries: Vectors) -> Figure:
    """What a process of its own holds after searches, beside the matrix in fp32."""
    np.save(folder / "queries.npy", queries)
    dimensions = queries.shape[1]
    command = [sys.executable, "-c", MEMORY, str(folder), str(dimensions), str(FOUND)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    matrix = MILLION * dimensions * 4 / 1e6
    return Figure(
        "search.1m_memory_mb", round(float(done.stdout), 1), "MB", "the matrix in fp32", matrix
    )


def measure_searching(_only: str) -> Iterator[Figure]:
    """Beside plain fp32: every row compared, the best fifty poems taken."""
    real, asking, joint = real_vectors()
    with tempfile.TemporaryDirectory(dir=load_settings().data_dir) as folder:
        index = million(real, joint, Path(folder))
        plain = Index("bench", index.passage_ids, index.poem_ids, np.array(index.vectors))
        queries = perturb(asking, joint, RUNS, QUERY_NOISE, np.random.default_rng(1))
        missed = []
        for query in queries:
            found = {one.poem_id for one in index.search(query, FOUND)}
            missed.append(1 - len(found & {p.poem_id for p in plain.search(query, FOUND)}) / FOUND)
        turns, others = iter(np.tile(queries, (3, 1))), iter(np.tile(queries, (3, 1)))
        yield side_by_side(
            "search.1m_ms",
            lambda: index.search(next(turns), FOUND),
            "every row compared, fp32",
            lambda: plain.search(next(others), FOUND),
        )
        yield memory(Path(folder), queries)
        yield Figure("search.1m_recall_50", round(1 - statistics.mean(missed), 4), "share")
