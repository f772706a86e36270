"""From a key to its meaning, whoever tells of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from kiosk.controls import FIVE, PROFILES, Control, ControlProfile
from kiosk.keys.door import Digit, Heard, KeyDoor, Meaningless, Pressed, Switched
from kiosk.keys.evdev_names import MODIFIERS, NAMES
from kiosk.keys.habits import KeyHabits, Motion
from kiosk.keys.twins import APART_S, Source


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_keys_mean_controls_digits_or_nothing() -> None:
    door = KeyDoor()
    assert door.take("Right", Motion.DOWN) == Pressed(Control.NEXT)
    assert door.take("7", Motion.DOWN) == Digit(7)
    assert door.take("Z", Motion.DOWN) == Meaningless("Z")
    assert door.take("Z", Motion.UP) is None


def test_while_keys_are_taught_each_means_itself() -> None:
    door = KeyDoor()
    door.listening = True
    assert door.take("Right", Motion.DOWN) == Heard("Right")
    assert door.take("7", Motion.DOWN) == Heard("7")
    door.listening = False
    assert door.take("Right", Motion.DOWN) == Pressed(Control.NEXT)


def test_a_key_that_is_held_means_one_press_unless_repeats_are_set() -> None:
    clock = Clock()
    door = KeyDoor(habits=KeyHabits(), clock=clock)
    took = [door.take("Right", Motion.DOWN)]
    for _ in range(300):
        clock.now += 0.03
        took.append(door.take("Right", Motion.HELD))
    assert [one for one in took if one is not None] == [Pressed(Control.NEXT)]


@given(
    st.lists(
        st.tuples(st.floats(0.05, 1.0), st.sampled_from(["Right", "Left"]), st.booleans()),
        min_size=1,
        max_size=20,
    ),
    st.floats(0.0, 0.04),
)
def test_a_press_that_both_sides_tell_of_counts_once(
    presses: list[tuple[float, str, bool]], lag_s: float
) -> None:
    """Whichever side is faster, and however quickly the next press comes."""
    clock = Clock()
    door = KeyDoor(clock=clock)
    took = []
    for after, key, window_first in presses:
        order = (Source.WINDOW, Source.DEVICE) if window_first else (Source.DEVICE, Source.WINDOW)
        clock.now += after
        took.append(door.take(key, Motion.DOWN, order[0]))
        clock.now += lag_s
        took.append(door.take(key, Motion.DOWN, order[1]))
    meant = [one for one in took if one is not None]
    assert len(meant) == len(presses)


def test_presses_that_only_one_side_tells_of_all_count() -> None:
    clock = Clock()
    door = KeyDoor(clock=clock)
    for source in (Source.DEVICE, Source.WINDOW):
        for _ in range(3):
            clock.now += 0.1
            assert door.take("Right", Motion.DOWN, source) == Pressed(Control.NEXT)
        clock.now += APART_S + 0.01


def test_switch_users_press_switches() -> None:
    door = KeyDoor(PROFILES["two switches"])
    assert door.take("Space", Motion.DOWN) == Switched(Control.NEXT)
    assert door.take("Return", Motion.DOWN) == Switched(Control.SELECT)
    door.profile = PROFILES["one switch"]
    assert door.take("Space", Motion.DOWN) == Switched(Control.SELECT)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_profile_reaches_everything_with_single_keys_that_exist(
    profile: ControlProfile,
) -> None:
    meant = set(profile.keys.values())
    needed = {0: set(FIVE), 1: {Control.SELECT}, 2: {Control.SELECT, Control.NEXT}}
    assert needed[profile.switches] <= meant
    for control in FIVE:
        assert profile.spoken[control]
        assert profile.caps[control]
    if not profile.switches:
        assert meant == set(profile.spoken) == set(profile.caps)
    for key in profile.keys:
        assert hasattr(Qt.Key, f"Key_{key}"), key


def test_the_kernels_names_are_qts() -> None:
    for code, name in NAMES.items():
        assert hasattr(Qt.Key, f"Key_{name}"), (code, name)
    assert not MODIFIERS & set(NAMES)


def test_the_pads_of_the_profiles_can_be_read_from_the_kernel() -> None:
    for name in ("keypad", "f13-f24", "one switch", "two switches"):
        profile = PROFILES[name]
        known = {control for key, control in profile.keys.items() if key in NAMES.values()}
        assert known == set(profile.keys.values())
