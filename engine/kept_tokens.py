"""What an encoder has read of passages, kept on disk, so that each is read once and not at each
answer.

A folder of one bundle's readings, found by a digest of the text and its subjects:

    meta.json     format, fingerprint, width and dimensions of a reading
    entries       36 bytes a reading: digest, where it stands, tokens, lines, checksum
    readings      one after another: tokens [T, width] in half precision, the vector
                  [dimensions] in single precision, since near poems differ by little in it, and
                  the vectors of lines [L, dimensions] in half precision

The file is appended to up to its bound; then the older half goes. A reading counts only where its
checksum says so: what is damaged, torn or of another bundle is read anew by the encoder, and a disk
that is full or read-only means that nothing more is kept. Nothing is mapped into memory: a reading
is some 49 kB, and the system keeps what is asked for often.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from engine.types import PassageTokens, TokenReader

FORMAT = 3  # 1 had the vector of what is read closely alone, 2 had no lines
DEFAULT_BOUND = 1_000_000_000  # bytes; some 20,000 passages of the compact bundle
PATIENCE_S = 5.0  # with another process that is writing; what cannot be kept is not kept

_ENTRY = np.dtype(
    [("digest", "V16"), ("start", "<i8"), ("tokens", "<i4"), ("lines", "<i4"), ("crc", "<u4")]
)
_META, _ENTRIES, _READINGS = "meta.json", "entries", "readings"
_CHUNK = 1 << 20  # bytes copied at once

Entries = npt.NDArray[np.void]
Number = TypeVar("Number", int, npt.NDArray[np.int64])

_log = logging.getLogger(__name__)


class Place(NamedTuple):
    """Where a reading stands, and how much of it there is."""

    start: int  # byte of the readings
    tokens: int
    lines: int
    crc: int  # checksum


class KeptTokens:
    """A `TokenReader` around another. One thread at a time; several processes on one folder."""

    def __init__(
        self, reader: TokenReader, folder: Path, fingerprint: str, *, bound: int = DEFAULT_BOUND
    ) -> None:
        """Touches nothing yet. `bound` is in bytes; 0 keeps nothing."""
        self._reader = reader
        self._folder = folder
        self._fingerprint = fingerprint
        self._bound = bound
        self._width = self._dimensions = 0  # of what is kept; 0 before the first look
        self._places: dict[bytes, Place] = {}
        self._seen: tuple[int, int, int] = (0, 0, 0)  # inode, size and age of the entries

    def tokens(self, texts: Sequence[str], *, subjects: Sequence[str] = ()) -> list[PassageTokens]:
        """The passages' tokens, in their order; those that are not kept are read, and then kept."""
        told = list(zip(texts, subjects or [""] * len(texts), strict=True))
        digests = [_digest(text, about) for text, about in told]
        found = self._kept(digests)
        waiting = {
            digest: one for digest, one in zip(digests, told, strict=True) if digest not in found
        }
        if waiting:
            unread, about = zip(*waiting.values(), strict=True)
            read = self._reader.tokens(unread, subjects=about)
            fresh = {digest: _halved(one) for digest, one in zip(waiting, read, strict=True)}
            self._keep(fresh)
            found |= fresh
            found |= self._kept(list(fresh))  # another process may have been first, by a hair else
        return [found[digest] for digest in digests]

    def __len__(self) -> int:
        """How many readings are kept."""
        self._look()
        return len(self._places)

    def _kept(self, digests: Sequence[bytes]) -> dict[bytes, PassageTokens]:
        if self._bound <= 0:
            return {}
        if any(digest not in self._places for digest in digests):
            self._look()
        found: dict[bytes, PassageTokens] = {}
        try:
            with (self._folder / _READINGS).open("rb") as file:
                for digest in digests:
                    place = self._places.get(digest)
                    one = None if place is None else self._unpacked(file.fileno(), *place)
                    if one is not None:
                        found[digest] = one
                    else:
                        self._places.pop(digest, None)
        except OSError:
            return {}
        return found

    def _unpacked(
        self, file: int, start: int, count: int, lines: int, crc: int
    ) -> PassageTokens | None:
        size = self._size(count, lines)
        raw = os.pread(file, size, start)
        if len(raw) != size or zlib.crc32(raw) != crc:
            return None
        cut, length = count * self._width, self._dimensions
        tokens = np.frombuffer(raw, np.float16, cut).reshape(count, self._width)
        vector = np.frombuffer(raw, np.float32, length, offset=2 * cut)
        each = np.frombuffer(raw, np.float16, offset=2 * cut + 4 * length)
        return PassageTokens(tokens, vector, each.reshape(lines, length))

    def _size(self, tokens: Number, lines: Number) -> Number:
        """The bytes of a reading, or of each of many."""
        return 2 * tokens * self._width + 2 * (2 + lines) * self._dimensions

    # --- what is there ------------------------------------------------------------------------

    def _look(self) -> None:
        """Learn what is kept, where it changed since the last look."""
        try:
            seen = self._age()
            if seen != self._seen:
                self._read_meta()
                self._places = _places(self._entries())
                self._seen = seen
        except (OSError, ValueError, KeyError, TypeError):
            self._places, self._seen = {}, (0, 0, 0)

    def _age(self) -> tuple[int, int, int]:
        told = (self._folder / _ENTRIES).stat()
        return told.st_ino, told.st_size, told.st_mtime_ns

    def _read_meta(self) -> None:
        """Raises ValueError or KeyError where the folder is another bundle's, or damaged."""
        meta = json.loads((self._folder / _META).read_text("utf-8"))
        if meta["format"] != FORMAT or meta["fingerprint"] != self._fingerprint:
            raise ValueError("of another format or bundle")
        self._width, self._dimensions = int(meta["width"]), int(meta["dimensions"])

    def _entries(self) -> Entries:
        """Raises ValueError where they do not stand one after another: then none is trusted.

        OSError or ValueError, too, where the readings are not all there.
        """
        entries = np.fromfile(self._folder / _ENTRIES, _ENTRY)
        counts, lines = (entries[name].astype(np.int64) for name in ("tokens", "lines"))
        sizes = self._size(counts, lines)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(entries) else sizes
        if (counts < 0).any() or (lines < 0).any() or (entries["start"] != starts).any():
            raise ValueError("entries that do not agree")
        if (self._folder / _READINGS).stat().st_size < int(sizes.sum()):
            raise ValueError("readings that are not there")
        return entries

    # --- what is added ------------------------------------------------------------------------

    def _keep(self, fresh: dict[bytes, PassageTokens]) -> None:
        if self._bound <= 0:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock", timeout=PATIENCE_S):
                self._look()
                missing = {key: one for key, one in fresh.items() if key not in self._places}
                if missing:
                    self._append(missing)
        except (OSError, ValueError, Timeout) as problem:
            _log.info("readings of passages are not kept: %s", problem)

    def _append(self, fresh: dict[bytes, PassageTokens]) -> None:
        """With the lock held, and after a look."""
        one = next(iter(fresh.values()))
        if not self._seen[0] or one.tokens.shape[1] != self._width:
            self._begin(one)
        raws = {
            key: one.tokens.tobytes() + one.vector.tobytes() + one.lines.tobytes()
            for key, one in fresh.items()
        }
        wanted = sum(map(len, raws.values()))
        if wanted > self._bound // 2:
            return
        entries = self._entries()
        if self._end(entries) + wanted > self._bound:
            entries = self._make_room(entries)
            self._places = _places(entries)
        end = self._end(entries)
        added = np.zeros(len(raws), _ENTRY)
        with (self._folder / _READINGS).open("r+b") as file:
            file.truncate(end)  # what lies behind is the rest of an interrupted append
            file.seek(end)
            for row, (key, raw) in enumerate(raws.items()):
                own = fresh[key]
                added[row] = (key, end, len(own.tokens), len(own.lines), zlib.crc32(raw))
                file.write(raw)
                end += len(raw)
        with (self._folder / _ENTRIES).open("r+b") as file:
            file.truncate(entries.nbytes)
            file.seek(entries.nbytes)
            file.write(added.tobytes())
        # What is known of the others holds still: they are not looked at again for each addition.
        self._places |= _places(added)
        self._seen = self._age()

    def _begin(self, one: PassageTokens) -> None:
        """Empty files; another process may have old ones open, so they are never truncated."""
        for name in (_ENTRIES, _READINGS, _META):
            (self._folder / name).unlink(missing_ok=True)
        self._places = {}
        self._width, self._dimensions = one.tokens.shape[1], len(one.vector)
        meta = {
            "format": FORMAT,
            "fingerprint": self._fingerprint,
            "width": self._width,
            "dimensions": self._dimensions,
        }
        (self._folder / _META).write_text(json.dumps(meta), encoding="utf-8")
        (self._folder / _READINGS).touch()
        (self._folder / _ENTRIES).touch()

    def _end(self, entries: Entries) -> int:
        """Where the last reading ends."""
        if not len(entries):
            return 0
        last = entries[-1]
        return int(last["start"] + self._size(int(last["tokens"]), int(last["lines"])))

    def _make_room(self, entries: Entries) -> Entries:
        """Forget the older half; what is left."""
        kept = entries[entries["start"] >= self._end(entries) - self._bound // 2]
        first = int(kept[0]["start"]) if len(kept) else self._end(entries)
        fresh = self._folder / f"{_READINGS}.new"
        with (self._folder / _READINGS).open("rb") as old, fresh.open("wb") as new:
            old.seek(first)
            while chunk := old.read(_CHUNK):
                new.write(chunk)
        moved = kept.copy()
        moved["start"] -= first
        entry = self._folder / f"{_ENTRIES}.new"
        entry.write_bytes(moved.tobytes())
        # Between these two steps no checksum holds, and everything would be read anew.
        fresh.replace(self._folder / _READINGS)
        entry.replace(self._folder / _ENTRIES)
        return moved


def _places(entries: Entries) -> dict[bytes, Place]:
    """Where each reading stands, by its digest."""
    rest = ("start", "tokens", "lines", "crc")
    return {bytes(one["digest"]): Place(*(int(one[name]) for name in rest)) for one in entries}


def _digest(text: str, subjects: str) -> bytes:
    return hashlib.sha256(f"{text}\0{subjects}".encode()).digest()[:16]


def _halved(one: PassageTokens) -> PassageTokens:
    """As it will be kept, from the first time, so that an answer is the same each time."""
    return PassageTokens(
        np.ascontiguousarray(one.tokens, np.float16),
        np.ascontiguousarray(one.vector, np.float32),
        np.ascontiguousarray(one.lines, np.float16),
    )
