"""What the visit asks for is carried out: real window, speaker, worker and eye; the story is ours.

The session is scripted here, since what is asked for and when is the story's matter.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine import Reason
from kiosk.app import Kiosk, Relay, SpeakerVoice
from kiosk.camera.eye import CameraEye
from kiosk.cards import TAKEN_PICTURE_ID, ArtworkCard, MatchedPoem
from kiosk.controls import ARROWS, PROFILES, Control, ControlProfile
from kiosk.events import (
    Action,
    Apply,
    CameraFailed,
    CameraReady,
    CloseCamera,
    EngineFailed,
    Event,
    Focused,
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
    Started,
    StopSpeech,
    TakePicture,
    Tick,
    UnknownKey,
    UseProfile,
    VoicesKnown,
)
from kiosk.narration import Narration, Segment, SegmentKind
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screens import Hint, MessageScreen
from kiosk.session import Session
from kiosk.speech.headset import HeadsetWatch
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.speaker import Speaker
from kiosk.speech.synthesiser import SpeechSettings
from kiosk.tasks import Tasks
from kiosk.troubles import Trouble
from kiosk.ui.window import KioskWindow
from tests.motion_jpeg import motion_jpeg

LINES = ("The sea is calm to-night.",)
POEM = MatchedPoem(1, 1, 1, "Dover Beach", "Arnold", LINES, "en", LINES, 0.9, 0.4)
WORK = ArtworkCard(3, "3", "Wave")


class Script(Session):
    """Remembers what happens; asks for whatever the test has asked it to."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []

    def handle(self, event: Event) -> list[Action]:
        if not isinstance(event, Tick):
            self.events.append(event)
        return []

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Found:
    matches: tuple[MatchedPoem, ...] = (POEM,)
    fits: bool = True
    needs_reasons: bool = False


@dataclass
class OneWork:
    """A collection of one; what it is asked is kept."""

    known_already: bool = False
    load_s: float = 0.0
    problem: Exception | None = None
    asked: list[object] = field(default_factory=list)
    reason: Reason | None = None  # what it finds, where it has to look for it

    def artworks(self) -> tuple[ArtworkCard, ...]:
        return (WORK,)

    def load(self) -> None:
        time.sleep(self.load_s)
        if self.problem is not None:
            raise self.problem

    def known(self, artwork_id: int, language: str) -> Found | None:
        return Found() if self.known_already else None

    def unranked(self) -> list[int]:
        return [] if self.known_already else [WORK.id]

    def rank(self, artwork_id: int) -> None:
        self.match_artwork(artwork_id, language="en")

    def match_artwork(self, artwork_id: int, *, language: str) -> Found:
        self.asked.append(artwork_id)
        self.known_already = True
        return Found(needs_reasons=self.reason is not None)

    def match_picture(self, picture: Image.Image, *, language: str) -> Found:
        self.asked.append(picture.size)
        return Found(fits=False, needs_reasons=self.reason is not None)

    def explain(self, answer: Found) -> Found:
        if self.reason is None:
            raise ZeroDivisionError("a bug")
        return Found((replace(answer.matches[0], reason=self.reason),))


@dataclass
class Stage:
    """A kiosk, and what it is made of."""

    kiosk: Kiosk
    script: Script
    speaker: Speaker
    matcher: OneWork
    kept: list[ControlProfile] = field(default_factory=list)
    headset: list[bool] = field(default_factory=lambda: [False])

    def do(self, *actions: Action) -> None:
        for action in actions:
            self.kiosk._do(action)


@pytest.fixture
def make(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def made(
        matcher: OneWork | None = None, video: Path | None = None, profile: str = "arrows"
    ) -> Stage:
        window = KioskWindow(profile=PROFILES[profile])
        qtbot.addWidget(window)
        window.resize(1024, 600)
        window.show()
        relay = Relay()
        speaker = Speaker(
            SilenceSynthesiser(),
            Player(lambda: RecorderSink(None, paced=True)),
            relay,
            SpeechSettings(volume=0.8),
        )
        stage = Stage.__new__(Stage)
        stage.kept, stage.headset = [], [False]
        stage.script, stage.speaker, stage.matcher = Script(), speaker, matcher or OneWork()
        stage.kiosk = Kiosk(
            session=stage.script,
            window=window,
            voice=SpeakerVoice(speaker),
            relay=relay,
            tasks=Tasks(),
            make_matcher=lambda: stage.matcher,
            list_voices=lambda: (VoiceChoice("v", "Voice", "en"),),
            headset=HeadsetWatch(lambda: stage.headset[0]),
            eye=CameraEye(video=str(video)) if video else None,
            keep_profile=stage.kept.append,
            scan_seconds=0.5,
        )
        stages.append(stage)
        stage.kiosk.start()
        return stage

    yield made
    for stage in stages:
        stage.kiosk.close()


def narration(name: str, *words: str) -> Narration:
    kind = SegmentKind.ANNOUNCEMENT
    parts = [Segment(f"part-{n}", kind, text) for n, text in enumerate(words)]
    verse = Segment("line-0", SegmentKind.LINE, LINES[0], line=0)
    return Narration(name, (*parts, verse))


def loaded(stage: Stage) -> Callable[[], bool]:
    return lambda: stage.kiosk._searches._loaded


def test_speech_is_paused_and_goes_on(make: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make()
    stage.do(Say(narration("a", "One", "two")))
    qtbot.waitUntil(lambda: bool(stage.script.of(ParagraphStarted)))
    stage.do(PauseSpeech())
    qtbot.wait(1500)
    assert stage.script.of(SpeechFinished) == []
    stage.do(ResumeSpeech())
    qtbot.waitUntil(lambda: SpeechFinished("a") in stage.script.events, timeout=10_000)
    parts = [event.segment for event in stage.script.of(ParagraphStarted)]
    assert parts == [0, 1]
    assert stage.script.of(LineStarted) == [LineStarted("a", 0)]


def test_speech_begins_in_the_middle(make: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make()
    stage.do(SayFrom(narration("a", "One", "two", "three"), 2))
    qtbot.waitUntil(lambda: SpeechFinished("a") in stage.script.events, timeout=10_000)
    assert [event.segment for event in stage.script.of(ParagraphStarted)] == [2]


def test_preferences_are_heard_and_seen_and_gone_with_the_visit(
    make: Callable[..., Stage],
) -> None:
    stage = make()
    stage.do(Apply(Preferences(voice="slt", speed=1.5, volume=0.4, contrast="light")))
    assert stage.speaker.settings == SpeechSettings("slt", 1.5, 0.4)
    light = stage.kiosk.window.palette().window().color()
    stage.do(Reset(2))
    assert stage.speaker.settings == SpeechSettings(volume=0.8)
    assert stage.kiosk.window.palette().window().color() != light


def test_a_work_ranked_ahead_is_answered_while_the_model_loads(
    make: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make(OneWork(known_already=True, load_s=5.0))
    qtbot.waitUntil(lambda: stage.kiosk._searches._matcher is not None)
    began = time.monotonic()
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(MatchesReady)))
    assert time.monotonic() - began < 1.0
    assert stage.script.events[-1] == MatchesReady(1, WORK.id, (POEM,))
    assert not stage.kiosk._searches._loaded
    assert stage.matcher.asked == []


def test_a_work_ranked_ahead_is_answered_though_the_model_has_failed(
    make: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make(OneWork(known_already=True, problem=ZeroDivisionError("a bug")))
    qtbot.waitUntil(lambda: bool(stage.script.of(EngineFailed)))
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(MatchesReady)))


def test_the_poems_are_out_before_anybody_asks_why(
    make: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make(OneWork(reason=Reason(0, 0.5)))
    qtbot.waitUntil(loaded(stage))
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(ReasonsReady)))
    kinds = [type(event) for event in stage.script.events]
    assert kinds.index(MatchesReady) < kinds.index(ReasonsReady)
    assert stage.script.of(MatchesReady) == [MatchesReady(1, WORK.id, (POEM,))]
    explained = (replace(POEM, reason=Reason(0, 0.5)),)
    assert stage.script.of(ReasonsReady) == [ReasonsReady(1, WORK.id, explained)]


def test_a_reason_that_cannot_be_found_costs_nothing(
    make: Callable[..., Stage], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    stage = make(OneWork(reason=Reason(0, 0.5)))
    qtbot.waitUntil(loaded(stage))
    stage.matcher.explain = lambda answer: 1 // 0  # type: ignore[assignment]
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: "why these poems were chosen" in caplog.text)
    assert stage.script.of(ReasonsReady) == []
    assert len(stage.script.of(MatchesReady)) == 1


def test_nobody_is_told_why_after_the_visit(make: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make(OneWork(reason=Reason(0, 0.5)))
    qtbot.waitUntil(loaded(stage))
    go_on = threading.Event()
    found = stage.matcher.explain

    def explain(answer: Found) -> Found:
        go_on.wait(10)
        return found(answer)

    stage.matcher.explain = explain  # type: ignore[method-assign]
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(MatchesReady)))
    stage.do(Reset(2))
    go_on.set()
    qtbot.wait(300)
    assert stage.script.of(ReasonsReady) == []


def test_a_search_of_the_last_visitor_is_nobodys(make: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make()
    qtbot.waitUntil(loaded(stage))
    stage.do(Search(1, WORK.id), Reset(2))
    qtbot.wait(300)
    assert stage.script.of(MatchesReady) == []
    assert stage.matcher.asked == []


def test_works_are_ranked_while_nobody_is_there(
    make: Callable[..., Stage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.kiosk.QUIET_S", 0.2)
    stage = make()
    qtbot.waitUntil(lambda: stage.matcher.asked == [WORK.id], timeout=10_000)
    qtbot.wait(1200)
    assert stage.matcher.asked == [WORK.id]  # once


def test_the_headset_is_news_when_it_comes_and_when_it_goes(
    make: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make()
    qtbot.wait(700)
    stage.headset[0] = True
    qtbot.waitUntil(lambda: HeadsetPlugged() in stage.script.events)
    stage.headset[0] = False
    qtbot.waitUntil(lambda: HeadsetPulled() in stage.script.events)
    assert len(stage.script.of(HeadsetPlugged)) == 1


def test_the_voices_are_told(make: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make()
    qtbot.waitUntil(lambda: bool(stage.script.of(VoicesKnown)))
    assert stage.script.of(VoicesKnown) == [VoicesKnown((VoiceChoice("v", "Voice", "en"),))]
    assert stage.script.events[0] == Started()


# --- keys -------------------------------------------------------------------------------------


def test_keys_are_taught_and_then_mean_what_was_taught(make: Callable[..., Stage]) -> None:
    stage = make()
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
    make: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make(profile="one switch")
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


def test_two_switches_move_and_take(make: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make(profile="two switches")
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


# --- the camera -------------------------------------------------------------------------------


@pytest.fixture
def video(tmp_path: Path) -> Callable[[Image.Image], Path]:
    def made(frame: Image.Image) -> Path:
        path = tmp_path / "seen.avi"
        path.write_bytes(motion_jpeg([frame] * 3))
        return path

    return made


def test_a_picture_is_taken_matched_and_forgotten_and_no_file_appears(
    make: Callable[..., Stage],
    qtbot: QtBot,
    video: Callable[[Image.Image], Path],
    tmp_path: Path,
) -> None:
    frame = Image.linear_gradient("L").convert("RGB").resize((320, 240))
    stage = make(video=video(frame))
    before = set(tmp_path.rglob("*"))
    stage.do(OpenCamera(4))
    qtbot.waitUntil(lambda: CameraReady(4) in stage.script.events, timeout=10_000)
    stage.do(TakePicture(4), CloseCamera())
    qtbot.waitUntil(lambda: PictureTaken(4) in stage.script.events)
    stage.do(SearchPicture(4))
    answer = MatchesReady(4, TAKEN_PICTURE_ID, (POEM,), fits=False)
    qtbot.waitUntil(lambda: answer in stage.script.events)
    assert stage.matcher.asked == [(320, 240)]
    stage.do(Reset(5))
    assert stage.kiosk._camera.picture is None
    stage.do(SearchPicture(5))
    assert [event.visit_id for event in stage.script.of(SearchFailed)] == [5]
    assert set(tmp_path.rglob("*")) == before


def test_a_dark_picture_is_refused_and_not_held(
    make: Callable[..., Stage], qtbot: QtBot, video: Callable[[Image.Image], Path]
) -> None:
    stage = make(video=video(Image.new("RGB", (320, 240), (9, 8, 8))))
    stage.do(OpenCamera(1))
    qtbot.waitUntil(lambda: CameraReady(1) in stage.script.events, timeout=10_000)
    stage.do(TakePicture(1))
    assert stage.script.events[-1] == PictureRefused(1, PictureFault.DARK)
    assert stage.kiosk._camera.picture is None


def test_without_a_camera_the_visitor_hears_so(make: Callable[..., Stage]) -> None:
    stage = make()
    stage.do(OpenCamera(1))
    stage.do(TakePicture(1))
    told = stage.script.of(CameraFailed)
    assert [event.visit_id for event in told] == [1, 1]
    assert {event.trouble for event in told} <= {Trouble.NO_CAMERA, Trouble.CAMERA}
    assert told[0].trouble is Trouble.NO_CAMERA


def test_a_camera_that_opens_after_the_visitor_left_is_no_news(
    make: Callable[..., Stage], qtbot: QtBot, video: Callable[[Image.Image], Path]
) -> None:
    stage = make(video=video(Image.new("RGB", (320, 240), "green")))
    stage.do(OpenCamera(1), StopSpeech(), Reset(2))
    qtbot.wait(800)
    assert stage.script.of(CameraReady) == []
