"""The one door for keys: from a key's motion, whoever tells of it, to what it means. Pure.

1. What the window and the keypad's own reader both tell of is taken once (`twins`).
2. Presses that do not count are dropped (`habits`): a key that is held never floods the visit.
3. What is left means a control, a digit, a switch of a switch user, or nothing. While keys are
   being taught, each means itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from kiosk.controls import ARROWS, Control, ControlProfile
from kiosk.keys.habits import KeyHabits, Motion, PressFilter
from kiosk.keys.twins import Source, Twins


@dataclass(frozen=True, slots=True)
class Pressed:
    """A control."""

    control: Control


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit of a wall label's number."""

    digit: int


@dataclass(frozen=True, slots=True)
class Switched:
    """The switch of somebody who has one (NEXT never comes then) or two."""

    control: Control  # SELECT takes what is offered, NEXT moves on


@dataclass(frozen=True, slots=True)
class Heard:
    """A key while keys are being taught, by its name."""

    key: str


@dataclass(frozen=True, slots=True)
class Meaningless:
    """A key that means nothing here."""

    key: str


Meaning = Pressed | Digit | Switched | Heard | Meaningless


class KeyDoor:
    """What keys mean at this kiosk now."""

    def __init__(
        self,
        profile: ControlProfile = ARROWS,
        habits: KeyHabits | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.profile = profile
        self.listening = False  # while keys are being taught
        self._filter = PressFilter(habits, clock)
        self._twins = Twins(clock)

    def take(self, key: str, motion: Motion, source: Source = Source.WINDOW) -> Meaning | None:
        """What this means; None where it is nothing to be dealt with."""
        if self._twins.is_twin(key, motion, source) or not self._filter.counts(key, motion):
            return None
        if self.listening:
            return Heard(key) if motion is Motion.DOWN else None
        control = self.profile.keys.get(key)
        if control is not None:
            return Switched(control) if self.profile.switches else Pressed(control)
        if len(key) == 1 and key in "0123456789":
            return Digit(int(key))
        return Meaningless(key) if motion is Motion.DOWN else None
