"""Random visitors against a simple model of what a voice must do."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.narration import Narration, Segment, SegmentKind
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Priority, Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import (
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)


class Whistle:
    """A synthesiser that can be checked by hand: a millisecond a letter, and "!" is a failure."""

    def voices(self) -> Sequence[Voice]:
        return ()

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        if "!" in segment.text:
            raise SynthesisError("The whistle broke.")
        return Utterance(np.full(22 * len(segment.text), 0.1, np.float32), 22050)

    def close(self) -> None:
        pass


HURRY = 30  # time passes so many times as fast as outside


class ShallowSink(RecorderSink):
    """A sound card in a hurried world."""

    def __init__(self) -> None:
        super().__init__(None, paced=True, clock=lambda: HURRY * time.monotonic())

    def nap(self) -> None:
        time.sleep(0.0003)


class DeepSink(ShallowSink):
    """One that holds much, and can throw it away."""

    def room(self) -> int:
        return max(0, round(0.6 * self.rate) - (self._written - self.heard()))

    def hush(self) -> int:
        waiting = self._written - self.heard()
        self._written -= waiting
        return waiting

    def set_volume(self, volume: float) -> bool:
        return True


texts = st.sampled_from(["", "oh", "a line of verse", "it breaks!", "a line " * 6])
steps = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(list(Priority)),
            st.lists(texts, min_size=1, max_size=4),
        ),
        st.sampled_from(["stop", "pause", "resume", "faster", "breathe", "wait"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(steps=steps, sink=st.sampled_from([ShallowSink, DeepSink]))
def test_nothing_is_lost_repeated_or_said_after_its_end(
    steps: list[str | tuple[Priority, list[str]]], sink: type[ShallowSink]
) -> None:
    events: list[SpeechEvent] = []
    threads: set[str] = set()

    def listen(event: SpeechEvent) -> None:
        threads.add(threading.current_thread().name)
        events.append(event)

    speaker = Speaker(Whistle(), Player(sink), listen)
    said: dict[str, tuple[Narration, Priority]] = {}
    cut_off: set[str] = set()  # what a newer answer, or a key, has made stale, if it was not done
    paused = False
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            priority, lines = step
            segments = tuple(
                Segment(str(n), SegmentKind.LINE, text, pause_ms=3) for n, text in enumerate(lines)
            )
            narration = Narration(str(number), segments)
            if priority is Priority.NOW:
                cut_off |= set(said)
                paused = False
            said[narration.id] = (narration, priority)
            speaker.say(narration, priority)
        elif step == "stop":
            cut_off |= set(said)
            paused = False
            speaker.stop()
        elif step == "pause":
            paused = True
            speaker.pause()
        elif step == "resume":
            paused = False
            speaker.resume()
        elif step == "faster":
            speaker.set_settings(SpeechSettings(speed=1.0 + number / 10))
        elif step == "breathe":
            time.sleep(0.002)
        elif not paused:
            assert speaker.wait(10), "the voice is stuck"
    speaker.resume()
    assert speaker.wait(10), "the voice is stuck"
    speaker.close()
    assert threads <= {"speech"}

    for name, (narration, _) in said.items():
        told = [event for event in events if event.narration_id == name]
        ends = [e for e in told if e.kind in (SpeechEventKind.DONE, SpeechEventKind.CANCELLED)]
        assert ends == told[-1:], "each narration ends once, and nothing comes after"
        heard = [
            (event.kind, event.segment_id)
            for event in told[:-1]
            if event.kind is not SpeechEventKind.PROBLEM
        ]
        whole = [
            (kind, segment.id)
            for segment in narration.segments
            for kind in (SpeechEventKind.STARTED, SpeechEventKind.FINISHED)
        ]
        assert heard == whole[: len(heard)], "in order, none twice, none skipped"
        if told[-1].kind is SpeechEventKind.DONE:
            assert heard == whole
            problems = [e.segment_id for e in told if e.kind is SpeechEventKind.PROBLEM]
            assert problems == [s.id for s in narration.segments if "!" in s.text]
        else:
            assert name in cut_off, "only a newer answer or a key may cut a narration off"

    # One after another: a narration's events are never mixed with another's.
    order = [event.narration_id for event in events]
    assert [n for n, before in zip(order, [None, *order], strict=False) if n != before] == list(
        dict.fromkeys(order)
    )
