"""What goes wrong has words and a way on; and what holds everywhere."""

from __future__ import annotations

import pytest

from kiosk.events import (
    CameraReady,
    EngineFailed,
    HeadsetPlugged,
    HeadsetPulled,
    LineStarted,
    MatchesReady,
    OpenCamera,
    OtherKey,
    PictureTaken,
    Say,
    Search,
    SearchFailed,
    StopSpeech,
    TakePicture,
    Tick,
    VoicesKnown,
)
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screens import (
    MessageScreen,
    ResultScreen,
)
from kiosk.session import Session
from kiosk.stages import (
    PoemMenu,
    Stuck,
    Welcoming,
)
from kiosk.troubles import Trouble
from kiosk.words.catalogue import LANGUAGES, words_in
from tests.kiosk.hand import Hand, key, looking, reading, said, shown
from tests.kiosk.visitor import ANSWERS, VOICES, Visitor


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", Trouble)
def test_what_went_wrong_is_named_in_the_visitors_language(language: str, trouble: Trouble) -> None:
    hand = Hand(Session(preferences=Preferences(language=language)))
    hand.do("select", "select", "select")
    failed = hand.happen(SearchFailed(1, 11, trouble, "For staff."))
    words = words_in(language)
    assert words(trouble) in said(failed)
    assert shown(failed).text == words(trouble)  # type: ignore[attr-defined]
    named = [words(other) for other in Trouble]
    assert len(set(named)) == len(named)  # each names another thing


def test_a_known_work_is_answered_though_the_model_failed() -> None:
    hand = Hand()
    hand.happen(EngineFailed(Trouble.SEARCH, "damaged"))
    sought = hand.do("select", "select", "select")
    assert Search(1, 11) in sought
    assert "waking up" not in said(sought)
    assert isinstance(shown(hand.happen(MatchesReady(1, 11, ANSWERS[11]))), ResultScreen)


def test_a_search_that_never_ends_is_given_up() -> None:
    hand = Hand()
    hand.do("select", "select", "select")
    for _ in range(400):
        hand.finish()
        hand.happen(Tick(2.0))
        if isinstance(hand.session.stage, Stuck):
            break
    assert "does not come to an end" in said(hand.last)


def test_a_headset_that_comes_back_disturbs_nobody() -> None:
    hand = reading()
    assert hand.happen(HeadsetPlugged()) == []
    pulled = hand.happen(HeadsetPulled())
    assert pulled[0] == StopSpeech()
    assert said(pulled).startswith("The headset was pulled out.")
    assert Hand().happen(HeadsetPulled()) == []


def test_the_menu_key_and_the_home_key_lead_from_everywhere() -> None:
    hand = reading()
    hand.do("menu")
    assert isinstance(hand.session.stage, PoemMenu)
    hand.do("home")
    assert hand.session.stage == Welcoming(greeted=True)
    hand.do("select", "menu")
    labels = [item.label for item in shown(hand.last).items]  # type: ignore[attr-defined]
    assert labels[0] == "Go on"
    assert "About the painting" in labels


def test_a_kiosk_in_a_language_without_a_catalogue_speaks_english() -> None:
    session = Session(preferences=Preferences(language="de"))
    session.handle(VoicesKnown((VoiceChoice("de", "Deutsch", "de"), *VOICES)))
    greeting = session.handle(key("select"))
    assert said(greeting).startswith("Poems for paintings.")


def test_a_story_can_be_told_with_an_awful_voice() -> None:
    """The driver of the stories itself fails where silence lasts."""
    one = Visitor(search_seconds=30.0)
    one.press("select", "select", "select")
    one.hear("The tide")
    assert sum("Still looking." in line for line in one.story) > 5


def test_help_while_the_camera_looks_does_not_open_it_again() -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    back = hand.do("help", "back")
    assert OpenCamera(1) not in back
    assert "press Enter" in said(back)
    hand.do("select", "help")
    assert hand.happen(PictureTaken(1)) == []
    assert TakePicture(1) in hand.do("back", "select")


def test_the_first_words_are_the_same_whatever_is_offered_so_that_they_are_cached() -> None:
    firsts = set()
    for voices in (VOICES, ()):
        hand = Hand()
        hand.happen(VoicesKnown(voices))
        greeting = next(a for a in hand.do("select") if isinstance(a, Say)).narration
        firsts.add(greeting.segments[0].text)
    assert firsts == {"Poems for paintings. Press Enter."}


def test_what_is_said_in_passing_is_shown_too() -> None:
    hand = Hand()
    hand.do("select", "select")
    unknown = hand.happen(OtherKey())
    assert shown(unknown).notice == said(unknown)  # type: ignore[attr-defined]
    hand.do("select")
    hand.finish()
    still = hand.happen(Tick(2.0))
    assert shown(still).text == said(still) == "Still looking."  # type: ignore[attr-defined]
    hand.happen(MatchesReady(1, 11, ANSWERS[11]))
    assert "percent" in shown(hand.do("softer")).notice  # type: ignore[attr-defined]
    hand.do("select")
    hand.choose("About")
    assert "percent" in shown(hand.do("louder")).notice  # type: ignore[attr-defined]
    assert "pulled out" in shown(hand.do("help") + hand.happen(HeadsetPulled())).about  # type: ignore[attr-defined]
    greeted = Hand()
    greeted.do("select")
    assert "percent" in shown(greeted.do("softer")).invitation  # type: ignore[attr-defined]
    greeted.do("next")
    greeted.choose("Show a picture")
    assert "percent" in shown(greeted.do("softer")).text  # type: ignore[attr-defined]
    warned = reading()
    warned.finish()
    screen = shown(warned.happen(Tick(100.0)))
    assert isinstance(screen, MessageScreen)
    assert screen.text == said(warned.last)


def test_help_is_marked_line_by_line_as_it_is_heard_and_goes_on_from_there() -> None:
    hand = Hand()
    hand.do("select", "help")
    name = hand.session._visit.speaking or ""
    assert hand.happen(LineStarted(name, 0)) == []
    marked = shown(hand.happen(LineStarted(name, 3)))
    assert marked.position == 2  # type: ignore[attr-defined]
    assert said(hand.do("next")).startswith(marked.lines[3])  # type: ignore[attr-defined]


def test_a_language_chosen_at_the_welcome_is_not_lost_without_a_warning() -> None:
    hand = Hand()
    hand.do("select", "previous", "select")
    hand.finish()
    assert hand.happen(Tick(40.0)) == []
    assert "아직 계신가요?" in said(hand.happen(Tick(60.0)))
    hand.do("select")
    assert hand.session.preferences.language == "ko"
    assert hand.session.stage == Welcoming(greeted=True)


def test_a_pace_between_two_steps_begins_at_the_nearest() -> None:
    hand = Hand(Session(preferences=Preferences(speed=1.1)))
    hand.do("select", "next")
    hand.choose("Settings")
    hand.choose("Speed")
    assert "Speed. the usual pace." in said(hand.last)
    hand.do("next")
    assert hand.session.preferences.speed == 1.25
