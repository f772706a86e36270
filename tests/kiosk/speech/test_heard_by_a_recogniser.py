"""Real lines by a real voice, listened to: each is heard as itself, in order, whatever happens."""

from __future__ import annotations

import os
import re
import signal
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from kiosk.narration import Narration, SpokenPoem, narrate_poem
from kiosk.speech.player import Player
from kiosk.speech.pyttsx3_synthesiser import TRIES, Pyttsx3Synthesiser
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import Samples, Synthesiser
from kiosk.speech.verse import spoken_form

BLOCK = 220  # samples in a hundredth of a second


class Listens(Protocol):
    def hears(self, samples: Samples, rate: int) -> str: ...


class Heard:
    """A recording cut into segments at the moments that the events name."""

    def __init__(self, path: Path, synthesiser: Synthesiser) -> None:
        self._path = path
        self._sink = RecorderSink(path, paced=False)
        self.events: list[SpeechEvent] = []
        self.positions: list[int] = []
        self.on_event: Callable[[SpeechEvent], None] = lambda event: None
        self.speaker = Speaker(synthesiser, Player(lambda: self._sink), self._listen)

    def _listen(self, event: SpeechEvent) -> None:
        self.events.append(event)
        self.positions.append(self._sink.heard())
        self.on_event(event)

    def whole(self, narration: Narration) -> list[tuple[str, Samples, float]]:
        """Each segment's id, its sound, and the seconds of silence until the next one."""
        self.speaker.say(narration)
        assert self.speaker.wait(60)
        self.speaker.close()
        with wave.open(str(self._path)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2") / np.float32(32768)
        cut = []
        for number, event in enumerate(self.events):
            if event.kind is not SpeechEventKind.STARTED:
                continue
            finished = self.events[number + 1]
            assert (finished.kind, finished.segment_id) == (
                SpeechEventKind.FINISHED,
                event.segment_id,
            )
            start, end, after = self.positions[number : number + 3]
            assert event.segment_id is not None
            # STARTED comes when the first block of the segment has been heard.
            start, after = start - BLOCK if end > start else start, after - BLOCK
            cut.append((event.segment_id, sound[start:end], (after - end) / self._sink.rate))
        return cut


def said(line: str) -> str:
    return " ".join(re.findall(r"[a-z']+", spoken_form(line).lower()))


def heard_lines(cut: list[tuple[str, Samples, float]], ear: Listens) -> list[str]:
    return [ear.hears(sound, 22050) for name, sound, _ in cut if name.startswith("line-")]


@pytest.mark.parametrize("name", ["sonnet", "wind"])
def test_every_line_is_heard_as_itself_in_order(
    name: str,
    request: pytest.FixtureRequest,
    voice: Pyttsx3Synthesiser,
    ear: Listens,
    tmp_path: Path,
) -> None:
    poem: SpokenPoem = request.getfixturevalue(name)
    narration = narrate_poem(poem, rank=1, total=5, hint="Press Back.")
    recording = Heard(tmp_path / "heard.wav", voice)
    cut = recording.whole(narration)
    assert [segment for segment, _, _ in cut] == [segment.id for segment in narration.segments]
    assert heard_lines(cut, ear) == [said(line) for line in poem.lines if line]
    assert recording.events[-1].kind is SpeechEventKind.DONE
    for segment, (_, sound, silence) in zip(narration.segments, cut, strict=True):
        assert silence == pytest.approx(segment.pause_ms / 1000, abs=0.012)
        assert sound.size == 0 or np.abs(sound[0]) < 0.01  # no click at the start
        assert sound.size == 0 or np.abs(sound[-1]) < 0.01  # nor at the end


def test_a_child_killed_again_and_again_costs_no_line(
    sonnet: SpokenPoem, voice: Pyttsx3Synthesiser, ear: Listens, tmp_path: Path
) -> None:
    recording = Heard(tmp_path / "heard.wav", voice)
    killed: set[int] = set()

    def kill(event: SpeechEvent) -> None:
        pid = voice.child.pid
        if event.kind is SpeechEventKind.STARTED and pid is not None and len(killed) < 5:
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)

    recording.on_event = kill
    cut = recording.whole(narrate_poem(sonnet, rank=1, total=1))
    assert len(killed) >= 3
    assert voice.child.starts > 3
    assert heard_lines(cut, ear) == [said(line) for line in sonnet.lines if line]
    assert SpeechEventKind.PROBLEM not in {event.kind for event in recording.events}


def test_a_child_killed_in_the_middle_of_synthesis_costs_no_line(
    wind: SpokenPoem, ear: Listens, tmp_path: Path
) -> None:
    voice = Pyttsx3Synthesiser()
    recording = Heard(tmp_path / "heard.wav", voice)
    over = threading.Event()
    kills = 0

    def killer() -> None:
        nonlocal kills
        while not over.wait(0.23 if kills else 0.005):  # the first as soon as there is a child
            pid = voice.child.pid
            if pid is not None and kills < TRIES - 1:  # all may hit one line on a busy machine
                os.kill(pid, signal.SIGKILL)
                kills += 1

    thread = threading.Thread(target=killer)
    thread.start()
    cut = recording.whole(narrate_poem(wind, rank=1, total=1))
    over.set()
    thread.join()
    voice.close()
    assert kills
    problems = [e for e in recording.events if e.kind is SpeechEventKind.PROBLEM]
    assert not problems
    assert heard_lines(cut, ear) == [said(line) for line in wind.lines if line]


def test_a_hung_child_is_replaced_and_the_line_is_heard(
    wind: SpokenPoem, ear: Listens, tmp_path: Path
) -> None:
    voice = Pyttsx3Synthesiser(line_limit_s=1.0)
    recording = Heard(tmp_path / "heard.wav", voice)
    hung: list[int] = []

    def hang(event: SpeechEvent) -> None:
        pid = voice.child.pid
        if event.segment_id == "line-1" and pid is not None and not hung:
            hung.append(pid)
            os.kill(pid, signal.SIGSTOP)

    recording.on_event = hang
    cut = recording.whole(narrate_poem(wind, rank=1, total=1))
    assert hung
    assert voice.child.starts == 2
    assert heard_lines(cut, ear) == [said(line) for line in wind.lines if line]
