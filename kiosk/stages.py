"""Where a visitor can be, and what each control does there.

A stage is all that the session remembers of one place. `hints_for` is the one table of what the
controls do: the buttons, the spoken help and the tests read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import phrases
from kiosk.cards import MatchedPoem
from kiosk.controls import Control, ControlProfile
from kiosk.screens import Hint


@dataclass(frozen=True, slots=True)
class Welcoming:
    """At the door. `greeted`: this visitor has been told what to press."""

    greeted: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """For the list of paintings, which is still being read."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """In the list of paintings."""

    position: int = 0
    dialled: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Seeking:
    """Poems for the painting at `position` are on their way."""

    position: int
    news: str = ""  # what there is to say beside that


@dataclass(frozen=True, slots=True)
class Reading:
    """With the poems of the painting at `position`."""

    position: int
    poems: tuple[MatchedPoem, ...]
    poem: int = 0
    times: int = 1  # how often this poem was asked for in a row: first again, then whole
    spoken_line: int | None = None

    @property
    def whole(self) -> bool:
        """Whether all of a longer poem is shown and read."""
        return self.poems[self.poem].is_part and self.times > 2

    @property
    def lines(self) -> tuple[str, ...]:
        """The printed lines that are shown and read now."""
        poem = self.poems[self.poem]
        return poem.whole if self.whole else poem.lines

    @property
    def again(self) -> str:
        """What asking once more would give."""
        poem = self.poems[self.poem]
        return "the whole poem" if poem.is_part and self.times == 2 else "hear it again"


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something did not go as wished. Back leads to the list, or home if there is none."""

    heading: str
    text: str
    for_staff: str = ""
    position: int | None = None  # of the painting in the list, to return to


Place = Welcoming | Waiting | Choosing | Seeking | Reading | Stuck


@dataclass(frozen=True, slots=True)
class Helping:
    """In help about `under`."""

    under: Place
    line: int | None = None  # the line heard alone


Stage = Place | Helping

# control -> (what the button says, "" for a key without a button; what help says it does)
Table = dict[Control, tuple[str, str]]


def hints_for(stage: Stage, profile: ControlProfile) -> tuple[Hint, ...]:
    """What each control does at `stage`, in the order of the buttons."""
    return tuple(
        Hint(
            control=control,
            label=label,
            cap=profile.caps[control],
            sentence=phrases.help_line(control, does, profile),
        )
        for control, (label, does) in _table(stage).items()
    )


def _table(stage: Stage) -> Table:
    help_ = ("Help", "what each key does here")
    match stage:
        case Welcoming():
            return {
                Control.SELECT: ("Choose a painting", "choose a painting"),
                Control.NEXT: ("", "choose a painting, too"),
                Control.PREVIOUS: ("", "hear the welcome again"),
                Control.BACK: ("", "hear the welcome again, too"),
                Control.HELP: help_,
            }
        case Waiting():
            return {
                Control.SELECT: ("Is it there?", "hear whether the paintings have come"),
                Control.BACK: ("Back", "back to the welcome"),
                Control.HELP: help_,
            }
        case Choosing(dialled=dialled):
            back = ("Clear", "clear the number") if dialled else ("Back", "back to the welcome")
            return {
                Control.PREVIOUS: ("Previous", "the painting before"),
                Control.NEXT: ("Next", "the next painting"),
                Control.SELECT: ("Find poems", "find poems for this painting"),
                Control.BACK: back,
                Control.HELP: help_,
            }
        case Seeking():
            return {
                Control.SELECT: ("How far?", "hear what is going on"),
                Control.BACK: ("Stop", "stop, and go back to the list"),
                Control.HELP: help_,
            }
        case Reading(poems=poems):
            again = stage.again
            label = "Whole poem" if again == "the whole poem" else "Again"
            moves: Table = {
                Control.PREVIOUS: ("Previous", "the poem before"),
                Control.NEXT: ("Next poem", "the next poem"),
            }
            return {
                **(moves if len(poems) > 1 else {}),
                Control.SELECT: (label, again),
                Control.BACK: ("Paintings", "back to the list of paintings"),
                Control.HELP: help_,
            }
        case Stuck():
            return {
                Control.SELECT: ("Hear again", "hear the message again"),
                Control.BACK: ("Back", "go back and try something else"),
                Control.HELP: help_,
            }
        case Helping():
            return {
                Control.PREVIOUS: ("Previous", "the line before"),
                Control.NEXT: ("Next", "the next line"),
                Control.SELECT: ("All again", "hear all of it again"),
                Control.BACK: ("Leave help", "leave help"),
                Control.HELP: ("", "leave help, too"),
            }
