"""Which presses count: rules that hold for any hand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.keys.habits import KeyHabits, Motion, PressFilter

MOTIONS = st.lists(
    st.tuples(
        st.floats(0.0, 0.7),  # seconds since the motion before
        st.sampled_from(["A", "B"]),
        st.sampled_from(list(Motion)),
    ),
    max_size=60,
)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def counted(habits: KeyHabits, motions: list[tuple[float, str, Motion]]) -> list[tuple[float, str]]:
    clock = Clock()
    filtered = PressFilter(habits, clock)
    found = []
    for after, key, motion in motions:
        clock.now += after
        if filtered.counts(key, motion):
            found.append((clock.now, key))
    return found


@given(MOTIONS, st.floats(0.0, 0.5))
def test_two_presses_of_one_key_that_count_are_never_closer_than_the_bounce(
    motions: list[tuple[float, str, Motion]], bounce_s: float
) -> None:
    found = counted(KeyHabits(bounce_s=bounce_s), motions)
    for key in "AB":
        times = [at for at, name in found if name == key]
        assert all(b - a >= bounce_s - 1e-9 for a, b in itertools.pairwise(times))


@given(MOTIONS, st.floats(0.0, 0.5))
def test_the_first_press_of_a_key_always_counts(
    motions: list[tuple[float, str, Motion]], bounce_s: float
) -> None:
    found = {key for _, key in counted(KeyHabits(bounce_s=bounce_s), motions)}
    assert found == {key for _, key, motion in motions if motion is Motion.DOWN}


@given(MOTIONS)
def test_without_a_bounce_every_press_counts_and_no_repeat(
    motions: list[tuple[float, str, Motion]],
) -> None:
    pressed = [key for _, key, motion in motions if motion is Motion.DOWN]
    assert [key for _, key in counted(KeyHabits(), motions)] == pressed


@given(st.floats(0.01, 2.0), st.floats(0.0, 2.0), st.floats(0.1, 20.0), st.floats(0.01, 0.1))
def test_a_key_that_is_held_counts_no_faster_than_the_settings_say(
    every_s: float, delay_s: float, held_s: float, keyboard_s: float
) -> None:
    repeats = int(held_s / keyboard_s)
    motions = [(0.0, "A", Motion.DOWN), *[(keyboard_s, "A", Motion.HELD)] * repeats]
    found = counted(KeyHabits(repeat_delay_s=delay_s, repeat_every_s=every_s), motions)
    times = [at for at, _ in found]
    assert len(times) <= 2 + max(0.0, repeats * keyboard_s - delay_s) / every_s + 1e-6
    if len(times) > 1:
        assert times[1] - times[0] >= delay_s - 1e-9
    assert all(b - a >= every_s - 1e-9 for a, b in itertools.pairwise(times[1:]))


def test_a_hand_that_shakes_without_end_is_still_heard() -> None:
    shaking = [(0.05, "A", motion) for _ in range(100) for motion in (Motion.DOWN, Motion.UP)]
    found = counted(KeyHabits(bounce_s=0.4), shaking)
    assert 15 <= len(found) <= 26  # ten seconds, a press every half second or so


def test_a_bounce_is_counted_from_when_the_key_was_let_go() -> None:
    motions = [(0.0, "A", Motion.DOWN), (1.0, "A", Motion.UP), (0.1, "A", Motion.DOWN)]
    assert len(counted(KeyHabits(bounce_s=0.3), motions)) == 1


def test_another_key_is_never_held_up() -> None:
    motions = [(0.0, "A", Motion.DOWN), (0.01, "B", Motion.DOWN)]
    assert len(counted(KeyHabits(bounce_s=0.5), motions)) == 2


@pytest.mark.parametrize(
    "wrong", [{"bounce_s": 0.6}, {"repeat_delay_s": 2.1}, {"repeat_every_s": -1.0}]
)
def test_settings_outside_the_ranges_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="is not within"):
        KeyHabits(**wrong)
