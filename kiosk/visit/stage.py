"""What a place of the visit is: it knows its screen, its words and what each control does there.

Places are plain facts, frozen, one on top of the other: `under` is where back leads. What a control
does stands in one table, from which the buttons, the spoken help and the tests are made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.controls import Control
from kiosk.events import Action
from kiosk.screens import Hint, Screen

if TYPE_CHECKING:
    from kiosk.visit.visit import Visit

# control -> the id of what it does; a message that has words of its own becomes a button
Table = dict[Control, str]


@dataclass(frozen=True, slots=True)
class Stage(ABC):
    """One place."""

    about: ClassVar[str]  # the id of the words with which help begins
    has_works: ClassVar[bool] = False  # whether it must be left when the collection changes
    has_camera: ClassVar[bool] = False  # whether the camera is open there
    takes_digits: ClassVar[bool] = False  # whether digits mean something of its own
    takes_keys: ClassVar[bool] = False  # whether keys are being taught there
    tries_keys: ClassVar[bool] = False  # whether keys are in use there that nobody has kept yet
    menuless: ClassVar[bool] = False  # whether no menu of its own may be laid over it

    @property
    def beneath(self) -> Stage | None:
        """Where back leads; None at the door."""
        return None

    @abstractmethod
    def table(self, visit: Visit) -> Table:
        """What each control does here, in the order of the buttons."""

    @abstractmethod
    def screen(self, visit: Visit) -> Screen:
        """What is shown here."""

    @abstractmethod
    def here(self, visit: Visit) -> str:
        """Where the visitor is, in words; may be marked."""

    @abstractmethod
    def press(self, visit: Visit, control: Control) -> list[Action]:
        """One of the five was pressed, and speech was stopped."""

    def told(self, visit: Visit) -> tuple[str, ...]:
        """The same in paragraphs: each begins to sound, and can be repeated, by itself."""
        return (self.here(visit),)

    def hint(self, visit: Visit) -> str:
        """What one can do here, said on arriving."""
        return ""

    def resume(self, visit: Visit) -> list[Action]:
        """The visitor comes back from what lay over it."""
        return visit.go(self)

    def passed(self, visit: Visit) -> list[Action] | None:
        """Time has passed in silence (`visit.quiet` seconds). None: the idle clock runs here."""
        return None

    def digit(self, visit: Visit, digit: int) -> list[Action] | None:
        """A digit was pressed. None: digits lead to the list from here."""
        return None

    def picked(self, visit: Visit, position: int) -> list[Action]:
        """Something on the screen was clicked or tapped."""
        return visit.go(self)

    def hints(self, visit: Visit) -> tuple[Hint, ...]:
        """The table as screens and help need it."""
        return hints_of(self.table(visit), visit)

    def changed(self, visit: Visit) -> Stage:
        """The same place, now that a key has changed pace or volume."""
        return self


def hints_of(table: Table, visit: Visit) -> tuple[Hint, ...]:
    """What each control of a table does, for those that the pad has."""
    words = visit.words
    return tuple(
        Hint(
            control=control,
            label=words(act) if words.has(act) else "",
            cap=visit.profile.caps.get(control, ""),
            sentence=words("help-line", key=visit.key(control), does=words(f"{act}.does")),
        )
        for control, act in table.items()
        if control in visit.profile.spoken
    )


@dataclass(frozen=True, slots=True)
class Over(Stage, ABC):
    """A place on top of another."""

    under: Stage

    @property
    def beneath(self) -> Stage | None:
        """Where back leads."""
        return self.under


def chain(stage: Stage) -> Iterator[Stage]:
    """`stage` and all that lie beneath it."""
    here: Stage | None = stage
    while here is not None:
        yield here
        here = here.beneath


def swapped(stage: Stage, old: Stage, new: Stage) -> Stage:
    """The same pile with `new` in the place of `old`."""
    if stage is old:
        return new
    if isinstance(stage, Over):
        return replace(stage, under=swapped(stage.under, old, new))
    return stage
