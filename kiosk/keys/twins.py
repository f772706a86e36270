"""One key press that is heard of twice: by the window, and from the keypad itself. Pure.

Whichever comes first counts. The other, of the same key and within `APART_S`, is its twin and does
not; each has at most one twin, so that two quick presses stay two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import StrEnum
from time import monotonic

from kiosk.keys.habits import Motion

APART_S = 0.25  # between the two pieces of news of one press


class Source(StrEnum):
    """Who tells of a key."""

    WINDOW = "window"
    DEVICE = "device"


class Twins:
    """Remembers what was heard of from one side only, for `APART_S`."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._alone: dict[tuple[str, Motion], deque[tuple[float, Source]]] = {}

    def is_twin(self, key: str, motion: Motion, source: Source) -> bool:
        """Whether the other side has told of this very motion already."""
        now = self._clock()
        waiting = self._alone.setdefault((key, motion), deque())
        while waiting and now - waiting[0][0] > APART_S:
            waiting.popleft()
        if waiting and waiting[0][1] is not source:
            waiting.popleft()
            return True
        waiting.append((now, source))
        return False
