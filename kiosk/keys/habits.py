"""Which presses of a key count, for hands that shake and hands that hold on. Pure.

1. A press of the same key within `bounce_s` after the last one that counted, or after that one was
   let go, does not count. Presses that did not count move no limit, so that a shaking hand is
   never shut out.
2. A key that is held counts again only after `repeat_delay_s`, and then at most every
   `repeat_every_s`; with 0 there, once and no more. The keyboard's own repeats are the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

LONGEST_BOUNCE_S = 0.5
LONGEST_REPEAT_S = 2.0  # both the delay and the time from one repeat to the next


class Motion(StrEnum):
    """What a key does."""

    DOWN = "down"
    HELD = "held"  # the keyboard's own repeat
    UP = "up"


@dataclass(frozen=True, slots=True)
class KeyHabits:
    """How staff set the keys of one kiosk, in seconds. Raises ValueError outside the ranges."""

    bounce_s: float = 0.0  # 0 to 0.5
    repeat_delay_s: float = 0.5  # 0 to 2
    repeat_every_s: float = 0.0  # 0 to 2; 0: a held key counts once

    def __post_init__(self) -> None:
        if not 0.0 <= self.bounce_s <= LONGEST_BOUNCE_S:
            raise ValueError(f"bounce_s {self.bounce_s} is not within 0..{LONGEST_BOUNCE_S}")
        for name in ("repeat_delay_s", "repeat_every_s"):
            if not 0.0 <= getattr(self, name) <= LONGEST_REPEAT_S:
                raise ValueError(f"{name} is not within 0..{LONGEST_REPEAT_S}")


class PressFilter:
    """Decides for each motion of each key whether it counts."""

    def __init__(
        self, habits: KeyHabits | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._habits = habits or KeyHabits()
        self._clock = clock
        self._touched: dict[str, float] = {}  # when the last press that counted began or ended
        self._held: dict[str, float] = {}  # keys that are down and count: when they count again

    def counts(self, key: str, motion: Motion) -> bool:
        """Whether this is one press more."""
        now = self._clock()
        match motion:
            case Motion.DOWN:
                return self._down(key, now)
            case Motion.HELD:
                return self._repeats(key, now)
            case Motion.UP:
                if self._held.pop(key, None) is not None:
                    self._touched[key] = now
                return False

    def _down(self, key: str, now: float) -> bool:
        last = self._touched.get(key)
        if last is not None and now - last < self._habits.bounce_s:
            return False
        self._touched[key] = now
        self._held[key] = now + self._habits.repeat_delay_s
        return True

    def _repeats(self, key: str, now: float) -> bool:
        due = self._held.get(key)
        if due is None or self._habits.repeat_every_s == 0.0 or now < due:
            return False
        self._held[key] = now + self._habits.repeat_every_s
        self._touched[key] = now
        return True
