"""The plain way to speak: pyttsx3's `say` and `runAndWait`, a line after another. Run as a program.

    python -m tests.bench.plain_pyttsx3 WHAT FOLDER

pyttsx3 plays with `aplay`. Where no sound card is, FOLDER holds an `aplay` that takes as long as
the sound would and writes down when it began and ended. Prints one JSON value.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

import psutil
import pyttsx3

from tests.bench.speech_lines import CANCELLED, LINES, MANY, RUNS, VERSE, WARM_LINES, line_of

APLAY = """#!/bin/sh
date +%s.%N >> "$APLAY_LOG"
[ -n "$APLAY_AT_ONCE" ] || sleep "$(stat -c %s "$1" | awk '{ print ($1 - 44) / 44100 }')"
date +%s.%N >> "$APLAY_LOG"
"""


def prepare(folder: Path) -> None:
    """Put the paced `aplay` before any other."""
    program = folder / "aplay"
    program.write_text(APLAY, encoding="utf-8")
    program.chmod(0o755)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
    os.environ["APLAY_LOG"] = str(folder / "log")


def times(folder: Path) -> list[float]:
    """When each sound began and ended, in turn; seconds since the epoch."""
    log = folder / "log"
    return [float(line) for line in log.read_text().split()] if log.exists() else []


class Plain:
    """An engine, and the end of what it plays, which `runAndWait` does not wait for."""

    def __init__(self) -> None:
        self.engine = pyttsx3.init()
        self._ended = 0
        self.engine.connect("finished-utterance", self._end)

    def _end(self, **_told: object) -> None:
        self._ended += 1

    def speak(self, line: str) -> None:
        """Until the sound has ended."""
        before = self._ended
        self.engine.say(line)
        self.engine.runAndWait()
        while self._ended == before:
            time.sleep(0.001)


def first_sample(folder: Path) -> float:
    """Median milliseconds from the wish to the sound's beginning, the engine standing by."""
    os.environ["APLAY_AT_ONCE"] = "yes"
    plain = Plain()
    plain.speak(LINES[0])
    asked = []
    for _ in range(RUNS):
        asked.append(time.time())
        plain.speak(LINES[0])
    return statistics.median(
        (b - a) * 1000 for a, b in zip(asked, times(folder)[2::2], strict=True)
    )


def gaps(folder: Path) -> float:
    """Median milliseconds between the end of one line and the beginning of the next."""
    plain = Plain()
    for at in range(RUNS + 1):
        plain.speak(VERSE[at % len(VERSE)])
    told = times(folder)
    return statistics.median(
        (begin - end) * 1000 for end, begin in zip(told[1::2], told[2::2], strict=False)
    )


def cancel(folder: Path) -> float:
    """Milliseconds from one `stop` in mid-line to the end of the sound."""
    plain = Plain()
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(time.time())
        plain.engine.stop()

    threading.Timer(0.5, stop).start()
    plain.engine.say(CANCELLED)
    plain.engine.runAndWait()
    while len(told := times(folder)) < 2:
        time.sleep(0.01)
    return (told[1] - stopped[0]) * 1000


def growth(_folder: Path) -> float:
    """Megabytes that many lines add to the process, after the first few; as ours are read."""
    os.environ["APLAY_AT_ONCE"] = "yes"
    plain = Plain()
    before = _recite(plain, range(WARM_LINES))
    after = _recite(plain, range(WARM_LINES, WARM_LINES + MANY))
    return (after - before) / 1e6


def _recite(plain: Plain, numbers: range) -> float:
    process = psutil.Process()
    readings: list[int] = []
    for number in numbers:
        plain.speak(line_of(number))
        if number >= numbers.stop - RUNS:
            readings.append(process.memory_info().rss)
    return statistics.median(readings)


WHATS = {"first": first_sample, "gaps": gaps, "cancel": cancel, "growth": growth}

if __name__ == "__main__":
    what, folder = WHATS[sys.argv[1]], Path(sys.argv[2])
    prepare(folder)
    print(json.dumps(what(folder)), flush=True)
    os._exit(0)  # espeak-ng's own thread does not always end after `stop`
