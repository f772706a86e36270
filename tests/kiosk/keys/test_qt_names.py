"""What profiles call a key that the window hears of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from kiosk.keys.evdev_names import NAMES
from kiosk.keys.qt_names import PLACE_OFFSET, key_name

PLAIN = Qt.KeyboardModifier.NoModifier


def event(key: int, place: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, PLAIN, place, 0, 0, "")


def test_keys_are_called_as_qt_does() -> None:
    assert key_name(event(Qt.Key.Key_Right), "offscreen") == "Right"
    assert key_name(event(Qt.Key.Key_5), "xcb") == "5"


@pytest.mark.parametrize("code", range(183, 195))
def test_the_keys_of_pads_are_told_by_their_place_where_the_desktop_gives_them_other_meanings(
    code: int,
) -> None:
    for platform in ("xcb", "wayland"):
        told = key_name(event(Qt.Key.Key_TouchpadToggle, code + PLACE_OFFSET), platform)
        assert told == NAMES[code] == f"F{code - 170}"


def test_elsewhere_a_scan_code_is_no_place() -> None:
    assert key_name(event(Qt.Key.Key_Left, 195), "windows") == "Left"


def test_a_letter_of_another_alphabet_is_itself() -> None:
    assert key_name(event(ord("ж")), "xcb") == "ж"


def test_no_key_has_a_name_too() -> None:
    assert key_name(event(0), "xcb") == "Unknown"
