"""Over a poem: its menu, steps, about, why, zoom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine import Reason, Shared
from kiosk.cards import Credit
from kiosk.events import (
    Apply,
    ArtworksLoaded,
    LineStarted,
    MatchesReady,
    ParagraphStarted,
    PauseSpeech,
    ReasonsReady,
    ResumeSpeech,
    Say,
    SayFrom,
    StopSpeech,
    Tick,
)
from kiosk.preferences import Preferences
from kiosk.screens import (
    MenuScreen,
    ResultScreen,
    TextScreen,
    ZoomScreen,
)
from kiosk.stages import (
    AboutPoem,
    PoemMenu,
    Reading,
)
from kiosk.visit.colours_said import colours_said
from kiosk.words.catalogue import words_in
from tests.kiosk.hand import Hand, reading, said, shown
from tests.kiosk.visitor import ANSWERS, BEACH, WAVE, WIND


def test_go_on_begins_with_the_line_that_was_broken_off() -> None:
    hand = reading()
    name = hand.session._visit.speaking or ""
    hand.happen(LineStarted(name, 2))
    opened = hand.do("select")
    assert opened[0] == StopSpeech()
    assert isinstance(hand.session.stage, PoemMenu)
    on = hand.do("select")
    assert said(on).startswith("Upon the straits")
    assert isinstance(on[-1], SayFrom)
    assert on[-1].narration.id != name


@pytest.mark.parametrize(
    ("item", "begins"),
    [
        ("Repeat the line", "But when the trees"),
        ("Repeat the stanza", "Who has seen the wind? Neither you nor I"),
        ("Next line", "The wind is passing by."),
        ("Previous line", "Neither you nor I"),
        ("The whole poem", "Poem 1 of 2"),
    ],
)
def test_steps_within_a_poem(item: str, begins: str) -> None:
    hand = reading(12)
    hand.happen(LineStarted(hand.session._visit.speaking or "", 7))
    hand.do("select")
    assert said(hand.choose(item)).startswith(begins)
    assert isinstance(hand.session.stage, Reading)


def test_after_the_last_line_there_is_none() -> None:
    hand = reading()
    visit = hand.session._visit
    assert visit.narration is not None
    hand.happen(ParagraphStarted(visit.speaking or "", len(visit.narration.segments) - 1))
    hand.do("select")
    assert "That was the last line." in said(hand.choose("Next line"))


def test_a_poem_that_was_heard_is_offered_again() -> None:
    hand = reading()
    hand.finish()
    hand.do("select")
    again = hand.choose("Hear the poem again")
    assert said(again).startswith("Dover Beach")


def test_louder_interrupts_nothing_and_slower_goes_on_in_the_same_line() -> None:
    hand = reading()
    hand.happen(LineStarted(hand.session._visit.speaking or "", 1))
    louder = hand.do("louder")
    assert louder[0] == Apply(Preferences(volume=1.0))
    assert not any(isinstance(action, StopSpeech | Say) for action in louder)
    for _ in range(30):
        assert not any(isinstance(a, Say) for a in hand.do("louder"))  # held: nothing piles up
    slower = hand.do("slower")
    assert slower[:2] == [StopSpeech(), Apply(Preferences(volume=1.0, speed=0.85))]
    assert "The tide is full" in said(slower)
    hand.finish()
    assert "volume 80 percent" in said(hand.do("softer")).lower()


def test_pause_holds_the_word_and_lets_it_go_on() -> None:
    hand = reading()
    assert hand.do("pause") == [PauseSpeech()]
    assert hand.do("pause") == [ResumeSpeech()]
    hand.do("pause")
    hand.happen(Tick(99.0))
    warned = hand.happen(Tick(1.0))
    assert warned[0] == StopSpeech()  # a voice that is held would say nothing
    assert "Are you still there?" in said(warned)
    assert "You have more time" in said(hand.do("pause"))


def test_repeat_gives_the_last_portion_only() -> None:
    hand = reading()
    hand.happen(LineStarted(hand.session._visit.speaking or "", 2))
    repeated = hand.do("repeat")
    assert said(repeated) == "Upon the straits; on the French coast the light"
    hand.happen(LineStarted(hand.session._visit.speaking or "", 2))
    unmarked = hand.finish()
    assert shown(unmarked).spoken_line is None  # type: ignore[attr-defined]
    hand.do("select")
    assert said(hand.do("select")).startswith("Upon the straits")


def test_no_poem_fits_is_said_and_shown_and_the_nearest_are_read() -> None:
    hand = reading(fits=False)
    assert said(hand.last).startswith("No poem fits this picture well. Here are the nearest.")
    screen = shown(hand.last)
    assert isinstance(screen, ResultScreen)
    assert "No poem fits" in screen.notice
    assert "Dover Beach" in said(hand.last)


def test_about_the_work_says_what_is_known_and_marks_what_is_heard() -> None:
    hand = reading()
    hand.do("select")
    hand.choose("About the painting")
    screen = shown(hand.last)
    assert isinstance(screen, TextScreen)
    assert screen.paragraphs[0] == "The Great Wave off Kanagawa."
    assert WAVE.colours is not None
    colours = colours_said(WAVE.colours, words_in("en"))
    assert screen.paragraphs[-1] == colours
    assert WAVE.description in screen.paragraphs
    name = hand.session._visit.speaking or ""
    assert shown(hand.happen(LineStarted(name, 4))).position == 4  # type: ignore[attr-defined]
    assert said(hand.do("next")).startswith(colours)


def test_why_is_offered_only_where_there_is_a_reason() -> None:
    hand = reading()
    hand.do("select")
    labels = [item.label for item in shown(hand.last).items]  # type: ignore[attr-defined]
    assert "Why this poem" in labels
    hand.do("back", "next", "select")
    labels = [item.label for item in shown(hand.last).items]  # type: ignore[attr-defined]
    assert "Why this poem" not in labels


def test_whose_a_picture_and_a_poem_are_is_told_where_somebody_wrote_it_down() -> None:
    hand = Hand()
    credit = Credit("a museum", "CC0", "")
    hand.happen(ArtworksLoaded((replace(WAVE, credit=credit),)))
    hand.do("select", "select", "select")
    first, *others = ANSWERS[11]
    told = replace(first, credit=Credit("a book", "", "The heirs"))
    hand.happen(MatchesReady(1, 11, (told, *others)))
    hand.do("select")
    hand.choose("About the painting")
    assert shown(hand.last).paragraphs[-2:] == (  # type: ignore[attr-defined]
        "Source: a museum.",
        "Licence: Creative Commons Zero.",
    )
    hand.do("back")
    hand.choose("About the poem")
    assert isinstance(hand.session.stage, AboutPoem)
    screen = shown(hand.last)
    assert isinstance(screen, TextScreen)
    assert screen.heading == "About this poem"
    assert screen.paragraphs[0].startswith("Poem 1 of ")
    assert screen.paragraphs[1:] == ("Source: a book.", "Rights: The heirs.")
    hand.do("back", "back", "next", "select")
    labels = [item.label for item in shown(hand.last).items]  # type: ignore[attr-defined]
    assert "About the poem" not in labels


def labels(hand: Hand) -> list[str]:
    screen = hand.session.stage.screen(hand.session._visit)
    assert isinstance(screen, MenuScreen)
    return [item.label for item in screen.items]


def explained(visit: int = 1, artwork: int = 12) -> ReasonsReady:
    """Of the harvesters' two poems, the second has its reason already."""
    reason = Reason(7, 0.5, (Shared("tree", "subject", 0.1, 0.05),))
    return ReasonsReady(visit, artwork, (replace(WIND, reason=reason), replace(BEACH, reason=None)))


def test_why_comes_into_the_menu_when_it_is_known_and_nothing_is_said_of_it() -> None:
    hand = reading(12)
    assert hand.happen(explained()) == []
    hand.do("select")
    hand.choose("Why this poem")
    assert said(hand.last).endswith(
        "Both speak of trees; the line that answers the picture best is: "
        "“But when the trees bow down their heads”. Press Escape to go back."
    )


def test_a_menu_that_lies_open_keeps_its_item() -> None:
    hand = reading(12)
    hand.do("select", "previous")
    assert "Why this poem" not in labels(hand)
    before = shown(hand.last)
    assert isinstance(before, MenuScreen)
    named = before.items[before.position].label
    actions = hand.happen(explained())
    assert not [action for action in actions if isinstance(action, Say | SayFrom)]
    after = shown(actions)
    assert isinstance(after, MenuScreen)
    assert after.items[after.position].label == named
    assert "Why this poem" in labels(hand)


def test_under_something_else_the_menu_keeps_its_item_too() -> None:
    hand = reading(12)
    hand.do("select")
    hand.choose("Settings")
    assert hand.happen(explained()) == []
    hand.do("back")
    assert said(hand.last).startswith("Settings")
    assert "Why this poem" in labels(hand)


def test_reasons_of_another_visit_or_work_are_dropped() -> None:
    for event in (explained(visit=2), explained(artwork=11)):
        hand = reading(12)
        hand.happen(event)
        hand.do("select")
        assert "Why this poem" not in labels(hand)
    assert Hand().happen(explained()) == []


def test_zoom_goes_from_part_to_part() -> None:
    hand = Hand()
    hand.happen(ArtworksLoaded((replace(WAVE, picture=Path("wave.jpg")),)))
    hand.do("select", "select", "select")
    hand.happen(MatchesReady(1, 11, ANSWERS[11]))
    hand.do("select")
    hand.choose("Enlarge")
    assert shown(hand.last).level == 1  # type: ignore[attr-defined]
    hand.do("select")
    assert "Top left, enlarged 2 times. 1 of 4." in said(hand.last)
    hand.do("next", "next", "next")
    screen = shown(hand.last)
    assert isinstance(screen, ZoomScreen)
    assert (screen.column, screen.row, screen.place) == (1, 1, "Bottom right, enlarged 2 times")
    hand.do("select", "select")
    assert shown(hand.last).level == 1  # type: ignore[attr-defined]
    hand.do("back")
    assert isinstance(hand.session.stage, PoemMenu)
