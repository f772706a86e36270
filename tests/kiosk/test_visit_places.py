"""Each place of a visit beyond the straight way: languages, menus, settings, camera, keys."""

from __future__ import annotations

import subprocess
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from engine import Reason, Shared
from kiosk.cards import Credit
from kiosk.controls import ARROWS, FIVE, PROFILES, Control
from kiosk.events import (
    Action,
    Apply,
    ArtworksLoaded,
    CameraFailed,
    CameraReady,
    CloseCamera,
    Dialled,
    EngineFailed,
    EngineReady,
    HeadsetPlugged,
    HeadsetPulled,
    KeyPressed,
    LineStarted,
    ListenForKeys,
    MatchesReady,
    OpenCamera,
    OtherKey,
    ParagraphStarted,
    PauseSpeech,
    Picked,
    PictureFault,
    PictureRefused,
    PictureTaken,
    ReasonsReady,
    Reset,
    ResumeSpeech,
    Say,
    SayFrom,
    Search,
    SearchFailed,
    SearchPicture,
    Show,
    SpeechFinished,
    StopSpeech,
    TakePicture,
    Tick,
    UnknownKey,
    UseProfile,
    VoicesKnown,
)
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screens import (
    CameraScreen,
    ChooseScreen,
    DialScreen,
    LearnScreen,
    MenuScreen,
    MessageScreen,
    ResultScreen,
    TextScreen,
    WelcomeScreen,
    ZoomScreen,
)
from kiosk.session import Session
from kiosk.speech.pyttsx3_synthesiser import WORDS_PER_MINUTE
from kiosk.stages import (
    AboutPoem,
    Adjusting,
    ForStaff,
    Languages,
    Looking,
    PoemMenu,
    Reading,
    Stuck,
    Trying,
    Ways,
    Welcoming,
)
from kiosk.troubles import Trouble
from kiosk.visit.colours_said import colours_said
from kiosk.words.catalogue import LANGUAGES, words_in
from tests.kiosk.visitor import ANSWERS, BEACH, VOICES, WAVE, WIND, WORKS, Visitor

AT_MOST_SECONDS = 3.0  # of the attract speech, and until what to press was said


def said(actions: list[Action]) -> str:
    return " ".join(
        segment.text
        for a in actions
        if isinstance(a, Say | SayFrom)
        for segment in a.narration.segments[getattr(a, "first", 0) :]
    )


def shown(actions: list[Action]) -> object:
    return [a.screen for a in actions if isinstance(a, Show)][-1]


def key(control: str) -> KeyPressed:
    return KeyPressed(Control(control))


class Hand:
    """Presses keys and keeps what came of the last one."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or Session()
        self.last: list[Action] = []
        for event in (ArtworksLoaded(WORKS), EngineReady(), VoicesKnown(VOICES)):
            self.session.handle(event)

    def do(self, *controls: str) -> list[Action]:
        for control in controls:
            self.last = self.session.handle(key(control))
        return self.last

    def happen(self, event: object) -> list[Action]:
        self.last = self.session.handle(event)  # type: ignore[arg-type]
        return self.last

    def choose(self, label: str) -> list[Action]:
        for _ in range(30):
            screen = self.session.stage.screen(self.session._visit)
            assert isinstance(screen, MenuScreen)
            if screen.items[screen.position].label.startswith(label):
                return self.do("select")
            self.do("next")
        raise AssertionError(label)

    def finish(self) -> list[Action]:
        return self.happen(SpeechFinished(self.session._visit.speaking or ""))


def reading(artwork: int = 11, **answer: bool) -> Hand:
    hand = Hand()
    hand.do("select", "select")
    if artwork == 12:
        hand.do("next")
    hand.do("select")
    hand.happen(MatchesReady(1, artwork, ANSWERS[artwork], **answer))
    return hand


# --- the door -------------------------------------------------------------------------------------


def test_within_three_seconds_one_hears_what_this_is_and_what_to_press() -> None:
    for event in (key("select"), key("louder"), HeadsetPlugged()):
        actions = Hand().happen(event)
        first = next(a for a in actions if isinstance(a, Say)).narration.segments[0]
        assert first.text.startswith("Poems for paintings. Press Enter.")
        saying = [isinstance(action, Say) for action in actions]
        assert saying.index(True) < len(actions) - 1 or len(actions) == 1
        assert isinstance(shown(actions), WelcomeScreen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_and_the_first_words_are_as_short_with_a_real_voice(
    language: str, tmp_path: Path
) -> None:
    words = words_in(language)
    pace = str(WORDS_PER_MINUTE)
    for text in (words("attract"), words("welcome", select=words("key-enter"))):
        file = tmp_path / "said.wav"
        subprocess.run(["espeak-ng", "-v", language, "-s", pace, "-w", str(file), text], check=True)
        with wave.open(str(file)) as sound:
            assert sound.getnframes() / sound.getframerate() <= AT_MOST_SECONDS, text


def test_only_languages_with_a_voice_are_offered_each_in_its_own() -> None:
    hand = Hand()
    greeting = next(a for a in hand.do("select") if isinstance(a, Say)).narration
    assert [s.language for s in greeting.segments] == ["en", "ko", "en"]
    assert shown(hand.last).offers == ("한국어: 왼쪽 화살표.",)  # type: ignore[attr-defined]
    hand.happen(VoicesKnown(VOICES[:1]))
    assert "한국어" not in said(hand.do("back"))
    assert isinstance(hand.session.stage, Welcoming)
    hand.do("previous")
    assert isinstance(hand.session.stage, Welcoming)  # nothing to choose from


def test_a_language_holds_for_the_visit_and_no_longer() -> None:
    hand = Hand()
    hand.do("select", "previous")
    assert isinstance(hand.session.stage, Languages)
    applied = hand.do("select")
    assert Apply(Preferences(language="ko")) in applied
    assert "한국어" not in said(applied)
    assert "English: left arrow." in said(applied)
    assert shown(hand.do("select")).place == "그림 3점 중 1번째"  # type: ignore[attr-defined]
    hand.finish()
    hand.happen(Tick(100.0))
    assert "아직 계신가요?" in said(hand.last)
    hand.finish()
    ended = hand.happen(Tick(20.0))
    assert Apply(Preferences()) in ended
    assert ended.index(Reset(2)) < ended.index(Apply(Preferences()))
    goodbye = next(a for a in ended if isinstance(a, Say)).narration
    assert {s.language for s in goodbye.segments} == {"ko"}
    assert "Ekphrasis" in shown(ended).heading  # type: ignore[attr-defined]


def test_an_invitation_is_rare_short_and_can_be_off() -> None:
    quiet = Hand()
    assert said(quiet.happen(Tick(100_000.0))) == ""
    inviting = Hand(Session(attract_seconds=600.0))
    assert said(inviting.happen(Tick(599.0))) == ""
    text = said(inviting.happen(Tick(1.0)))
    assert text == "Poems for paintings. Press any key."
    inviting.finish()
    assert said(inviting.happen(Tick(599.0))) == ""
    assert inviting.session.visit_id == 1


def test_ways_are_offered_only_where_they_lead_somewhere() -> None:
    hand = Hand()
    hand.do("select", "next")
    items = [item.label for item in shown(hand.last).items]  # type: ignore[attr-defined]
    assert "What is near me" in items
    bare = Hand()
    bare.happen(VoicesKnown(()))
    bare.happen(ArtworksLoaded((WORKS[2],)))
    bare.do("select", "next")
    items = [item.label for item in shown(bare.last).items]  # type: ignore[attr-defined]
    assert items == [
        "From the list of all paintings",
        "By the number on the wall label",
        "Show a picture to the camera",
        "Settings",
    ]


@pytest.mark.parametrize(("way", "name"), [("By artist", "Pieter"), ("What is near", "North")])
def test_a_part_of_the_collection_leads_to_its_works(way: str, name: str) -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose(way)
    assert "1 work" in said(hand.last)
    hand.choose(name)
    screen = shown(hand.last)
    assert isinstance(screen, ChooseScreen)
    assert [work.id for work in screen.artworks] == [12]
    assert "Painting 1 of 1" in said(hand.last)
    assert Search(1, 12) in hand.do("select")
    hand.do("back", "back", "back")
    assert isinstance(hand.session.stage, Ways)


def test_the_wheel_of_digits_clears_one_digit_at_a_time() -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("By the number")
    hand.do("select")
    screen = shown(hand.last)
    assert isinstance(screen, DialScreen)
    assert (screen.dialled, screen.digit, screen.artwork) == ("1", "", WAVE)
    hand.do("next", "next", "next", "next", "select")
    assert "No painting has the number 1 4" in said(hand.last)
    assert shown(hand.last).artwork is None  # type: ignore[attr-defined]
    assert "Left: 1" in said(hand.do("back"))
    assert "Left: nothing" in said(hand.do("back"))
    hand.do("back")
    assert isinstance(hand.session.stage, Ways)


# --- over a poem ----------------------------------------------------------------------------------


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


# --- settings -------------------------------------------------------------------------------------


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


# --- the camera -----------------------------------------------------------------------------------


def looking() -> Hand:
    hand = Hand()
    hand.do("select", "next")
    opened = hand.choose("Show a picture")
    assert opened[1] == OpenCamera(1)
    return hand


def test_a_picture_is_taken_and_answered() -> None:
    hand = looking()
    assert "One moment" in said(hand.do("select"))  # it is not open yet
    ready = hand.happen(CameraReady(1))
    assert isinstance(shown(ready), CameraScreen)
    assert "press Enter" in said(ready)
    taking = hand.do("select")
    assert TakePicture(1) in taking
    assert "Hold still" in said(taking)
    found = hand.happen(PictureTaken(1))
    assert CloseCamera() in found
    assert SearchPicture(1) in found
    assert isinstance(shown(hand.happen(MatchesReady(1, 0, ANSWERS[0]))), ResultScreen)
    assert OpenCamera(1) in hand.do("back")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PictureFault.DARK, "too dark"),
        (PictureFault.BRIGHT, "too bright"),
        (PictureFault.EMPTY, "nothing to be seen"),
    ],
)
def test_a_picture_that_is_no_use_has_words_and_is_taken_again(
    fault: PictureFault, words: str
) -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    hand.do("select")
    refused = hand.happen(PictureRefused(1, fault))
    assert words in said(refused)
    assert words in shown(refused).text  # type: ignore[attr-defined]
    assert TakePicture(1) in hand.do("select")


def test_no_camera_has_words_and_a_way_on() -> None:
    hand = looking()
    failed = hand.happen(CameraFailed(1, Trouble.NO_CAMERA, "none"))
    assert "There is no camera at this kiosk. Please choose in another way." in said(failed)
    assert isinstance(hand.session.stage, Stuck)
    assert isinstance(shown(failed), MessageScreen)
    assert CloseCamera() in failed
    hand.do("back")
    assert isinstance(hand.session.stage, Ways)


@pytest.mark.parametrize("way", ["back", "home"])
def test_the_camera_is_closed_whichever_way_one_leaves(way: str) -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    assert CloseCamera() in hand.do(way)
    assert hand.happen(PictureTaken(1)) == []


def test_the_camera_is_closed_when_time_runs_out() -> None:
    hand = looking()
    hand.happen(CameraReady(1))
    hand.finish()
    hand.happen(Tick(100.0))
    hand.finish()
    assert CloseCamera() in hand.happen(Tick(20.0))


def test_while_the_camera_opens_it_is_never_silent_for_long_and_not_for_ever() -> None:
    hand = looking()
    hand.finish()
    assert "One moment more." in said(hand.happen(Tick(2.0)))
    for _ in range(400):
        hand.finish()
        hand.happen(Tick(2.0))
        if not isinstance(hand.session.stage, Looking):
            break
    assert "does not answer" in said(hand.last)


# --- trouble --------------------------------------------------------------------------------------


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
