"""The speech thread: order, staleness, silence on demand, and that nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from kiosk.narration import (
    Narration,
    Segment,
    SegmentKind,
    SpokenPoem,
    announce,
    narrate_poem,
)
from kiosk.speech.player import Player
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.recorder import RATE, RecorderSink
from kiosk.speech.sink import DeviceLostError
from kiosk.speech.speaker import Priority, Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import Samples, SpeechSettings

STARTED, FINISHED = SpeechEventKind.STARTED, SpeechEventKind.FINISHED
DONE, CANCELLED = SpeechEventKind.DONE, SpeechEventKind.CANCELLED


@dataclass
class Stage:
    """A speaker with a real voice, a recorder at the pace of time, and what it told."""

    path: Path
    paced: bool = True
    events: list[SpeechEvent] = field(default_factory=list)
    told: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self.sink = RecorderSink(self.path, paced=self.paced)
        self.voice = Pyttsx3Synthesiser()
        self.speaker = Speaker(self.voice, Player(lambda: self.sink), self._listen)

    def _listen(self, event: SpeechEvent) -> None:
        with self.told:
            self.events.append(event)
            self.told.notify_all()

    def until(self, kind: SpeechEventKind, segment: str | None = None, within: float = 20) -> None:
        with self.told:
            assert self.told.wait_for(
                lambda: any(e.kind is kind and e.segment_id == segment for e in self.events), within
            ), self.events

    def kinds(self, narration: str) -> list[tuple[SpeechEventKind, str | None]]:
        return [(e.kind, e.segment_id) for e in self.events if e.narration_id == narration]

    def sound(self) -> Samples:
        self.speaker.close()
        with wave.open(str(self.path)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), "<i2") / np.float32(32768)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "heard.wav")
    yield stage
    stage.speaker.close()


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "fast.wav", paced=False)
    yield stage
    stage.speaker.close()


def poem(name: str, sonnet: SpokenPoem) -> Narration:
    return narrate_poem(sonnet, rank=1, total=3, narration_id=name)


def test_events_tell_each_segment_in_order_then_the_end(fast: Stage, wind: SpokenPoem) -> None:
    narration = narrate_poem(wind, rank=1, total=1, narration_id="a", hint="Press Back.")
    fast.speaker.say(narration)
    assert fast.speaker.wait(30)
    expected = [(k, s.id) for s in narration.segments for k in (STARTED, FINISHED)]
    assert fast.kinds("a") == [*expected, (DONE, None)]


def test_stop_is_silence_within_a_tenth_of_a_second(stage: Stage, sonnet: SpokenPoem) -> None:
    stops: list[int] = []
    for number in range(4):
        stage.speaker.say(poem(str(number), sonnet))
        stage.until(STARTED, "announcement")
        time.sleep(0.3 + 0.11 * number)
        stage.speaker.stop()
        stops.append(stage.sink.heard())
        assert stage.speaker.wait(2)
        time.sleep(0.25)
        assert stage.kinds(str(number))[-1] == (CANCELLED, "announcement")
        stage.events.clear()
    sound = stage.sound()
    # In the recording the idle time between two narrations is silence that `heard` does not count;
    # so each stop is found as the last loud sample before a long silence.
    loud = np.flatnonzero(np.abs(sound) > 0.002)
    ends = [*loud[np.flatnonzero(np.diff(loud) > 0.2 * RATE)], loud[-1]]
    assert len(ends) == len(stops)
    idle = 0
    for number, (end, stop) in enumerate(zip(ends, stops, strict=True)):
        late = (end - (stop + idle)) / RATE
        assert late < 0.1, f"stop {number} was heard for {late * 1000:.0f} ms"
        if number + 1 < len(ends):
            following = loud[np.searchsorted(loud, end) + 1]
            idle += self_idle(sound, end, following)


def self_idle(sound: Samples, end: int, following: int) -> int:
    """Frames of true silence between two narrations: what no player wrote."""
    zeros = np.flatnonzero(sound[end:following] != 0)
    return int(following - end - (zeros[-1] + 1 if zeros.size else 0))


def test_a_newer_narration_makes_the_older_stale(stage: Stage, sonnet: SpokenPoem) -> None:
    stage.speaker.say(poem("old", sonnet))
    stage.until(STARTED, "announcement")
    time.sleep(0.2)
    stage.speaker.say(poem("never", sonnet))
    stage.speaker.say(announce("Here you are.", narration_id="new"))
    assert stage.speaker.wait(20)
    assert stage.kinds("old") == [(STARTED, "announcement"), (CANCELLED, "announcement")]
    assert stage.kinds("never") == [(CANCELLED, None)]
    assert stage.kinds("new")[-1] == (DONE, None)


def test_what_is_said_later_waits_its_turn(fast: Stage) -> None:
    fast.speaker.say(announce("One is the first of all these things.", narration_id="1"))
    fast.speaker.say(announce("Four.", narration_id="4"), Priority.NORMAL)
    fast.speaker.say(announce("Two.", narration_id="2"), Priority.NEXT)
    fast.speaker.say(announce("Three.", narration_id="3"), Priority.NEXT)
    assert fast.speaker.wait(20)
    done = [event.narration_id for event in fast.events if event.kind is DONE]
    assert done == ["1", "2", "3", "4"]


def test_a_key_makes_all_that_waits_stale(stage: Stage) -> None:
    stage.speaker.say(announce("One thing after another.", narration_id="1"))
    stage.speaker.say(announce("Two.", narration_id="2"), Priority.NORMAL)
    stage.until(STARTED, "announcement")
    stage.speaker.stop()
    assert stage.speaker.wait(5)
    assert stage.kinds("2") == [(CANCELLED, None)]


def test_pause_is_silent_and_resume_finishes_the_line(stage: Stage) -> None:
    text = "This sentence is paused in the middle of its way, and goes on."
    stage.speaker.say(announce(text, narration_id="1"))
    stage.until(STARTED, "announcement")
    time.sleep(0.6)
    stage.speaker.pause()
    time.sleep(0.1)
    before = stage.sink.heard()
    time.sleep(0.5)
    assert stage.sink.heard() - before < 0.05 * RATE
    assert not stage.speaker.wait(0.1)
    stage.speaker.resume()
    assert stage.speaker.wait(20)
    assert stage.kinds("1") == [(STARTED, "announcement"), (FINISHED, "announcement"), (DONE, None)]


def test_a_faster_pace_holds_from_the_next_line(tmp_path: Path, wind: SpokenPoem) -> None:
    sink = RecorderSink(tmp_path / "s.wav", paced=False)
    lengths: dict[str, int] = {}
    begun = [0]

    def listen(event: SpeechEvent) -> None:
        if event.kind is STARTED:
            begun[0] = sink.heard()
        elif event.kind is FINISHED and event.segment_id:
            lengths[event.segment_id] = sink.heard() - begun[0]
        if event.kind is STARTED and event.segment_id == "line-0":
            speaker.set_settings(SpeechSettings(speed=2.5))

    speaker = Speaker(Pyttsx3Synthesiser(), Player(lambda: sink), listen)
    speaker.say(narrate_poem(wind, rank=1, total=1))
    assert speaker.wait(30)
    speaker.close()
    # Line 5 says the words of line 0 again.
    assert lengths["line-0"] / lengths["line-5"] > 1.9
    assert lengths["line-1"] < 0.7 * lengths["line-6"] or lengths["line-1"] < RATE


def test_without_any_voice_the_lines_still_pass_at_the_pace_of_speech(
    tmp_path: Path, wind: SpokenPoem
) -> None:
    events: list[SpeechEvent] = []
    sink = RecorderSink(tmp_path / "none.wav", paced=False)
    voice = Pyttsx3Synthesiser(command=[str(tmp_path / "no-such-program")])
    speaker = Speaker(voice, Player(lambda: sink), events.append)
    narration = narrate_poem(wind, rank=1, total=1)
    speaker.say(narration)
    assert speaker.wait(30)
    speaker.close()
    assert [e.segment_id for e in events if e.kind is STARTED] == [s.id for s in narration.segments]
    problems = [e for e in events if e.kind is SpeechEventKind.PROBLEM]
    assert problems
    assert "espeak-ng" in problems[0].sentence
    assert 10 < sink.heard() / RATE < 40


def test_a_hung_voice_does_not_hold_up_the_next_answer(tmp_path: Path) -> None:
    script = tmp_path / "hang.py"
    script.write_text(
        "import sys, time\nprint('{\"ready\": true}', flush=True)\n"
        "import json\nq = json.loads(sys.stdin.readline())\n"
        "print(json.dumps({'id': q['id'], 'ok': True, 'voices': []}), flush=True)\n"
        "time.sleep(60)\n"
    )
    events: list[SpeechEvent] = []
    voice = Pyttsx3Synthesiser(command=[sys.executable, str(script)], line_limit_s=30)
    speaker = Speaker(voice, Player(lambda: RecorderSink(None, paced=False)), events.append)
    speaker.say(announce("This will hang.", narration_id="1"))
    time.sleep(0.5)
    begin = time.monotonic()
    speaker.stop()
    assert speaker.wait(1)
    speaker.close()
    assert time.monotonic() - begin < 3
    assert [e.kind for e in events] == [CANCELLED]


def test_a_sound_card_that_goes_in_mid_line_is_replaced_and_the_line_begins_again() -> None:
    class Unplugged(RecorderSink):
        left = 2 * RATE  # samples until the plug is pulled

        def write(self, samples: Samples) -> None:
            Unplugged.left -= samples.size
            if -RATE < Unplugged.left < 0:
                raise DeviceLostError("The sound device no longer plays; connect it again.")
            super().write(samples)

    events: list[SpeechEvent] = []
    opened: list[RecorderSink] = []

    def open_sink() -> RecorderSink:
        rate = RATE if not opened else 48000  # the next device wants another rate
        Unplugged.left = 2 * RATE if not opened else 10**9
        opened.append(Unplugged(None, paced=False, rate=rate))
        return opened[-1]

    speaker = Speaker(Pyttsx3Synthesiser(), Player(open_sink), events.append)
    narration = Narration(
        "1",
        tuple(
            Segment(f"line-{n}", SegmentKind.LINE, "Who has seen the wind?", pause_ms=100)
            for n in range(4)
        ),
    )
    speaker.say(narration)
    assert speaker.wait(20)
    speaker.close()
    assert len(opened) == 2
    problems = [e for e in events if e.kind is SpeechEventKind.PROBLEM]
    assert [e.sentence for e in problems] == ["The sound device no longer plays; connect it again."]
    lost = problems[0].segment_id
    started = [e.segment_id for e in events if e.kind is STARTED]
    assert started == sorted([*(s.id for s in narration.segments), lost or ""])
    assert events[-1] == SpeechEvent(DONE, "1", None)


def test_a_device_that_comes_back_is_used_from_the_next_answer_on() -> None:
    opened: list[RecorderSink] = []

    def open_sink() -> RecorderSink:
        opened.append(RecorderSink(None, paced=False, stand_in=not opened))
        return opened[-1]

    speaker = Speaker(Pyttsx3Synthesiser(), Player(open_sink), lambda event: None)
    for _ in range(3):
        speaker.say(announce("Hello."))
        assert speaker.wait(20)
    speaker.close()
    assert len(opened) == 2
    assert opened[1].heard() > opened[0].heard() > 0


def test_a_file_that_cannot_be_written_is_told_and_the_voice_lives_on(tmp_path: Path) -> None:
    events: list[SpeechEvent] = []
    (tmp_path / "folder.wav").mkdir()
    paths = [tmp_path / "folder.wav", tmp_path / "good.wav"]
    player = Player(lambda: RecorderSink(paths.pop(0), paced=False))
    speaker = Speaker(Pyttsx3Synthesiser(), player, events.append)
    speaker.say(announce("Unheard.", narration_id="1"))
    assert speaker.wait(20)
    assert [e.kind for e in events] == [SpeechEventKind.PROBLEM, CANCELLED]
    speaker.say(announce("Heard.", narration_id="2"))
    assert speaker.wait(20)
    speaker.close()
    assert events[-1] == SpeechEvent(DONE, "2", None)


def test_a_listener_that_raises_does_not_end_the_voice(caplog: pytest.LogCaptureFixture) -> None:
    events: list[SpeechEvent] = []

    def listen(event: SpeechEvent) -> None:
        events.append(event)
        if event.kind is STARTED:
            raise RuntimeError("a bug in a screen")

    speaker = Speaker(Pyttsx3Synthesiser(), Player(lambda: RecorderSink(None, paced=False)), listen)
    speaker.say(announce("Hello.", narration_id="1"))
    assert speaker.wait(20)
    speaker.close()
    speaker.close()
    assert [e.kind for e in events] == [STARTED, FINISHED, DONE]
    assert "listener" in caplog.text


def test_the_voice_leaves_no_process_no_thread_and_no_file(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    voice = Pyttsx3Synthesiser()
    speaker = Speaker(voice, Player(lambda: RecorderSink(None, paced=False)), lambda event: None)
    speaker.say(announce("Hello."))
    assert speaker.wait(20)
    pid, folder = voice.child.pid, voice._folder
    assert pid is not None
    assert folder is not None
    assert list(folder.iterdir()) == []
    speaker.close()
    time.sleep(0.1)
    assert set(threading.enumerate()) <= before
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, kiosk.speech, kiosk.speech.speaker, kiosk.speech.sound_out\n"
        "heavy = {'PySide6', 'pyttsx3', 'torch', 'sqlalchemy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
