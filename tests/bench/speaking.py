"""From the wish to the first sample heard: the voice never waits for the model."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from time import perf_counter

from kiosk.narration import announce
from kiosk.speech.player import Player
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Speaker, SpeechEvent, SpeechEventKind
from tests.bench.figures import RUNS, Figure, milliseconds

LINE = "Welcome. Press select to choose a painting."
PLAIN = f"""
import pyttsx3, tempfile, pathlib, time
engine = pyttsx3.init()
finished = []
engine.connect("finished-utterance", lambda name, completed: finished.append(name))
with tempfile.TemporaryDirectory() as folder:
    wav = pathlib.Path(folder, "line.wav")
    engine.save_to_file({LINE!r}, str(wav))
    engine.runAndWait()
    while not finished or not wav.exists() or not wav.stat().st_size:
        time.sleep(0.001)
"""


class FirstSample:
    """A speaker into a paced recorder, and how long it takes until something is heard."""

    def __init__(self) -> None:
        self._started = threading.Event()
        player = Player(lambda: RecorderSink(None, paced=True), volume=1.0)
        self.speaker = Speaker(Pyttsx3Synthesiser(), player, self._listen)

    def _listen(self, event: SpeechEvent) -> None:
        if event.kind is SpeechEventKind.STARTED:
            self._started.set()

    def milliseconds(self) -> float:
        self._started.clear()
        start = perf_counter()
        self.speaker.say(announce(LINE))
        assert self._started.wait(30)
        took = (perf_counter() - start) * 1000
        self.speaker.stop()
        self.speaker.wait(5)
        return took


def measure_speaking(_only: str) -> Iterator[Figure]:
    """Cold: the voice's process starts too. Warm: it stands by."""
    cold: list[float] = []
    plain: list[float] = []
    for _ in range(RUNS):
        fresh = FirstSample()
        cold.append(fresh.milliseconds())
        fresh.speaker.close()
        plain.append(
            milliseconds(
                lambda: subprocess.run(
                    [sys.executable, "-c", PLAIN], check=True, capture_output=True
                )
            )
        )
    yield Figure(
        "speech.first_sample_cold_ms",
        round(statistics.median(cold), 1),
        "ms",
        "plain pyttsx3: a process that saves the line",
        round(statistics.median(plain), 1),
    )
    standing = FirstSample()
    standing.milliseconds()
    warm = [standing.milliseconds() for _ in range(RUNS)]
    standing.speaker.close()
    yield Figure("speech.first_sample_warm_ms", round(statistics.median(warm), 1), "ms")
