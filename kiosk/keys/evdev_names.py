"""What profiles call the kernel's keys (linux/input-event-codes.h), as Qt would name them.

Only keys that pads and keyboards have; a keypad's digits are taken as with Num Lock. A key without
a name here is called by its number, `Code240`, and can be taught like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ROWS = {16: "QWERTYUIOP", 30: "ASDFGHJKL", 44: "ZXCVBNM"}

NAMES: Mapping[int, str] = MappingProxyType(
    {1: "Escape", 14: "Backspace", 15: "Tab", 28: "Return", 57: "Space", 11: "0"}
    | {1 + digit: str(digit) for digit in range(1, 10)}
    | {first + at: key for first, row in _ROWS.items() for at, key in enumerate(row)}
    | {12: "Minus", 13: "Equal", 39: "Semicolon", 51: "Comma", 52: "Period", 53: "Slash"}
    | {58 + number: f"F{number}" for number in range(1, 11)}
    | {87: "F11", 88: "F12"}
    | {170 + number: f"F{number}" for number in range(13, 25)}
    | {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
    | {55: "Asterisk", 74: "Minus", 78: "Plus", 83: "Period", 96: "Enter", 98: "Slash"}
    | {102: "Home", 103: "Up", 104: "PageUp", 105: "Left", 106: "Right", 107: "End", 108: "Down"}
    | {109: "PageDown", 110: "Insert", 111: "Delete", 121: "Comma"}
    | {113: "VolumeMute", 114: "VolumeDown", 115: "VolumeUp"}
    | {127: "Menu", 138: "Help", 158: "Back", 164: "MediaTogglePlayPause"}
    | {163: "MediaNext", 165: "MediaPrevious", 172: "HomePage", 353: "Select"}
)
MODIFIERS = frozenset({29, 42, 54, 56, 58, 69, 70, 97, 100, 125, 126})  # mean nothing by themselves


def evdev_name(code: int) -> str:
    """As a profile names it."""
    return NAMES.get(code, f"Code{code}")
