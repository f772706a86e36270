"""One switch, or two, for everything: what can be done here is offered in turn, and taken. Pure.

With one switch the first press begins the offering: each offer stands for a while, then comes the
next; a press takes the one that stands. With two, one moves to the next offer and one takes it, and
nothing moves by itself. After `ROUNDS` rounds without a press the offering ends by itself, and the
next press begins it anew, with what can be done then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.controls import Control

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be done here."""

    control: Control
    name: str  # as it is said


@dataclass(frozen=True, slots=True)
class Taken:
    """The switch took this."""

    control: Control


class Scanner:
    """What is offered now. Whoever holds it keeps the time."""

    def __init__(self) -> None:
        self._offers: tuple[Offer, ...] = ()
        self._at: int | None = None
        self._left = 0  # offers until it ends by itself

    @property
    def offered(self) -> Offer | None:
        """What the switch would take now."""
        return None if self._at is None else self._offers[self._at]

    def press(self, switch: Control, offers: Sequence[Offer]) -> Offer | Taken | None:
        """The switch that takes (SELECT) or the one that moves (NEXT); `offers` is what can be
        done here, and counts where an offering begins. None where nothing can be done."""
        offered = self.offered
        if offered is None:
            return self._begin(offers)
        if switch is Control.NEXT:
            self._left = ROUNDS * len(self._offers)  # somebody is there
            return self._move()
        self.stop()
        return Taken(offered.control)

    def time_up(self) -> Offer | None:
        """An offer has stood long enough: the next one, or None where the offering ends."""
        if self._at is None:
            return None
        self._left -= 1
        if self._left <= 0:
            self.stop()
            return None
        return self._move()

    def stop(self) -> None:
        """Offer nothing."""
        self._offers, self._at = (), None

    def _begin(self, offers: Sequence[Offer]) -> Offer | None:
        if not offers:
            return None
        self._offers, self._at = tuple(offers), 0
        self._left = ROUNDS * len(self._offers)
        return self._offers[0]

    def _move(self) -> Offer:
        self._at = (0 if self._at is None else self._at + 1) % len(self._offers)
        return self._offers[self._at]
