"""A short list of rows that may be the nearest, out of very many: compressed, then looked at again.

Each vector is kept a second time as a product-quantised code, three dimensions in four bits, so
that a million of 386 dimensions take 65 MB in place of 1.5 GB. A search reads all codes, takes the
best ten thousand, and only these are compared exactly. faiss does the reading (its fast scan keeps
the tables in the processor's registers).

Two files beside the matrix: the quantiser, trained once on a sample of the rows, and the codes,
appended to as the rows are. Nothing here is pickled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WORTH_FROM = 50_000  # rows; below, all of them are compared faster than faiss is loaded
ROWS = 10_000  # on the list; half as many missed none of the best fifty of 1,000,000
DIMENSIONS_A_CODE = (3, 4)  # the first that the vector's length can be divided by, else filled up
_SAMPLE = 40_000  # rows that the quantiser is trained on
_CHUNK = 65_536  # rows encoded at once
_QUANTISER, _CODES = "short.quantiser", "short.codes"

Codes = NDArray[np.uint8]
Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]


class ShortList:
    """All codes in memory, ready to be searched."""

    def __init__(self, scan: Any) -> None:
        """`scan`: a faiss index whose rows are those of the matrix."""
        self._scan = scan

    def __len__(self) -> int:
        return int(self._scan.ntotal)

    def rows(self, vector: Vectors, count: int) -> Ids:
        """About the `count` rows nearest to `vector` [d], rising."""
        asked = _filled_up(vector.astype(np.float32)[None], self._scan.d)
        with _one_thread():
            _, rows = self._scan.search(asked, min(count, len(self)))
        found: Ids = np.sort(rows[0][rows[0] >= 0]).astype(np.int64)
        return found


def files() -> tuple[str, str]:
    """The names of its files."""
    return _QUANTISER, _CODES


def extend(folder: Path, vectors: Vectors, coded: int) -> int:
    """Bring the codes in `folder` up to all of `vectors` [n, d], of which `coded` have theirs.

    Trains the quantiser when there is none. Returns how many rows are coded now; raises OSError
    when the disk is full.
    """
    import faiss

    path = folder / _QUANTISER
    if coded == 0 or not path.exists():
        coded = 0
        sample = np.linspace(0, len(vectors) - 1, min(_SAMPLE, len(vectors))).astype(np.int64)
        quantiser = _untrained(vectors.shape[1])
        quantiser.train(_filled_up(vectors[sample], quantiser.d))
        path.write_bytes(faiss.serialize_index(quantiser).tobytes())
    else:
        quantiser = _read(path)
    width = quantiser.sa_code_size()
    with (folder / _CODES).open("r+b" if coded else "w+b") as file:
        file.truncate(coded * width)
        file.seek(coded * width)
        for start in range(coded, len(vectors), _CHUNK):
            chunk = _filled_up(vectors[start : start + _CHUNK], quantiser.d)
            file.write(quantiser.sa_encode(chunk).tobytes())
    return len(vectors)


def open_short_list(folder: Path, rows: int) -> ShortList | None:
    """The list of the first `rows`; None where its files are not what they should be."""
    import faiss

    try:
        quantiser = _read(folder / _QUANTISER)
        width = quantiser.sa_code_size()
        codes: Codes = np.fromfile(folder / _CODES, np.uint8, count=rows * width)
    except (OSError, RuntimeError):  # faiss raises RuntimeError for bytes that are no index
        return None
    if codes.size != rows * width:
        return None
    quantiser.add_sa_codes(codes.reshape(rows, width))
    return ShortList(faiss.IndexPQFastScan(quantiser))


def _untrained(dimensions: int) -> Any:
    import faiss

    bits = 4  # what the fast scan reads
    fits = (size for size in DIMENSIONS_A_CODE if dimensions % size == 0)
    size = next(fits, DIMENSIONS_A_CODE[0])
    codes = -(-dimensions // size)
    return faiss.IndexPQ(codes * size, codes, bits, faiss.METRIC_INNER_PRODUCT)


def _filled_up(vectors: Vectors, dimensions: int) -> Vectors:
    """Vectors [n, d] with noughts behind them: [n, dimensions], in one piece."""
    missing = dimensions - vectors.shape[1]
    return np.ascontiguousarray(np.pad(vectors, ((0, 0), (0, missing))) if missing else vectors)


def _read(path: Path) -> Any:
    import faiss

    return faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8))


@contextmanager
def _one_thread() -> Iterator[None]:
    """One query is read by one thread anyway; a pool of faiss's own would only get in torch's."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
