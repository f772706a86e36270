"""The real Qt player, into a PulseAudio server of our own with a null sink, listened to there.

A null sink keeps the pace of a sound card and lets its monitor be recorded, so what arrives is
what a loudspeaker would have been given. Needs Debian's pulseaudio and pulseaudio-utils.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from kiosk.narration import SpokenPoem
from kiosk.speech.synthesiser import Samples
from kiosk.speech.verse import spoken_form

MISSING = [tool for tool in ("pulseaudio", "parec", "pactl") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"needs Debian's pulseaudio and pulseaudio-utils ({MISSING} missing)"
)
RATE = 22050


class Listens(Protocol):
    def hears(self, samples: Samples, rate: int) -> str: ...


@dataclass
class SoundCard:
    """A sound server with one null sink, and a recording of what it is given."""

    home: Path
    chunks: list[tuple[float, Samples]] = field(default_factory=list)  # when it came, what came

    def __post_init__(self) -> None:
        socket = self.home / "pulse.sock"
        self.environment = os.environ | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home),
            "PULSE_SERVER": f"unix:{socket}",
        }
        self.server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no"),
                *("--exit-idle-time=-1", "--disable-shm", "--realtime=no", "--high-priority=no"),
                *("-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"),
                *("-L", "module-null-sink sink_name=ear rate=48000"),
            ],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 10
        while subprocess.run(
            ["pactl", "info"], check=False, env=self.environment, capture_output=True
        ).returncode:
            assert time.monotonic() < end, "the sound server does not start"
            time.sleep(0.1)
        self.recorder = subprocess.Popen(
            [
                *("parec", "-d", "ear.monitor", f"--rate={RATE}", "--channels=1"),
                *("--format=s16le", "--latency-msec=10"),
            ],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        pipe: Any = self.recorder.stdout
        while raw := pipe.read1(4096):
            whole = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2") / np.float32(32768)
            self.chunks.append((time.monotonic(), whole))

    def unplug(self) -> None:
        self.server.kill()
        self.server.wait()

    def close(self) -> None:
        self.unplug()
        self.recorder.kill()
        self.recorder.wait()
        self.reader.join()
        assert self.recorder.stdout is not None
        self.recorder.stdout.close()

    def between(self, start: float, end: float) -> Samples:
        return np.concatenate([sound for at, sound in self.chunks if start <= at <= end])


@pytest.fixture
def sound_card(tmp_path: Path) -> Iterator[SoundCard]:
    card = SoundCard(tmp_path)
    yield card
    card.close()


def cut_at_silence(sound: Samples, seconds: float) -> list[Samples]:
    loud = np.flatnonzero(np.abs(sound) > 0.003)
    gaps = np.flatnonzero(np.diff(loud) > seconds * RATE)
    starts = [loud[0], *loud[gaps + 1]]
    ends = [*loud[gaps], loud[-1]]
    return [sound[start : end + 1] for start, end in zip(starts, ends, strict=True)]


def test_what_a_sound_card_is_given(sound_card: SoundCard, wind: SpokenPoem, ear: Listens) -> None:
    lines = [line for line in wind.lines if line][:4]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("play_through_qt.py")), *lines],
        env=sound_card.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told: list[dict[str, Any]] = []
    assert process.stdout is not None
    for text in process.stdout:
        told.append(json.loads(text))
        if told[-1]["what"] == "unplug":
            sound_card.unplug()
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint

    assert told[0]["audible"], told[0]
    assert told[0]["sentence"] == told[0]["finding"]

    # Every line arrives as itself, in order.
    whole = [t for t in told if t.get("narration") == "whole"]
    sound = sound_card.between(whole[0]["at"] - 0.2, whole[-1]["at"])
    heard = [ear.hears(piece, RATE) for piece in cut_at_silence(sound, 0.35)]
    assert heard == [" ".join(re.findall(r"[a-z']+", spoken_form(line).lower())) for line in lines]

    # Events come as heard: the mark moves with the sound, not with the synthesis.
    onsets = [at for at, piece in sound_card.chunks if np.abs(piece).max() > 0.01]
    first = next(at for at in onsets if at > whole[0]["at"] - 0.2)
    assert abs(first - whole[0]["at"]) < 0.2

    # Silence after a stop, at the samples that arrive.
    late = []
    for number, event in enumerate(told):
        if event["what"] != "stop":
            continue
        until = next(t["at"] for t in told[number + 1 :] if t["what"] in ("started", "unplug"))
        late.append(max(at for at in onsets if at < until) - event["at"])
    assert len(late) == 4
    # A busy machine may once be late itself; the voice must not be.
    assert sorted(late)[2] < 0.1, late
    assert max(late) < 0.2, late

    # The device goes in the middle of a line: nothing hangs, every line is still marked.
    unplugged = [t for t in told if t.get("narration") == "unplugged"]
    assert "problem" in {t["what"] for t in unplugged}
    assert unplugged[-1]["what"] == "done"
    assert {t["segment"] for t in unplugged if t["what"] == "finished"} == {"line-0", "line-1"}
