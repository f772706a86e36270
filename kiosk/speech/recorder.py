"""Takes the place of a sound card: time passes as if one played, and a wav may be kept of it."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path

import numpy as np

from engine.errors import KnownError
from kiosk.speech.sink import LEAD_S
from kiosk.speech.synthesiser import Samples

RATE = 22050  # samples per second; what espeak-ng gives
LONGEST_IDLE_S = 5.0  # of silence nobody asked for, between two answers, that is written
NOT_WRITABLE = "{} cannot be written ({}); choose another file for the sound."
FULL = "The sound could not be written ({}); free some disk space or choose another file."
_NAP_S = 0.004


class RecorderSink:
    """Everything heard, with the silences, in one 16-bit mono wav.

    `paced` keeps the pace of time, as a sound card would, and shows gaps as the silence that they
    would be; otherwise what is written counts as heard at once. Without a path nothing is kept.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        paced: bool,
        rate: int = RATE,
        stand_in: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self.stand_in = stand_in
        self._paced = paced
        self._clock = clock
        self._file = _open(path, rate) if path is not None else None
        self._bytes = 0  # of sound in the file
        self._written = 0  # by the player
        self._base_frame, self._base_time = 0, 0.0  # this frame was heard at this time

    def room(self) -> int:
        """Samples that may be written; without a pace, always a second."""
        if not self._paced:
            return self.rate
        return max(0, round(LEAD_S * self.rate) - (self._written - self.heard()))

    def write(self, samples: Samples) -> None:
        """Appends; the wav is whole after each call. Raises KnownError when the disk is full."""
        if self._paced and self.heard() == self._written:
            now = self._clock()
            if self._written:
                due = self._base_time + (self._written - self._base_frame) / self.rate
                self._keep(np.zeros(round(min(now - due, LONGEST_IDLE_S) * self.rate), np.float32))
            self._base_frame, self._base_time = self._written, now
        self._keep(samples)
        self._written += samples.size

    def heard(self) -> int:
        """Samples heard: all of them, or as many as time has let pass."""
        if not self._paced:
            return self._written
        passed = int((self._clock() - self._base_time) * self.rate)
        return min(self._written, self._base_frame + passed)

    def hush(self) -> int | None:
        """None: what it holds is in the file already, and it is little."""
        return None

    def set_volume(self, volume: float) -> bool:
        """False: the player scales the samples."""
        del volume
        return False

    def nap(self) -> None:
        """Sleeps a little where there is a pace to keep."""
        if self._paced:
            time.sleep(_NAP_S)

    def close(self) -> None:
        """Lets go of the file, which is whole already."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep(self, samples: Samples) -> None:
        if self._file is None or not samples.size:
            return
        whole = np.clip(np.rint(samples * 32767.0), -32768, 32767).astype("<i2")
        try:
            self._file.write(whole.tobytes())
            self._bytes += whole.nbytes
            self._file.seek(0)
            self._file.write(_header(self.rate, self._bytes))
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            self.close()  # said once; from here on time passes without a recording
            raise KnownError(FULL.format(error.strerror)) from error


def _open(path: Path, rate: int) -> FileIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = FileIO(path, "w")  # unbuffered, so that a crash of ours costs no sound
    except OSError as error:
        raise KnownError(NOT_WRITABLE.format(path, error.strerror)) from error
    try:
        file.write(_header(rate, 0))
    except OSError as error:
        file.close()
        raise KnownError(NOT_WRITABLE.format(path, error.strerror)) from error
    return file


def _header(rate: int, size: int) -> bytes:
    """The first 44 bytes of a 16-bit mono wav that holds `size` bytes of sound."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", size)
    )
