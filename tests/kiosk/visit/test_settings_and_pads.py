"""Settings, and the pads that staff choose and teach."""

from __future__ import annotations

import pytest

from kiosk.controls import ARROWS, FIVE, PROFILES, Control
from kiosk.events import (
    Apply,
    Dialled,
    ListenForKeys,
    OtherKey,
    Picked,
    Say,
    Tick,
    UnknownKey,
    UseProfile,
)
from kiosk.preferences import Preferences
from kiosk.screens import (
    LearnScreen,
)
from kiosk.session import Session
from kiosk.stages import (
    Adjusting,
    ForStaff,
    Trying,
)
from tests.kiosk.hand import Hand, said, shown


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("Voice", "voice", "en-us"),
        ("Speed", "speed", 1.25),
        ("Volume", "volume", 1.0),
        ("Colours", "contrast", "light"),
        ("Size", "text_size", 1.3),
    ],
)
def test_a_setting_is_heard_as_soon_as_it_is_passed_over(
    setting: str, field: str, value: object
) -> None:
    hand = Hand(Session(preferences=Preferences(voice="en-gb")))
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose(setting)
    assert isinstance(hand.session.stage, Adjusting)
    moved = hand.do("next")
    applied = next(a for a in moved if isinstance(a, Apply))
    assert getattr(applied.preferences, field) == value
    said_at = next(at for at, a in enumerate(moved) if isinstance(a, Say))
    assert moved.index(applied) < said_at
    hand.do("select")
    assert getattr(hand.session.preferences, field) == value
    item = shown(hand.last).items[shown(hand.last).position]  # type: ignore[attr-defined]
    assert item.label.startswith(setting)
    assert item.detail


def test_a_click_on_a_value_takes_it() -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose("Colours")
    hand.happen(Picked(2))
    assert hand.session.preferences.contrast == "yellow"


def test_a_pad_is_taught_without_sight() -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose("For staff")
    assert isinstance(hand.session.stage, ForStaff)
    opened = hand.choose("Teach")
    assert ListenForKeys(on=True) in opened
    assert "Press the key for: previous." in said(opened)
    assert "Previous is known. Press the key for: next." in said(hand.happen(UnknownKey("F13")))
    assert "taken already, for: previous" in said(hand.happen(UnknownKey("F13")))
    for code in ("F14", "F15", "F16"):
        hand.happen(UnknownKey(code))
    screen = shown(hand.last)
    assert isinstance(screen, LearnScreen)
    assert screen.taught[0] == "Previous: F13"
    optional = hand.happen(UnknownKey("F17"))
    assert "Or wait, if there is none." in said(optional)
    hand.finish()
    done = hand.happen(Tick(12.0))
    profile = next(a.profile for a in done if isinstance(a, UseProfile))
    assert dict(profile.keys) == dict(zip(("F13", "F14", "F15", "F16", "F17"), FIVE, strict=True))
    assert ListenForKeys(on=False) in done
    assert "the help key" in said(hand.do("help")).lower()


def test_teaching_is_left_by_waiting_and_changes_nothing() -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose("For staff")
    hand.choose("Teach")
    hand.happen(UnknownKey("F13"))
    hand.finish()
    left = hand.happen(Tick(12.0))
    assert "Nothing was changed." in said(left)
    assert ListenForKeys(on=False) in left
    assert not any(isinstance(action, UseProfile) for action in left)


@pytest.mark.parametrize("name", PROFILES)
def test_staff_choose_a_pad_and_hear_its_words(name: str) -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose("For staff")
    at = list(PROFILES).index(name) + 1
    tried = hand.happen(Picked(at))
    assert UseProfile(PROFILES[name], kept=False) in tried
    assert f"Press {PROFILES[name].spoken[Control.SELECT]} to keep" in said(tried)
    used = hand.do("select")
    assert UseProfile(PROFILES[name]) in used
    assert PROFILES[name].spoken[Control.HELP] in said(used)
    assert isinstance(hand.session.stage, ForStaff)


def trying() -> Hand:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose("For staff")
    hand.choose("Tactile keypad")
    return hand


def test_keys_that_this_pad_does_not_have_give_way_to_those_of_before() -> None:
    hand = trying()
    hand.happen(OtherKey())  # all that a visitor with other keys can do
    hand.finish()
    assert hand.happen(Tick(10.0)) == []
    given_back = hand.happen(Tick(5.0))
    assert UseProfile(ARROWS, kept=False) in given_back
    assert "The keys of before are used again." in said(given_back)
    assert shown(given_back).hints[2].cap == "Enter"  # type: ignore[attr-defined]
    assert isinstance(hand.session.stage, ForStaff)


@pytest.mark.parametrize("way", ["back", "home", "menu", "a number", "help and home"])
def test_keys_that_nobody_kept_are_given_back_whichever_way_one_leaves(way: str) -> None:
    hand = trying()
    left = hand.happen(Dialled(1)) if way == "a number" else hand.do(*way.split(" and "))
    if way == "menu":
        assert isinstance(hand.session.stage, Trying)
        left = hand.do("back")
    assert UseProfile(ARROWS, kept=False) in left
    assert hand.session._visit.profile is ARROWS
    caps = [hint.cap for hint in shown(left).hints]  # type: ignore[attr-defined]
    assert "H" in caps
