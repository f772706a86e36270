"""The visit as a state machine: stories first, then properties over everything that can happen."""

from __future__ import annotations

from pathlib import Path

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import FIVE, Control
from kiosk.events import (
    Action,
    ArtworksFailed,
    ArtworksLoaded,
    Dialled,
    EngineFailed,
    EngineReady,
    Event,
    Focused,
    KeyPressed,
    LineStarted,
    MatchesReady,
    OtherKey,
    Picked,
    Reset,
    Say,
    SayFrom,
    Search,
    SearchFailed,
    SpeechFinished,
    Started,
    StopSpeech,
    Tick,
)
from kiosk.screens import (
    ChooseScreen,
    HelpScreen,
    MenuScreen,
    MessageScreen,
    ResultScreen,
    SearchingScreen,
    WelcomeScreen,
)
from kiosk.session import Session
from kiosk.stages import Helping, Reading, Seeking, Welcoming
from kiosk.troubles import Trouble
from kiosk.visit.clock import WARNING_SECONDS
from kiosk.words.catalogue import words_in
from tests.kiosk.hand import said, shown

WORDS = words_in("en")
DOOR = Welcoming(greeted=True)
PREVIOUS, NEXT = KeyPressed(Control.PREVIOUS), KeyPressed(Control.NEXT)
SELECT, BACK, HELP = (KeyPressed(c) for c in (Control.SELECT, Control.BACK, Control.HELP))

WORKS = (
    ArtworkCard(11, "1", "The Great Wave", "Hokusai", "1831", "A wave.", Path("wave.png")),
    ArtworkCard(12, "2", "The Harvesters", "Bruegel", "1565"),
    ArtworkCard(13, "12", "The Milkmaid", "Vermeer"),
)


def poem(rank: int, *, more: int = 0) -> MatchedPoem:
    lines = ("The sea is calm to-night.", "", "The tide is full")
    whole = lines + tuple(f"line {n}" for n in range(more))
    return MatchedPoem(
        rank, rank, rank * 10, f"Poem {rank}", "A Poet", lines, "en", whole, 0.5, 0.3
    )


POEMS = (poem(1, more=4), poem(2))


def choose(visitor: Visitor, label: str) -> None:
    """Open the menu and choose the item that begins so."""
    visitor.do(SELECT)
    screen = shown(visitor.last)
    assert isinstance(screen, MenuScreen)
    for _ in screen.items:
        screen = shown(visitor.last)
        assert isinstance(screen, MenuScreen)
        if screen.items[screen.position].label.startswith(label):
            visitor.do(SELECT)
            return
        visitor.do(NEXT)
    raise AssertionError([item.label for item in screen.items])


class Visitor:
    """Presses keys, and remembers what happened last."""

    def __init__(self, *events: Event) -> None:
        self.session = Session()
        self.last: list[Action] = []
        self.heard = ""  # the narration asked for last
        self.do(*events)

    def do(self, *events: Event) -> list[Action]:
        for event in events:
            self.last = self.session.handle(event)
            for action in self.last:
                if isinstance(action, Say | SayFrom):
                    self.heard = action.narration.id
        return self.last

    def finish(self) -> list[Action]:
        """The speech under way is heard to its end."""
        return self.do(SpeechFinished(self.heard))

    @property
    def narration_id(self) -> str:
        return self.heard


def arrived() -> Visitor:
    return Visitor(Started(), ArtworksLoaded(WORKS), EngineReady())


def reading(*, poems: tuple[MatchedPoem, ...] = POEMS) -> Visitor:
    visitor = arrived()
    visitor.do(SELECT, SELECT)
    visitor.do(MatchesReady(visitor.session.visit_id, 11, poems))
    return visitor


def test_start_says_what_this_is_and_what_to_press() -> None:
    actions = Visitor().do(Started())
    assert isinstance(shown(actions), WelcomeScreen)
    assert "Ekphrasis" in said(actions)
    assert "Enter" in said(actions)
    assert "what each key does" in said(actions)


def test_a_poem_is_three_keys_away_from_sleep() -> None:
    visitor = Visitor(ArtworksLoaded(WORKS), EngineReady())
    assert visitor.session.stage == Welcoming(greeted=False)
    woken = visitor.do(SELECT)
    assert said(woken).startswith("Poems for paintings. Press Enter.")
    choose = visitor.do(SELECT)
    assert isinstance(shown(choose), ChooseScreen)
    assert "Painting 1 of 3" in said(choose)
    seeking = visitor.do(SELECT)
    assert isinstance(shown(seeking), SearchingScreen)
    assert Search(1, 11) in seeking
    result = visitor.do(MatchesReady(1, 11, POEMS))
    screen = shown(result)
    assert isinstance(screen, ResultScreen)
    assert screen.place == "Poem 1 of 2"
    assert "The sea is calm" in said(result)
    assert "oem 1 of 2" in said(result)
    assert not any(isinstance(a, StopSpeech) for a in result)  # what was being said is heard out


def test_a_newcomer_after_a_while_is_greeted_before_anything_happens() -> None:
    visitor = arrived()
    visitor.do(SpeechFinished("1-1"), Tick(60.0))
    assert visitor.session.visit_id == 2
    actions = visitor.do(SELECT)
    assert visitor.session.stage == Welcoming(greeted=True)
    assert "Welcome" in said(actions)
    assert isinstance(shown(visitor.do(SELECT)), ChooseScreen)


def test_next_and_previous_say_the_place_in_the_list_and_wrap() -> None:
    visitor = arrived()
    visitor.do(SELECT)
    assert "Painting 2 of 3" in said(visitor.do(NEXT))
    assert "Painting 1 of 3" in said(visitor.do(PREVIOUS))
    assert "Painting 3 of 3" in said(visitor.do(PREVIOUS))
    assert "The Great Wave, by Hokusai, 1831" in said(visitor.do(NEXT))


def test_a_number_is_dialled_as_on_the_wall_label() -> None:
    visitor = arrived()
    begun = visitor.do(Dialled(1))
    assert "The Great Wave" in said(begun)
    found = visitor.do(Dialled(2))
    assert "1 2" in said(found)
    assert "The Milkmaid" in said(found)
    assert shown(found).dialled == "12"  # type: ignore[attr-defined]
    assert Search(1, 13) in visitor.do(SELECT)


def test_a_wrong_number_is_named_and_can_be_cleared() -> None:
    visitor = arrived()
    wrong = visitor.do(Dialled(9), Dialled(9))
    assert "No painting has the number 9 9" in said(wrong)
    assert "from 1 to 12" in said(wrong)
    again = visitor.do(SELECT)
    assert "No painting has the number 9 9" in said(again)
    assert not any(isinstance(a, Search) for a in again)
    cleared = visitor.do(BACK)
    assert said(cleared).startswith("Number cleared. Painting 1 of 3.")
    assert ".." not in said(cleared)
    assert shown(cleared).dialled == ""  # type: ignore[attr-defined]
    assert isinstance(shown(visitor.do(BACK)), WelcomeScreen)


def test_a_leading_nought_does_not_hide_a_work() -> None:
    visitor = arrived()
    assert "The Harvesters" in said(visitor.do(Dialled(0), Dialled(2)))
    assert "Go on" in said(arrived().do(Dialled(0)))


def test_the_spoken_line_is_marked_and_unmarked() -> None:
    visitor = reading()
    narration = visitor.narration_id
    marked = visitor.do(LineStarted(narration, 2))
    assert shown(marked).spoken_line == 2  # type: ignore[attr-defined]
    assert visitor.do(LineStarted("some older one", 0)) == []
    assert shown(visitor.do(SpeechFinished(narration))).spoken_line is None  # type: ignore[attr-defined]


def test_the_menu_reads_the_whole_of_a_longer_poem() -> None:
    visitor = reading()
    assert "a part of the poem" in said(visitor.last)
    assert "line 3" not in said(visitor.last)
    choose(visitor, "The whole poem")
    assert "line 3" in said(visitor.last)
    assert "the whole poem" in said(visitor.last)
    assert shown(visitor.last).lines == POEMS[0].whole  # type: ignore[attr-defined]
    second = visitor.do(NEXT)
    assert "oem 2 of 2" in said(second)
    assert "line" not in said(second)


def test_back_leads_from_the_poems_to_the_same_painting() -> None:
    visitor = arrived()
    visitor.do(SELECT, NEXT, SELECT, MatchesReady(1, 12, POEMS))
    assert isinstance(visitor.session.stage, Reading)
    assert "Painting 2 of 3" in said(visitor.do(BACK))


def test_matches_for_an_older_visit_or_another_painting_are_dropped() -> None:
    visitor = arrived()
    visitor.do(SELECT, SELECT, BACK, NEXT, SELECT)
    assert isinstance(visitor.session.stage, Seeking)
    assert visitor.session.stage.artwork.id == 12
    assert visitor.do(MatchesReady(1, 11, POEMS)) == []
    assert visitor.do(MatchesReady(0, 12, POEMS)) == []
    assert visitor.do(SearchFailed(1, 11, Trouble.OTHER, "no")) == []
    assert visitor.do(MatchesReady(1, 12, POEMS)) != []
    assert visitor.do(MatchesReady(1, 12, POEMS)) == []


def test_a_long_search_says_that_it_still_runs() -> None:
    visitor = arrived()
    visitor.do(SELECT, SELECT)
    assert visitor.do(Tick(5.0)) == []  # it is still saying what it does
    visitor.finish()
    assert visitor.do(Tick(1.0)) == []
    assert "Still looking" in said(visitor.do(Tick(1.0)))


def test_a_sleeping_engine_is_told_of_and_waited_for() -> None:
    visitor = Visitor(Started(), ArtworksLoaded(WORKS))
    actions = visitor.do(SELECT, SELECT)
    assert WORDS("engine-loading") in said(actions)
    assert Search(1, 11) in actions
    assert "It is awake now." in said(visitor.do(EngineReady()))


def test_a_broken_engine_is_told_of_only_where_it_is_needed() -> None:
    visitor = Visitor(Started(), ArtworksLoaded(WORKS))
    visitor.do(SELECT, NEXT, SELECT)
    assert visitor.do(EngineFailed(Trouble.SEARCH, "damaged")) == []
    failed = visitor.do(SearchFailed(1, 12, Trouble.SEARCH, "damaged"))
    screen = shown(failed)
    assert isinstance(screen, MessageScreen)
    assert screen.for_staff == "damaged"
    assert "cannot look for poems" in said(failed)
    assert "ask the staff. Press Escape to go back." in said(failed)
    assert "Painting 2 of 3" in said(visitor.do(BACK))
    assert Search(1, 11) in visitor.do(PREVIOUS, SELECT)  # it may have been ranked ahead
    assert isinstance(shown(visitor.do(MatchesReady(1, 11, POEMS))), ResultScreen)


def test_a_search_that_fails_and_one_that_finds_nothing() -> None:
    visitor = arrived()
    visitor.do(SELECT, SELECT)
    failed = visitor.do(SearchFailed(1, 11, Trouble.PICTURE, "x.png is no picture."))
    assert "picture of this painting cannot be read" in said(failed)
    visitor.do(BACK, SELECT)
    none = visitor.do(MatchesReady(1, 11, ()))
    assert "No poem was found for The Great Wave" in said(none)
    assert isinstance(shown(visitor.do(BACK)), ChooseScreen)


def test_an_empty_collection_has_words_and_a_way_on() -> None:
    visitor = Visitor(Started())
    assert WORDS("artworks-coming") in said(visitor.do(SELECT))
    empty = visitor.do(ArtworksLoaded(()))
    assert WORDS("no-artworks") in said(empty)
    assert "artworks import" in shown(empty).for_staff  # type: ignore[attr-defined]
    assert WORDS("no-artworks") in said(visitor.do(Dialled(4)))
    assert isinstance(shown(visitor.do(BACK)), WelcomeScreen)


def test_an_unreadable_collection_has_words() -> None:
    visitor = Visitor(Started(), ArtworksFailed(Trouble.COLLECTION, "store.sqlite is locked"))
    assert "cannot reach its collection" in said(visitor.do(SELECT))


def test_a_new_list_begins_anew() -> None:
    visitor = reading()
    actions = visitor.do(ArtworksLoaded(WORKS[:1]))
    assert "Painting 1 of 1" in said(actions)
    at_the_door = arrived().do(ArtworksLoaded(WORKS[:1]))
    assert isinstance(shown(at_the_door), WelcomeScreen)
    assert said(at_the_door) == ""


def test_help_says_what_every_key_does_here_and_leads_back() -> None:
    visitor = reading()
    before = visitor.session.stage
    hints = shown(visitor.last).hints  # type: ignore[attr-defined]
    assert {hint.control for hint in hints} == set(FIVE)
    actions = visitor.do(HELP)
    screen = shown(actions)
    assert isinstance(screen, HelpScreen)
    for hint in hints:
        assert hint.sentence in said(actions)
        assert hint.sentence in screen.lines
    assert said(visitor.do(NEXT)) == f"{screen.lines[0]} 1 of {len(screen.lines)}."
    assert said(visitor.do(PREVIOUS)).startswith(screen.lines[-1])
    assert "Poem 1 of 2" in said(visitor.do(BACK))
    assert visitor.session.stage == before


def test_help_in_the_list_tells_of_digits() -> None:
    assert "Digits: the number on a wall label." in said(arrived().do(SELECT, HELP))


def test_poems_that_come_while_help_is_open_wait_below_it() -> None:
    visitor = arrived()
    visitor.do(SELECT, SELECT, HELP)
    actions = visitor.do(MatchesReady(1, 11, POEMS))
    assert "2 poems for The Great Wave" in said(actions)
    assert isinstance(visitor.session.stage, Helping)
    visitor.do(BACK)
    assert isinstance(visitor.session.stage, Reading)


def test_time_out_warns_waits_and_forgets_everything() -> None:
    visitor = reading()
    assert visitor.do(Tick(600.0)) == []  # the clock starts when speech ends
    visitor.do(SpeechFinished(visitor.heard))
    assert visitor.do(Tick(99.0)) == []
    assert "Are you still there?" in said(visitor.do(Tick(1.0)))
    visitor.finish()
    assert visitor.do(Tick(WARNING_SECONDS - 0.5)) == []
    ended = visitor.do(Tick(0.5))
    assert Reset(2) in ended
    assert isinstance(shown(ended), WelcomeScreen)
    assert visitor.session.stage == Welcoming(greeted=False)
    assert visitor.do(MatchesReady(1, 11, POEMS)) == []


def test_any_key_extends_at_least_ten_times_and_does_nothing_else() -> None:
    visitor = reading()
    visitor.finish()
    before = visitor.session.stage
    for _ in range(12):
        visitor.finish()
        assert "Are you still there?" in said(visitor.do(Tick(100.0)))
        assert "more time" in said(visitor.do(BACK))
        assert visitor.session.stage == before


def test_speech_whose_end_is_never_heard_of_does_not_keep_the_visit_for_ever() -> None:
    visitor = reading()
    for _ in range(25):
        visitor.do(Tick(100.0))
    assert visitor.session.visit_id == 2


def test_tab_says_what_has_the_focus() -> None:
    assert said(arrived().do(Focused("Find poems, button"))) == "Find poems, button"


def test_a_key_without_a_meaning_silences_and_says_where_help_is() -> None:
    visitor = reading()
    actions = visitor.do(OtherKey())
    assert actions[0] == StopSpeech()
    assert "H says what each key does here" in said(actions)


def test_a_click_in_the_list_finds_poems() -> None:
    visitor = arrived()
    visitor.do(SELECT)
    assert Search(1, 12) in visitor.do(Picked(1))
    assert isinstance(shown(visitor.do(BACK, Picked(99))), ChooseScreen)
