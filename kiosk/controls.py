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
    switches: int = 0  # 1 or 2 for somebody who presses so many keys in all; see `scanning`


def _profile(
    name: str,
    keys: Mapping[str, Control],
    spoken: Mapping[Control, str],
    caps: Mapping[Control, str],
    switches: int = 0,
) -> ControlProfile:
    """With mappings that nobody can change."""
    return ControlProfile(
        name,
        MappingProxyType(dict(keys)),
        MappingProxyType(dict(spoken)),
        MappingProxyType(dict(caps)),
        switches,
    )


ARROWS = _profile(
    "arrows",
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
        "Plus": Control.LOUDER,
        "VolumeUp": Control.LOUDER,
        "Minus": Control.SOFTER,
        "VolumeDown": Control.SOFTER,
        "PageUp": Control.FASTER,
        "PageDown": Control.SLOWER,
        "R": Control.REPEAT,
        "P": Control.PAUSE,
        "M": Control.MENU,
        "Menu": Control.MENU,
        "Home": Control.HOME,
    },
    {
        Control.PREVIOUS: "left arrow",
        Control.NEXT: "right arrow",
        Control.SELECT: "Enter",
        Control.BACK: "Escape",
        Control.HELP: "H",
        Control.LOUDER: "plus",
        Control.SOFTER: "minus",
        Control.FASTER: "page up",
        Control.SLOWER: "page down",
        Control.REPEAT: "R",
        Control.PAUSE: "P",
        Control.MENU: "M",
        Control.HOME: "Home",
    },
    {
        Control.PREVIOUS: "←",
        Control.NEXT: "→",
        Control.SELECT: "Enter",
        Control.BACK: "Esc",
        Control.HELP: "H",
        Control.LOUDER: "+",
        Control.SOFTER: "-",
        Control.FASTER: "PgUp",
        Control.SLOWER: "PgDn",
        Control.REPEAT: "R",
        Control.PAUSE: "P",
        Control.MENU: "M",
        Control.HOME: "Home",
    },
)

# The digits of a numeric keypad go on dialling numbers of wall labels, so the signs around them are
# the controls. Without Num Lock its digits are arrows, and mean what arrows mean.
KEYPAD = _profile(
    "keypad",
    {
        "Plus": Control.NEXT,
        "Minus": Control.PREVIOUS,
        "Enter": Control.SELECT,
        "Return": Control.SELECT,
        "Period": Control.BACK,
        "Comma": Control.BACK,
        "Delete": Control.BACK,
        "Slash": Control.HELP,
        "Asterisk": Control.MENU,
        "Backspace": Control.PAUSE,
        "Left": Control.PREVIOUS,
        "Up": Control.PREVIOUS,
        "Right": Control.NEXT,
        "Down": Control.NEXT,
    },
    {
        Control.PREVIOUS: "minus",
        Control.NEXT: "plus",
        Control.SELECT: "Enter",
        Control.BACK: "the point",
        Control.HELP: "the slash",
        Control.MENU: "the star",
        Control.PAUSE: "Backspace",
    },
    {
        Control.PREVIOUS: "-",
        Control.NEXT: "+",
        Control.SELECT: "Enter",
        Control.BACK: ".",
        Control.HELP: "/",
        Control.MENU: "*",
        Control.PAUSE: "⌫",
    },
)

# Keys that no keyboard has, so that a pad never types into anything. Makers number them as they
# like; a pad that differs is taught in the learn screen.
FUNCTION = _profile(
    "f13-f24",
    {
        "F13": Control.PREVIOUS,
        "F14": Control.NEXT,
        "F15": Control.SELECT,
        "F16": Control.BACK,
        "F17": Control.REPEAT,
        "F18": Control.PAUSE,
        "F19": Control.SLOWER,
        "F20": Control.FASTER,
        "F21": Control.SOFTER,
        "F22": Control.LOUDER,
        "F23": Control.HELP,  # the top key of one widespread pad
        "F24": Control.MENU,
    },
    {
        Control.PREVIOUS: "the previous key",
        Control.NEXT: "the next key",
        Control.SELECT: "the select key",
        Control.BACK: "the back key",
        Control.HELP: "the help key",
        Control.REPEAT: "the repeat key",
        Control.PAUSE: "the pause key",
        Control.SLOWER: "the slower key",
        Control.FASTER: "the faster key",
        Control.SOFTER: "the volume down key",
        Control.LOUDER: "the volume up key",
        Control.MENU: "the menu key",
    },
    {
        Control.PREVIOUS: "▲",
        Control.NEXT: "▼",
        Control.SELECT: "●",
        Control.BACK: "◄",
        Control.HELP: "?",
        Control.REPEAT: "↺",
        Control.PAUSE: "‖",
        Control.SLOWER: "«",
        Control.FASTER: "»",
        Control.SOFTER: "-",
        Control.LOUDER: "+",
        Control.MENU: "≡",
    },
)

# Switch boxes send the space bar, Enter, or a letter or number that their maker chose; the first
# two are the common ones. What a visitor "presses" is then what is offered, so it is called so.
_OFFERED = {
    Control.PREVIOUS: "the switch at “previous”",
    Control.NEXT: "the switch at “next”",
    Control.SELECT: "the switch at “select”",
    Control.BACK: "the switch at “back”",
    Control.HELP: "the switch at “help”",
    Control.MENU: "the switch at “menu”",
}
_OFFERED_CAPS = {
    Control.PREVIOUS: "←",
    Control.NEXT: "→",
    Control.SELECT: "●",
    Control.BACK: "◄",
    Control.HELP: "?",
    Control.MENU: "≡",
}
ONE_SWITCH = _profile(
    "one switch",
    {
        "Space": Control.SELECT,
        "Return": Control.SELECT,
        "Enter": Control.SELECT,
        "F13": Control.SELECT,
    },
    _OFFERED,
    _OFFERED_CAPS,
    switches=1,
)
TWO_SWITCHES = _profile(
    "two switches",
    {
        "Space": Control.NEXT,
        "F13": Control.NEXT,
        "Return": Control.SELECT,
        "Enter": Control.SELECT,
        "F14": Control.SELECT,
    },
    _OFFERED,
    _OFFERED_CAPS,
    switches=2,
)

PROFILES: Mapping[str, ControlProfile] = MappingProxyType(
    {one.name: one for one in (ARROWS, KEYPAD, FUNCTION, ONE_SWITCH, TWO_SWITCHES)}
)
