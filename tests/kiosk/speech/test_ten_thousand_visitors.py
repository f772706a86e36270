"""Random visitors, voices that crash and devices that go, against a simple model.

Ten thousand sequences of events go through the real agenda, reciter, prompter and player, on one
thread and a clock of our own: whatever can happen in the middle of a line happens when the sink
naps or the voice is asked. That reaches every order of decisions in seconds, and the same again
tomorrow. The threads around them are driven by `test_speaker_model.py`, in hundreds of sequences.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest

from kiosk.narration import Narration, Segment, SegmentKind
from kiosk.speech.agenda import Agenda
from kiosk.speech.player import Player
from kiosk.speech.reciter import Reciter
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.sink import DeviceLostError
from kiosk.speech.speech_event import Priority, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import (
    Samples,
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)
from kiosk.steps import Step, find_step

SEQUENCES, PARTS = 10_000, 4
MOST_WORDS = 6
RATE = 2000  # samples per second; few, so that a second costs little


class Here(Executor):
    """The synthesis thread, without one."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args, **more))
        except BaseException as error:  # as a thread pool would
            future.set_exception(error)
        return future


class World:
    """One visit: what happens in it, and what must be true whatever happens."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (to be repeated, not secret)
        self.now = 100.0
        self.left = self.random.randint(1, 9)  # events still to come
        self.deep = self.random.random() < 0.5
        self.gone = False  # the device is, and its next sample finds out
        self.paused = False
        self.said: dict[str, Narration] = {}
        self.expected: dict[str, int] = {}  # narration -> the segment that must start next
        self.reached: tuple[str, int] | None = None  # where the visitor is, by the model
        self.open: set[str] = set()  # said, and not ended
        self.stale: set[str] = set()  # cut off by a key or a newer answer
        self.lost = 0  # devices, of which each makes one line begin again
        self.problems = 0
        self.events: list[SpeechEvent] = []
        self.agenda = Agenda()
        self.player = Player(
            lambda: (Deep if self.deep else Shallow)(self), open_stand_in=lambda: StandIn(self)
        )
        self.reciter = Reciter(
            self.agenda, Voices(self), self.player, self.hear, SpeechSettings(), Here()
        )

    # --- what happens -------------------------------------------------------------------------

    def breathe(self) -> None:
        """Here something may happen: in mid-line, between lines, while a voice is asked."""
        if self.left and self.random.random() < 0.15:
            self.left -= 1
            self.happen()
        elif self.paused and (not self.left or self.random.random() < 0.2):
            self.paused = False
            self.agenda.resume()

    def happen(self) -> None:
        what = self.random.choice(["say", "stop", "pause", "move", "move", "faster", "unplug"])
        if what == "say":
            self.say(self.random.choice(list(Priority)))
        elif what == "stop":
            self.cut_off()
            self.agenda.stop()
        elif what == "pause":
            self.paused = True
            self.agenda.pause()
        elif what == "move":
            self.move(self.random.choice(list(Step)))
        elif what == "faster":
            self.reciter.settings = SpeechSettings(speed=self.random.choice([0.5, 1.0, 3.0]))
        else:
            self.gone = True

    def cut_off(self) -> None:
        self.stale |= self.open
        self.paused = False

    def say(self, priority: Priority) -> None:
        name = str(len(self.said))
        segments: list[Segment] = []
        for number in range(self.random.randint(1, MOST_WORDS)):
            pause = self.random.random() < 0.2
            words = (
                "" if pause else self.random.choice(["oh", "a line", "a longer line", "breaks!"])
            )
            kind = SegmentKind.PAUSE if pause else SegmentKind.LINE
            segments.append(Segment(str(number), kind, words, pause_ms=self.random.choice([0, 15])))
        if priority is Priority.NOW:
            self.cut_off()
        self.said[name] = Narration(name, tuple(segments))
        self.expected[name] = 0
        self.open.add(name)
        self.agenda.say(self.said[name], priority)

    def move(self, step: Step) -> None:
        fresh = self.open - self.stale
        moved = self.agenda.move(step)
        if self.reached is None:
            assert not moved, "nowhere to move in"
            return
        name, at = self.reached
        target = find_step(self.said[name].segments, at, step)
        if fresh - {name}:
            if not moved:
                return  # something else is about to be heard
            assert name in fresh, "only what is being heard is moved in while something waits"
        assert moved == (target is not None)
        if target is not None:
            self.paused = False
            self.reached = name, target
            self.expected[name] = target
            if name not in fresh:
                self.stale.discard(name)
            self.open.add(name)

    # --- what must be true --------------------------------------------------------------------

    def hear(self, event: SpeechEvent) -> None:
        self.events.append(event)
        name, kind = event.narration_id, event.kind
        if kind is SpeechEventKind.PROBLEM:
            self.problems += 1
            return
        assert name in self.open or name in self.stale, "nothing comes after a narration's end"
        at = None if event.segment_id is None else int(event.segment_id)
        if kind is SpeechEventKind.STARTED:
            assert name not in self.stale, "said after it was cancelled"
            assert at in {self.expected[name], self.expected[name] - bool(self.lost)}, "order"
            assert at is not None
            self.reached = name, at
            self.expected[name] = at + 1
        elif kind is SpeechEventKind.FINISHED:
            assert at == self.expected[name] - 1, "finished, but not the one that was started"
        elif kind is SpeechEventKind.DONE:
            assert name not in self.stale
            assert self.expected[name] == len(self.said[name].segments), "lines were lost"
            self.open.discard(name)
        else:
            assert name in self.stale, "only a key or a newer answer may cut a narration off"
            self.open.discard(name)
            self.stale.discard(name)

    def run(self) -> None:
        while self.left or self.open:
            if self.left:
                self.left -= 1
                self.say(self.random.choice(list(Priority)))
            turns = 0
            while (job := self.agenda.take(block=False)) is not None:
                self.reciter.recite(job)
                self.agenda.finish(job)
                turns += 1
                assert turns < 100, "the agenda never comes to an end"
            assert not self.open, "a narration never ended"
        assert self.agenda.wait(0)
        self.player.close()


class Voices:
    """A synthesiser that can be checked by hand: five milliseconds a letter, "!" is a crash."""

    def __init__(self, world: World) -> None:
        self.world = world

    def voices(self) -> Sequence[Voice]:
        return ()

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        self.world.breathe()
        if "!" in segment.text:
            raise SynthesisError("The voice broke.")
        frames = round(RATE * len(segment.text) / 200 / settings.speed)
        return Utterance(np.full(frames, 0.1, np.float32), RATE)

    def close(self) -> None:
        pass


class Shallow(RecorderSink):
    """A device in the world's time, which may be unplugged."""

    def __init__(self, world: World) -> None:
        super().__init__(None, paced=True, rate=RATE, clock=lambda: world.now)
        self.world = world
        world.gone = False

    def write(self, samples: Samples) -> None:
        if self.world.gone:
            self.world.lost += 1
            raise DeviceLostError("The device is gone.")
        super().write(samples)

    def nap(self) -> None:
        self.world.now += 0.015
        self.world.breathe()


class StandIn(Shallow):
    """What is used when three devices in a row failed one line."""

    def write(self, samples: Samples) -> None:
        self.world.gone = False
        super().write(samples)


class Deep(Shallow):
    """One that holds much, and can throw it away."""

    def room(self) -> int:
        return max(0, round(0.6 * self.rate) - (self._written - self.heard()))

    def hush(self) -> int:
        waiting = self._written - self.heard()
        self._written -= waiting
        return waiting

    def set_volume(self, volume: float) -> bool:
        return True


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_repeated_or_said_after_its_end(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How lines are levelled decides nothing here, and takes half of the time.
    monkeypatch.setattr("kiosk.speech.prompter.dress", lambda utterance, rate: utterance)
    happened = 0
    for seed in range(part, SEQUENCES, PARTS):
        world = World(seed)
        try:
            world.run()
        except AssertionError as wrong:
            told = [(e.kind.value, e.narration_id, e.segment_id) for e in world.events]
            raise AssertionError(f"seed {seed}: {wrong}; {told}") from wrong
        happened += len(world.events)
    assert happened > 4 * SEQUENCES / PARTS, "the visitors did not do much"
