"""One switch, or two, for everything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.controls import FIVE, Control
from kiosk.scanning import ROUNDS, Offer, Scanner, Taken

OFFERS = tuple(Offer(control, control.value) for control in FIVE)


@given(st.integers(0, 4))
def test_one_switch_takes_whatever_is_offered(waits: int) -> None:
    scanner = Scanner()
    assert scanner.press(Control.SELECT, OFFERS) == OFFERS[0]
    for _ in range(waits):
        scanner.time_up()
    assert scanner.press(Control.SELECT, OFFERS) == Taken(FIVE[waits])
    assert scanner.offered is None


@given(st.integers(0, 30))
def test_two_switches_move_and_take_without_any_clock(moves: int) -> None:
    scanner = Scanner()
    scanner.press(Control.NEXT, OFFERS)
    for _ in range(moves):
        scanner.press(Control.NEXT, OFFERS)
    assert scanner.press(Control.SELECT, OFFERS) == Taken(FIVE[moves % 5])


def test_nobody_is_offered_things_for_ever() -> None:
    scanner = Scanner()
    offered = [scanner.press(Control.SELECT, OFFERS)]
    while (offer := scanner.time_up()) is not None:
        offered.append(offer)
    assert offered == list(OFFERS) * ROUNDS
    assert scanner.offered is None
    assert scanner.press(Control.SELECT, OFFERS) == OFFERS[0]


def test_where_nothing_can_be_done_nothing_is_offered() -> None:
    assert Scanner().press(Control.SELECT, ()) is None


@given(st.lists(st.sampled_from(["select", "next", "time", "stop"]), max_size=60))
def test_whatever_happens_what_is_taken_was_offered(steps: list[str]) -> None:
    scanner = Scanner()
    for step in steps:
        before = scanner.offered
        if step == "time":
            scanner.time_up()
        elif step == "stop":
            scanner.stop()
        else:
            answer = scanner.press(Control(step), OFFERS)
            if isinstance(answer, Taken):
                assert before is not None
                assert answer.control is before.control
            else:
                assert answer == scanner.offered
