"""The voice's process killed in the middle of a line, 200 times: every poem is heard to its end."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time

import numpy as np
import pytest

from kiosk.collections.poem_folder import read_poem_folder
from kiosk.config import HOME
from kiosk.narration import SpokenPoem, narrate_poem
from kiosk.speech.child_process import ChildProcess, Message
from kiosk.speech.flite_synthesiser import FliteSynthesiser
from kiosk.speech.player import Player
from kiosk.speech.pyttsx3_synthesiser import CHILD_COMMAND, Pyttsx3Synthesiser
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import Samples, Wanted, always
from kiosk.speech.verse import spoken_form
from kiosk.speech.voice_chain import Member, VoiceChain

KILLS = 200


class Killed(ChildProcess):
    """A real child that is killed while it works at about every second line."""

    dice = random.Random(3)  # noqa: S311
    kills = 0

    def ask(
        self, question: Message, *, limit_s: float, grace_s: float = 0.3, wanted: Wanted = always
    ) -> Message:
        killer = None
        pid = self.pid  # asked once: the child may die at any moment
        if pid is not None and question["do"] == "speak" and self.dice.random() < 0.6:
            killer = threading.Thread(target=self._kill, args=(pid, self.dice.random() * 0.02))
            killer.start()
        try:
            return super().ask(question, limit_s=limit_s, grace_s=grace_s, wanted=wanted)
        finally:
            if killer is not None:
                killer.join()

    def _kill(self, pid: int, after_s: float) -> None:
        time.sleep(after_s)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.kills += 1


class Loudness(RecorderSink):
    """Remembers whether anything was heard since it was last asked."""

    loud = False

    def write(self, samples: Samples) -> None:
        self.loud = self.loud or bool(np.abs(samples).max(initial=0) > 0.05)
        super().write(samples)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_poem_is_heard_to_its_end() -> None:
    espeak = Pyttsx3Synthesiser()
    espeak.child = killed = Killed(CHILD_COMMAND)
    chain = VoiceChain([Member("pyttsx3", espeak), Member("flite", FliteSynthesiser())])
    sink = Loudness(None, paced=False)
    events: list[SpeechEvent] = []
    silent: list[str] = []

    def listen(event: SpeechEvent) -> None:
        events.append(event)
        if event.kind is SpeechEventKind.FINISHED:
            if not sink.loud:
                silent.append(f"{event.narration_id}: {event.segment_id}")
            sink.loud = False

    speaker = Speaker(chain, Player(lambda: sink), listen)
    for row in read_poem_folder(HOME / "data" / "poems").rows:
        if killed.kills >= KILLS:
            break
        lines = tuple(line for line in row.cells["text"].splitlines() if spoken_form(line))
        poem = SpokenPoem(row.cells["title"], row.cells["poet"], lines)
        narration = narrate_poem(poem, rank=1, total=1)
        events.clear()
        speaker.say(narration)
        assert speaker.wait(120)
        for kind in (SpeechEventKind.STARTED, SpeechEventKind.FINISHED):
            assert [e.segment_id for e in events if e.kind is kind] == [
                segment.id for segment in narration.segments
            ]
        assert events[-1].kind is SpeechEventKind.DONE
    speaker.close()
    assert killed.kills >= KILLS
    assert not silent
