"""What the visit asks for is said and sought: the kiosk's window, speaker and worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from engine import Reason
from kiosk.events import (
    Apply,
    EngineFailed,
    HeadsetPlugged,
    HeadsetPulled,
    LineStarted,
    MatchesReady,
    ParagraphStarted,
    PauseSpeech,
    ReasonsReady,
    Reset,
    ResumeSpeech,
    Say,
    SayFrom,
    Search,
    SpeechFinished,
    Started,
    VoicesKnown,
)
from kiosk.narration import Narration, Segment, SegmentKind
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.speech.synthesiser import SpeechSettings
from tests.kiosk.scripted_kiosk import LINES, POEM, WORK, Found, OneWork, Stage


def narration(name: str, *words: str) -> Narration:
    kind = SegmentKind.ANNOUNCEMENT
    parts = [Segment(f"part-{n}", kind, text) for n, text in enumerate(words)]
    verse = Segment("line-0", SegmentKind.LINE, LINES[0], line=0)
    return Narration(name, (*parts, verse))


def loaded(stage: Stage) -> Callable[[], bool]:
    return lambda: stage.kiosk._searches._loaded


def test_speech_is_paused_and_goes_on(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage()
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


def test_speech_begins_in_the_middle(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage()
    stage.do(SayFrom(narration("a", "One", "two", "three"), 2))
    qtbot.waitUntil(lambda: SpeechFinished("a") in stage.script.events, timeout=10_000)
    assert [event.segment for event in stage.script.of(ParagraphStarted)] == [2]


def test_preferences_are_heard_and_seen_and_gone_with_the_visit(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage()
    stage.do(Apply(Preferences(voice="slt", speed=1.5, volume=0.4, contrast="light")))
    assert stage.speaker.settings == SpeechSettings("slt", 1.5, 0.4)
    light = stage.kiosk.window.palette().window().color()
    stage.do(Reset(2))
    assert stage.speaker.settings == SpeechSettings(volume=0.8)
    assert stage.kiosk.window.palette().window().color() != light


def test_a_work_ranked_ahead_is_answered_while_the_model_loads(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage(OneWork(known_already=True, load_s=5.0))
    qtbot.waitUntil(lambda: stage.kiosk._searches._matcher is not None)
    began = time.monotonic()
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(MatchesReady)))
    assert time.monotonic() - began < 1.0
    assert stage.script.events[-1] == MatchesReady(1, WORK.id, (POEM,))
    assert not stage.kiosk._searches._loaded
    assert stage.matcher.asked == []


def test_a_work_ranked_ahead_is_answered_though_the_model_has_failed(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage(OneWork(known_already=True, problem=ZeroDivisionError("a bug")))
    qtbot.waitUntil(lambda: bool(stage.script.of(EngineFailed)))
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(MatchesReady)))


def test_the_poems_are_out_before_anybody_asks_why(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage(OneWork(reason=Reason(0, 0.5)))
    qtbot.waitUntil(loaded(stage))
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: bool(stage.script.of(ReasonsReady)))
    kinds = [type(event) for event in stage.script.events]
    assert kinds.index(MatchesReady) < kinds.index(ReasonsReady)
    assert stage.script.of(MatchesReady) == [MatchesReady(1, WORK.id, (POEM,))]
    explained = (replace(POEM, reason=Reason(0, 0.5)),)
    assert stage.script.of(ReasonsReady) == [ReasonsReady(1, WORK.id, explained)]


def test_a_reason_that_cannot_be_found_costs_nothing(
    make_stage: Callable[..., Stage], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    stage = make_stage(OneWork(reason=Reason(0, 0.5)))
    qtbot.waitUntil(loaded(stage))
    stage.matcher.explain = lambda answer: 1 // 0  # type: ignore[assignment]
    stage.do(Search(1, WORK.id))
    qtbot.waitUntil(lambda: "why these poems were chosen" in caplog.text)
    assert stage.script.of(ReasonsReady) == []
    assert len(stage.script.of(MatchesReady)) == 1


def test_nobody_is_told_why_after_the_visit(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage(OneWork(reason=Reason(0, 0.5)))
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


def test_a_search_of_the_last_visitor_is_nobodys(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage()
    qtbot.waitUntil(loaded(stage))
    stage.do(Search(1, WORK.id), Reset(2))
    qtbot.wait(300)
    assert stage.script.of(MatchesReady) == []
    assert stage.matcher.asked == []


def test_works_are_ranked_while_nobody_is_there(
    make_stage: Callable[..., Stage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.kiosk.QUIET_S", 0.2)
    stage = make_stage()
    qtbot.waitUntil(lambda: stage.matcher.asked == [WORK.id], timeout=10_000)
    qtbot.wait(1200)
    assert stage.matcher.asked == [WORK.id]  # once


def test_the_headset_is_news_when_it_comes_and_when_it_goes(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage()
    qtbot.wait(700)
    stage.headset[0] = True
    qtbot.waitUntil(lambda: HeadsetPlugged() in stage.script.events)
    stage.headset[0] = False
    qtbot.waitUntil(lambda: HeadsetPulled() in stage.script.events)
    assert len(stage.script.of(HeadsetPlugged)) == 1


def test_the_voices_are_told(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage()
    qtbot.waitUntil(lambda: bool(stage.script.of(VoicesKnown)))
    assert stage.script.of(VoicesKnown) == [VoicesKnown((VoiceChoice("v", "Voice", "en"),))]
    assert stage.script.events[0] == Started()
