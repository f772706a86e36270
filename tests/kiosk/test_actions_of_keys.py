"""Keys are taught, and switches choose from what the screen offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.controls import ARROWS, Control, ControlProfile
from kiosk.events import (
    Focused,
    KeyPressed,
    ListenForKeys,
    OtherKey,
    Show,
    UnknownKey,
    UseProfile,
)
from kiosk.screens import Hint, MessageScreen
from tests.kiosk.scripted_kiosk import Stage


def test_keys_are_taught_and_then_mean_what_was_taught(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.do(ListenForKeys(True))
    QTest.keyClick(stage.kiosk.window, Qt.Key.Key_F13)
    QTest.keyClick(stage.kiosk.window, Qt.Key.Key_Tab)
    assert stage.script.of(UnknownKey) == [UnknownKey("F13"), UnknownKey("Tab")]
    stage.do(ListenForKeys(False))
    taught = ControlProfile("taught", {"F13": Control.NEXT}, ARROWS.spoken, ARROWS.caps)
    stage.do(UseProfile(taught))
    assert stage.kept == [taught]
    QTest.keyClick(stage.kiosk.window, Qt.Key.Key_F13)
    QTest.keyClick(stage.kiosk.window, Qt.Key.Key_Right)
    assert stage.script.events[-2:] == [KeyPressed(Control.NEXT), OtherKey()]


def screen_with_hints() -> Show:
    hints = (
        Hint(Control.NEXT, "Next poem", "→", "Next: the next poem."),
        Hint(Control.LOUDER, "", "+", "Plus: louder."),
        Hint(Control.BACK, "Back", "◄", "Back: to the list."),
    )
    return Show(MessageScreen("A heading", "Some words.", "", hints))


def test_one_switch_is_offered_what_the_screen_has_and_takes_it(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage(profile="one switch")
    stage.do(screen_with_hints())
    window = stage.kiosk.window

    def press() -> None:
        QTest.keyClick(window, Qt.Key.Key_Space)

    press()  # a newcomer's first press only wakes the kiosk
    assert stage.script.events[-1] == KeyPressed(Control.SELECT)
    press()
    assert stage.script.events[-1] == Focused("Next poem")
    qtbot.waitUntil(lambda: stage.script.events[-1] == Focused("Back"))
    assert window.focusWidget().accessibleName() == "Back"  # what is said is ringed
    press()
    assert stage.script.events[-1] == KeyPressed(Control.BACK)
    count = len(stage.script.events)
    qtbot.wait(800)
    assert len(stage.script.events) == count  # nothing more is offered


def test_two_switches_move_and_take(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage(profile="two switches")
    stage.do(screen_with_hints())
    window = stage.kiosk.window
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Space):
        QTest.keyClick(window, key)
    qtbot.wait(800)  # nothing moves by itself
    QTest.keyClick(window, Qt.Key.Key_Return)
    told = [event for event in stage.script.events if isinstance(event, Focused | KeyPressed)]
    assert told == [
        KeyPressed(Control.SELECT),
        Focused("Next poem"),
        Focused("Back"),
        KeyPressed(Control.BACK),
    ]
