"""Takes the place of a sound card: time passes as if one played, and a wav may be kept of it."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.errors import KnownError
from kiosk.speech.player import LEAD_S
from kiosk.speech.synthesiser import Samples

RATE = 22050  # samples per second; what espeak-ng gives
LONGEST_IDLE_S = 5.0  # of silence nobody asked for, between two answers, that is written
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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self._paced = paced
        self._clock = clock
        self._file = _open(path, rate) if path is not None else None
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

    def nap(self) -> None:
        """Sleeps a little where there is a pace to keep."""
        if self._paced:
            time.sleep(_NAP_S)

    def close(self) -> None:
        """Completes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep(self, samples: Samples) -> None:
        if self._file is None or not samples.size:
            return
        whole = np.clip(np.rint(samples * 32767.0), -32768, 32767).astype("<i2")
        try:
            self._file.writeframes(whole.tobytes())
        except OSError as error:
            raise KnownError(
                f"The sound could not be written ({error.strerror}); free some disk space or choose"
                " another file."
            ) from error


def _open(path: Path, rate: int) -> wave.Wave_write:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = wave.open(str(path), "wb")  # noqa: SIM115  (lives as long as the sink)
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror}); choose another file for the sound."
        ) from error
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(rate)
    return file
