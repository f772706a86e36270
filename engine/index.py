"""Vectors, their passages, and the search over them.

The vectors' home is the store. What lives here is a cache: a folder with a few flat files that
are mapped into memory, appended to when poems are added, and thrown away when they do not agree
with the store any more.

    meta.json     format, fingerprint, dimensions, rows, rows coded, the store's state as last seen
    ids.i64       [rows, 2] int64: passage id, poem id
    vectors.f32   [rows, dimensions] float32
    short.*       where there are very many rows: their codes, see `engine.short_list`

A row counts only once `meta.json` says so, and `meta.json` is replaced in one step; so a cache
whose writing was interrupted is either the old one or the new one.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine import short_list
from engine.short_list import Ids, ShortList, Vectors
from engine.types import Candidate

__all__ = ["Ids", "Index", "IndexCache", "Vectors", "empty_index"]

FORMAT = 2


@dataclass(frozen=True, slots=True)
class Index:
    """Vectors ready to be searched.

    passage_ids, poem_ids: int64 [n]; vectors: float32 [n, d], as the encoder gives them;
    fingerprint: that of the bundle which made the vectors; short: a list of which rows may be the
    nearest, where there are so many that comparing all takes long.
    """

    fingerprint: str
    passage_ids: Ids
    poem_ids: Ids
    vectors: Vectors
    short: ShortList | None = None

    def __len__(self) -> int:
        return len(self.passage_ids)

    def search(
        self, vector: Vectors, k: int, *, hidden: Collection[int] = frozenset()
    ) -> list[Candidate]:
        """The `k` poems nearest to `vector` [d], each by its best passage.

        Exact dot product; hidden poems are left out and do not count towards `k`. Equal
        similarities are ordered by passage id, so that an answer is the same each time. With a
        short list only its rows are compared, unless fewer than `k` poems are among them.
        """
        if k <= 0 or len(self) == 0:
            return []
        if self.short is not None:
            rows = self.short.rows(vector, max(short_list.ROWS, 8 * k))
            found = self._nearest(vector, k, hidden, rows)
            if len(found) < k:
                found = self._nearest(vector, k, hidden, None)
            self._let_go()
            return found
        return self._nearest(vector, k, hidden, None)

    def _let_go(self) -> None:
        """Of a mapped matrix of very many rows nothing stays this process's: search after search
        would gather up all of it. The system keeps the pages for the next one, where it has room.
        """
        mapping: object = self.vectors.base
        if isinstance(mapping, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapping.madvise(mmap.MADV_DONTNEED)

    def _nearest(
        self, vector: Vectors, k: int, hidden: Collection[int], rows: Ids | None
    ) -> list[Candidate]:
        """Exactly, among `rows`, or among all."""
        vectors, passages, poems = self.vectors, self.passage_ids, self.poem_ids
        if rows is not None:
            vectors, passages, poems = vectors[rows], passages[rows], poems[rows]
        similarities = vectors @ vector.astype(np.float32, copy=False)
        if hidden:
            keep = ~np.isin(poems, np.fromiter(hidden, dtype=np.int64))
            similarities = np.where(keep, similarities, -np.inf)
        found: dict[int, Candidate] = {}
        for row in _best_rows_first(similarities, passages, k):
            poem = int(poems[row])
            if poem in found:
                continue
            found[poem] = Candidate(int(passages[row]), poem, float(similarities[row]))
            if len(found) == k:
                break
        return list(found.values())

    def best_passages(self, vector: Vectors, poems: Collection[int]) -> list[Candidate]:
        """For each of `poems`, in this order, its passage nearest to `vector`; none for unknown."""
        best: list[Candidate] = []
        for poem in poems:
            rows = np.flatnonzero(self.poem_ids == poem)
            if len(rows):
                similarities = self.vectors[rows] @ vector.astype(np.float32, copy=False)
                at = int(np.argmax(similarities))
                best.append(
                    Candidate(int(self.passage_ids[rows[at]]), poem, float(similarities[at]))
                )
        return best


def empty_index(fingerprint: str, dimensions: int) -> Index:
    """An index of nothing."""
    none = np.empty(0, dtype=np.int64)
    return Index(fingerprint, none, none, np.empty((0, dimensions), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class IndexCache:
    """The folder of one bundle's matrix."""

    folder: Path
    fingerprint: str
    dimensions: int

    def state(self) -> str | None:
        """What `append` was last told of the store's state; None when there is no sound cache."""
        meta = self._meta()
        return None if meta is None else str(meta["state"])

    def rows(self) -> int:
        """How many vectors the cache holds."""
        meta = self._meta()
        return 0 if meta is None else int(meta["rows"])

    def last_id(self) -> int:
        """The largest passage id in the cache, 0 when it is empty."""
        rows = self.rows()
        return int(self._ids(rows)[-1, 0]) if rows else 0

    def _ids(self, rows: int) -> Ids:
        """[rows, 2], mapped."""
        return np.memmap(self.folder / "ids.i64", dtype=np.int64, mode="r", shape=(rows, 2))

    def open(self) -> Index:
        """Map the matrix; an index of nothing when there is no sound cache."""
        meta = self._meta()
        rows = 0 if meta is None else int(meta["rows"])
        if rows == 0:
            return empty_index(self.fingerprint, self.dimensions)
        ids = self._ids(rows)
        vectors = np.memmap(
            self.folder / "vectors.f32",
            dtype=np.float32,
            mode="r",
            shape=(rows, self.dimensions),
        )
        short = None
        if meta is not None and 0 < rows == int(meta["coded"]):
            short = short_list.open_short_list(self.folder, rows)
        # Ids are small and looked at in every search: they are taken into memory whole.
        return Index(self.fingerprint, ids[:, 0].copy(), ids[:, 1].copy(), vectors, short)

    def clear(self) -> None:
        """Throw the cache away."""
        for name in ("meta.json", "ids.i64", "vectors.f32", *short_list.files()):
            (self.folder / name).unlink(missing_ok=True)

    def append(self, blocks: Iterable[tuple[Ids, Ids, Vectors]], state: str) -> int:
        """Add rows (passage ids [n], poem ids [n], vectors [n, d]); note the store's `state`.

        Rows must come in rising order of passage id. Returns how many were added. Raises OSError
        when the disk is full; what the cache held before still counts.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._meta() is None:
            self.clear()  # another process may have the old files mapped: unlink, never truncate
        rows = self.rows()
        added = 0
        with (
            _open_at(self.folder / "ids.i64", rows * 16) as ids_file,
            _open_at(self.folder / "vectors.f32", rows * self.dimensions * 4) as vectors_file,
        ):
            for passage_ids, poem_ids, vectors in blocks:
                if vectors.shape != (len(passage_ids), self.dimensions):
                    raise ValueError(
                        f"vectors of shape {vectors.shape}, "
                        f"wanted ({len(passage_ids)}, {self.dimensions})"
                    )
                ids_file.write(np.column_stack([passage_ids, poem_ids]).astype("<i8").tobytes())
                vectors_file.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
                added += len(passage_ids)
            for file in (ids_file, vectors_file):
                file.flush()
                os.fsync(file.fileno())
        self._write_meta(rows + added, self._coded(), state)  # from here on the rows are safe
        coded = self._extend_short_list(rows + added)
        if coded:
            self._write_meta(rows + added, coded, state)
        return added

    def _coded(self) -> int:
        meta = self._meta()
        return 0 if meta is None else int(meta["coded"])

    def _extend_short_list(self, rows: int) -> int:
        """How many rows have codes now; 0 where there are too few to be worth it."""
        if rows < short_list.WORTH_FROM:
            return 0
        vectors = np.memmap(
            self.folder / "vectors.f32", dtype=np.float32, mode="r", shape=(rows, self.dimensions)
        )
        return short_list.extend(self.folder, vectors, self._coded())

    def _meta(self) -> dict[str, Any] | None:
        try:
            meta: dict[str, Any] = json.loads((self.folder / "meta.json").read_text("utf-8"))
            rows = int(meta["rows"])
            sound = (
                meta["format"] == FORMAT
                and meta["fingerprint"] == self.fingerprint
                and meta["dimensions"] == self.dimensions
                and "state" in meta
                and 0 <= int(meta["coded"]) <= rows
                and (
                    rows == 0
                    or (
                        (self.folder / "ids.i64").stat().st_size >= rows * 16
                        and (self.folder / "vectors.f32").stat().st_size
                        >= rows * self.dimensions * 4
                    )
                )
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return meta if sound else None

    def _write_meta(self, rows: int, coded: int, state: str) -> None:
        meta = {
            "format": FORMAT,
            "fingerprint": self.fingerprint,
            "dimensions": self.dimensions,
            "rows": rows,
            "coded": coded,
            "state": state,
        }
        fresh = self.folder / "meta.json.new"
        fresh.write_text(json.dumps(meta), encoding="utf-8")
        fresh.replace(self.folder / "meta.json")


def _best_rows_first(similarities: Vectors, passage_ids: Ids, k: int) -> Iterable[int]:
    """Rows by falling similarity, in widening circles: most searches need only the first."""
    seen = 0
    width = min(len(similarities), 4 * k + 64)
    while True:
        if width < len(similarities):
            top = np.argpartition(-similarities, width - 1)[:width]
            # Ties at the circle's edge must not depend on the partition: take them all.
            top = np.flatnonzero(similarities >= similarities[top].min())
        else:
            top = np.arange(len(similarities))
        order = top[np.lexsort((passage_ids[top], -similarities[top]))]
        for row in order[seen:]:
            if similarities[row] == -np.inf:
                return
            yield int(row)
        if len(top) == len(similarities):
            return
        seen = len(top)
        width = min(len(similarities), 4 * max(width, len(top)))


def _open_at(path: Path, offset: int) -> Any:
    """Open for writing at `offset`; what lies behind it is the rest of an interrupted append."""
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(offset)
    file.seek(offset)
    return file
