"""Where samples go: a sound card, a file, or nowhere.

A shallow sink holds little that is not heard yet (`LEAD_S`). A deep one holds more, so that the
sound goes on while Python stands still (importing a large library does that for half a second),
and can hush: fade and throw away what it holds.
"""

from __future__ import annotations

from typing import Protocol

from engine.errors import KnownError
from kiosk.speech.synthesiser import Samples

LEAD_S = 0.04  # how much a shallow sink may hold that is not heard yet


class DeviceLostError(KnownError):
    """The sound device is gone or was never there; another may be opened in its place."""


class DeviceMovedError(DeviceLostError):
    """Another device is the right one now: a headset was plugged in, or pulled out."""


class Sink(Protocol):
    """Where samples go: a sound card, a file, or nowhere, at the pace of time or faster."""

    rate: int  # samples per second that it wants

    @property
    def stand_in(self) -> bool:
        """It takes the place of a device that is gone, or of one that is right now: look again."""
        ...

    def room(self) -> int:
        """How many samples it takes now without holding too much. Raises as `write`."""
        ...

    def write(self, samples: Samples) -> None:
        """Takes mono samples, at most `room()`.

        Raises DeviceLostError; another KnownError when a disk is full.
        """
        ...

    def heard(self) -> int:
        """How many of the samples written have been heard."""
        ...

    def hush(self) -> int | None:
        """Fades and throws away what it holds; how many samples were not heard.

        None from a shallow sink, which leaves the fading to the player.
        """
        ...

    def set_volume(self, volume: float) -> bool:
        """Applies a volume, 0..1, to all that is heard from now on; False from a shallow sink."""
        ...

    def nap(self) -> None:
        """Waits until there may be room or more was heard: some milliseconds, or not at all."""
        ...

    def close(self) -> None:
        """Lets go of the device or completes the file."""
        ...
