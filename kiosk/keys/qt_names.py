"""What profiles call a key that the window has heard of.

The keys that tactile pads send need care: X11 and Wayland give F13 to F24 other meanings (a
microphone, a touchpad), which differ from one system to the next. Their place on the keyboard does
not, and is the kernel's own number for the key, eight higher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.keys.evdev_names import NAMES

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

BY_PLACE = ("xcb", "wayland", "wayland-egl")  # platforms whose scan codes are the kernel's
PLACE_OFFSET = 8
LETTERS_END = 0x110000  # of Unicode; Qt's own keys without a sign lie above
_F13, _F24 = 183, 194


def key_name(event: QKeyEvent, platform: str) -> str:
    """As a profile names it, e.g. `Return`; `Unknown` for what Qt does not know."""
    from PySide6.QtCore import Qt

    place = event.nativeScanCode() - PLACE_OFFSET
    if platform in BY_PLACE and _F13 <= place <= _F24:
        return NAMES[place]
    key = event.key()
    name = str(Qt.Key(key).name or "") if key else ""
    if name.startswith("Key_"):
        return name.removeprefix("Key_")
    letter = chr(key) if 0 < key < LETTERS_END else ""  # of another alphabet: Qt gives the sign
    return letter if letter.isprintable() and letter else "Unknown"
