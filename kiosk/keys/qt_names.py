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
_F13, _F24 = 183, 194


def key_name(event: QKeyEvent, platform: str) -> str:
    """As a profile names it, e.g. `Return`; `Unknown` for what Qt does not know."""
    from PySide6.QtCore import Qt

    place = event.nativeScanCode() - PLACE_OFFSET
    if platform in BY_PLACE and _F13 <= place <= _F24:
        return NAMES[place]
    try:
        return Qt.Key(event.key()).name.removeprefix("Key_")
    except ValueError:  # a letter of another alphabet: Qt gives its character
        return chr(event.key()) if 0 < event.key() < 0x110000 else "Unknown"
