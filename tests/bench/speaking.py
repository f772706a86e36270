"""The voice beside plain pyttsx3: how soon it is heard, how soon silent, and what it keeps.

Everything is measured at the samples: a paced recorder stands where the sound card would, and
knows of each sample when it is heard.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from time import monotonic, perf_counter, sleep

import numpy as np
import psutil

from kiosk.config import load_settings
from kiosk.narration import Narration, Segment, SegmentKind, announce
from kiosk.speech.cached_synthesiser import CachedSynthesiser
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.speech_cache import DEFAULT_BOUND, SpeechCache
from kiosk.speech.synthesiser import Samples, Synthesiser
from kiosk.speech.synthesisers import open_synthesiser
from tests.bench.figures import Figure, milliseconds
from tests.bench.speech_lines import CANCELLED, LINES, MANY, RUNS, VERSE, WARM_LINES, line_of

PEER = "plain pyttsx3 say, runAndWait"
AUDIBLE = 1e-3  # of full scale; below that a sample is silence
PAUSE_MS = 350
QUIET_S = 0.1  # until what was cancelled has left the device


class HeardSink(RecorderSink):
    """A paced recorder that remembers when the last audible sample is heard."""

    def __init__(self, *, paced: bool = True) -> None:
        super().__init__(None, paced=paced)
        self.spans: list[tuple[float, float]] = []  # of audible sound: heard from, to; monotonic

    def write(self, samples: Samples) -> None:
        """Takes them, and works out when they are heard."""
        super().write(samples)
        if not self._paced:
            return  # whatever it remembered would be counted as the voice's memory
        loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
        if loud.size:
            start = self._base_time + (self._written - samples.size - self._base_frame) / self.rate
            self.spans.append((start + loud[0] / self.rate, start + loud[-1] / self.rate))


class Standing:
    """A speaker that stands by, and what its sink has heard."""

    def __init__(self, synthesiser: Synthesiser | None = None, *, paced: bool = True) -> None:
        self.sink = HeardSink(paced=paced)
        self._started = threading.Event()
        player = Player(lambda: self.sink, volume=1.0)
        voice = synthesiser or open_synthesiser(load_settings())  # with its stand-ins, as a kiosk's
        self.speaker = Speaker(voice, player, self._listen)

    def _listen(self, event: SpeechEvent) -> None:
        if event.kind is SpeechEventKind.STARTED:
            self._started.set()

    def first_sample_ms(self, text: str = LINES[0]) -> float:
        """From the wish to the first sample heard; silent again at the end."""
        took = self.begin(text)
        self.speaker.stop()
        self.speaker.wait(5)
        sleep(QUIET_S)
        return took

    def begin(self, text: str) -> float:
        """Milliseconds until it is heard; it goes on."""
        self._started.clear()
        start = perf_counter()
        self.speaker.say(announce(text))
        assert self._started.wait(30)
        return (perf_counter() - start) * 1000

    def cancel_ms(self) -> float:
        """From `stop` in mid-line to the last audible sample."""
        self.begin(CANCELLED)
        sleep(0.5)
        asked = monotonic()
        self.speaker.stop()
        self.speaker.wait(5)
        return max(0.0, (self.sink.spans[-1][1] - asked) * 1000)

    def close(self) -> None:
        self.speaker.close()


def plain(what: str) -> float:
    """What the plain way gives, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.plain_pyttsx3", what, folder],
            check=True,
            capture_output=True,
            text=True,
        )
    return round(float(json.loads(told.stdout.splitlines()[-1])), 2)


def median_of(measure: Callable[[], float]) -> float:
    return round(statistics.median(measure() for _ in range(RUNS)), 2)


def measure_speaking(only: str) -> Iterator[Figure]:
    """Every figure of the voice, each beside plain pyttsx3 with the same lines."""
    parts: dict[str, Callable[[], Iterator[Figure]]] = {
        "speech.first_sample": _first_samples,
        "speech.cancel_ms": _cancel,
        "speech.line_gap_ms": _gap,
        "speech.rss_growth_mb": _growth,
    }
    for name, part in parts.items():
        if name.startswith(only) or only.startswith(name):
            yield from part()


def _first_samples() -> Iterator[Figure]:
    cold: list[float] = []
    peer: list[float] = []
    script = (
        "import sys; from tests.bench import plain_pyttsx3 as p; from pathlib import Path;"
        f"p.prepare(Path(sys.argv[1])); p.Plain().speak({LINES[0]!r})"
    )
    for _ in range(RUNS):
        fresh = Standing()
        cold.append(fresh.first_sample_ms())
        fresh.close()
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", script, folder]
            took = milliseconds(lambda c=command: subprocess.run(c, check=True))  # type: ignore[misc]
            began, ended = (float(t) for t in Path(folder, "log").read_text().split())
            peer.append(took - (ended - began) * 1000)  # the sound itself is no waiting
    own, other = statistics.median(cold), statistics.median(peer)
    yield Figure("speech.first_sample_cold_ms", round(own, 1), "ms", PEER, round(other, 1))

    standing = Standing()
    standing.first_sample_ms()
    warm = median_of(standing.first_sample_ms)
    standing.close()
    beside = plain("first")
    yield Figure("speech.first_sample_warm_ms", warm, "ms", PEER, beside)

    with tempfile.TemporaryDirectory() as folder:
        known = Standing(cached(Path(folder)))
        known.first_sample_ms()
        kept = median_of(known.first_sample_ms)
        known.close()
    yield Figure("speech.first_sample_cached_ms", kept, "ms", PEER, beside)


def _cancel() -> Iterator[Figure]:
    standing = Standing()
    standing.first_sample_ms()
    own = median_of(standing.cancel_ms)
    standing.close()
    yield Figure("speech.cancel_ms", own, "ms", PEER, median_of(lambda: plain("cancel")))


def _gap() -> Iterator[Figure]:
    """Between two lines, beyond the pause that is meant: from cue to cue, as heard."""
    standing = Standing()
    texts = [VERSE[at % len(VERSE)] for at in range(RUNS + 1)]
    lines = [
        Segment(f"line-{at}", SegmentKind.LINE, text, "en", PAUSE_MS, at)
        for at, text in enumerate(texts)
    ]
    standing.speaker.say(Narration("lines", tuple(lines)))
    assert standing.speaker.wait(300)
    spans = standing.sink.spans
    standing.close()
    # Pauses within a line (a comma) are short; those between lines are at least what is meant.
    silences = [(b[0] - a[1]) * 1000 for a, b in pairwise(spans)]
    between = [silence for silence in silences if silence > PAUSE_MS * 0.9]
    assert len(between) == RUNS, "every line is followed by one pause"
    beyond = round(statistics.median(between) - PAUSE_MS, 2)
    yield Figure("speech.line_gap_ms", beyond, "ms", PEER, plain("gaps"))


def _growth() -> Iterator[Figure]:
    """Memory that a thousand lines add, all processes together, the cache that keeps them included.

    One reading wavers by more than a thousand lines add; both ends are medians of many.
    """
    with tempfile.TemporaryDirectory() as folder:
        standing = Standing(cached(Path(folder)), paced=False)
        before = _recite(standing, range(WARM_LINES))
        after = _recite(standing, range(WARM_LINES, WARM_LINES + MANY))
        standing.close()
    grown = round((after - before) / 1e6, 2)
    yield Figure("speech.rss_growth_mb", grown, "MB", PEER, plain("growth"))


def cached(folder: Path) -> CachedSynthesiser:
    """The kiosk's voice with a cache of its own, in which there is nothing yet."""
    cache = SpeechCache(folder, bound=DEFAULT_BOUND)
    return CachedSynthesiser(open_synthesiser(load_settings()), cache, identity="bench")


def _recite(standing: Standing, numbers: range) -> float:
    """Says the lines; the median of the memory after each of the last ones."""
    readings: list[int] = []
    for number in numbers:
        standing.speaker.say(announce(line_of(number)))
        assert standing.speaker.wait(60)
        if number >= numbers.stop - RUNS:
            readings.append(_memory())
    return statistics.median(readings)


def _memory() -> int:
    """Bytes resident in this process and its children."""
    process = psutil.Process()
    everyone = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in everyone)
