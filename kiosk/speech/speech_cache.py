"""Lines that were spoken once, kept in files, so that they are heard at once the next time.

A bounded folder, least recently used go first. A file is one line: a magic word, a checksum of
all that follows, the length of a JSON head, the head, and 16-bit samples. Files appear whole or
not at all. Nothing here ever hurts speaking: a damaged file is removed and counts as not there,
and a disk that is full or read-only means that nothing is kept.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import struct
import tempfile
import threading
import time
import zlib
from pathlib import Path

import numpy as np

from kiosk.speech.synthesiser import Utterance, WordTiming

DEFAULT_BOUND = 200_000_000  # bytes; about 75 minutes of speech
SUFFIX = ".line"
_MAGIC = b"EKPHLIN2"
_PREFIX = struct.Struct("<8sI")  # magic, CRC-32 of what follows it
_LENGTH = struct.Struct("<I")  # of the head
_ROOM_AFTER = 0.9  # of the bound, so that not every new line sweeps
_ABANDONED_S = 3600.0  # a temporary file of this age has no writer any more

_log = logging.getLogger(__name__)


class SpeechCache:
    """Utterances by key. For any thread, and for several processes on one folder."""

    def __init__(self, folder: Path, *, bound: int = DEFAULT_BOUND) -> None:
        """Touches nothing yet. `bound` is in bytes; 0 keeps nothing."""
        self.folder = folder
        self.bound = bound
        self._lock = threading.Lock()
        self._size: int | None = None  # bytes held, as far as is known; None before the first look

    def get(self, key: str) -> Utterance | None:
        """What is kept under a key; None where there is nothing that can be trusted."""
        path = self._path(key)
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        utterance = _unpack(raw)
        with contextlib.suppress(OSError):
            if utterance is None:
                path.unlink()
            else:
                os.utime(path)
        return utterance

    def has(self, key: str) -> bool:
        """Whether something is kept under a key, looked at or not."""
        return self._path(key).is_file()

    def put(self, key: str, utterance: Utterance) -> bool:
        """Keeps it, if there is room on the disk; whether it is kept."""
        raw = _pack(utterance)
        if len(raw) > self.bound:
            return False
        with self._lock:
            try:
                self._write(self._path(key), raw)
            except OSError as error:
                _log.info("a spoken line is not kept: %s", error)
                return False
            self._size = self.size() if self._size is None else self._size + len(raw)
            if self._size > self.bound:
                self._sweep()
        return True

    def size(self) -> int:
        """Bytes held."""
        return sum(size for _, size, _ in self._files())

    def clear(self) -> None:
        """Forgets every line."""
        with self._lock:
            for _, _, path in self._files():
                with contextlib.suppress(OSError):
                    path.unlink()
            self._size = None

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{SUFFIX}"

    def _write(self, path: Path, raw: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def _sweep(self) -> None:
        """Removes what was not heard for the longest time."""
        files = sorted(self._files())
        held = sum(size for _, size, _ in files)
        for _, size, path in files:
            if held <= self.bound * _ROOM_AFTER:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                held -= size
        self._size = held
        for path in self.folder.glob("*/*.part"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    path.unlink()

    def _files(self) -> list[tuple[float, int, Path]]:
        """When it was last used, how large it is, where it is."""
        found = []
        for path in self.folder.glob(f"*/*{SUFFIX}"):
            with contextlib.suppress(OSError):  # removed by another process meanwhile
                told = path.stat()
                found.append((told.st_mtime, told.st_size, path))
        return found


def _pack(utterance: Utterance) -> bytes:
    head = json.dumps(
        {
            "rate": utterance.rate,
            "frames": utterance.samples.size,
            "words": [(word.start, word.length, word.at_s) for word in utterance.words],
        }
    ).encode()
    sound = np.clip(np.rint(utterance.samples * 32768.0), -32768, 32767).astype("<i2")
    body = _LENGTH.pack(len(head)) + head + sound.tobytes()
    return bytes(_PREFIX.pack(_MAGIC, zlib.crc32(body)) + body)


def _unpack(raw: bytes) -> Utterance | None:
    """None for anything that `_pack` did not write as it is."""
    if len(raw) < _PREFIX.size:
        return None
    magic, checksum = _PREFIX.unpack_from(raw)
    body = raw[_PREFIX.size :]
    if magic != _MAGIC or zlib.crc32(body) != checksum:
        return None
    sound = _LENGTH.size + _LENGTH.unpack_from(body)[0]
    head = json.loads(body[_LENGTH.size : sound])
    samples = np.frombuffer(body, "<i2", offset=sound) / np.float32(32768.0)
    words = tuple(WordTiming(start, letters, at_s) for start, letters, at_s in head["words"])
    return Utterance(samples.astype(np.float32), int(head["rate"]), words)
