"""What a visitor can press, and which keys of a keyboard or keypad mean it.

Five controls are enough for everything; pads with more keys have some directly. A profile names
keys as Qt does without its `Key_` (`Right`, `Return`, `F1`), but nothing here needs Qt. Tactile
keypads are USB keyboards, so a new pad is a new profile and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Control(StrEnum):
    """The first five are enough for everything; pads with more keys have the others, too."""

    PREVIOUS = "previous"
    NEXT = "next"
    SELECT = "select"
    BACK = "back"
    HELP = "help"
    LOUDER = "louder"  # the only two that do not interrupt
    SOFTER = "softer"
    SLOWER = "slower"
    FASTER = "faster"
    REPEAT = "repeat"  # the last line only
    PAUSE = "pause"  # and on again
    MENU = "menu"  # what can be done here
    HOME = "home"  # to the welcome


FIVE = (Control.PREVIOUS, Control.NEXT, Control.SELECT, Control.BACK, Control.HELP)


@dataclass(frozen=True, slots=True)
class ControlProfile:
    """One way to press the five."""

    name: str
    keys: Mapping[str, Control]  # Qt's key name -> what it means
    spoken: Mapping[Control, str]  # what a voice calls the key: "right arrow"
    caps: Mapping[Control, str]  # what is printed on the key, for the screen: "→"


ARROWS = ControlProfile(
    name="arrows",
    keys=MappingProxyType(
        {
            "Left": Control.PREVIOUS,
            "Up": Control.PREVIOUS,
            "Right": Control.NEXT,
            "Down": Control.NEXT,
            "Return": Control.SELECT,
            "Enter": Control.SELECT,
            "Space": Control.SELECT,
            "Escape": Control.BACK,
            "Backspace": Control.BACK,
            "Back": Control.BACK,
            "H": Control.HELP,
            "F1": Control.HELP,
            "Question": Control.HELP,
            "Help": Control.HELP,
        }
    ),
    spoken=MappingProxyType(
        {
            Control.PREVIOUS: "left arrow",
            Control.NEXT: "right arrow",
            Control.SELECT: "Enter",
            Control.BACK: "Escape",
            Control.HELP: "H",
        }
    ),
    caps=MappingProxyType(
        {
            Control.PREVIOUS: "←",
            Control.NEXT: "→",
            Control.SELECT: "Enter",
            Control.BACK: "Esc",
            Control.HELP: "H",
        }
    ),
)
