"""A headset comes and goes in mid-line: sound moves to it and back, and no line is lost.

Two null sinks of a PulseAudio server of our own, one of them loaded and unloaded while a poem is
read, are both listened to. Needs Debian's pulseaudio and pulseaudio-utils.
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
LOUD = 0.002


class Listens(Protocol):
    def hears(self, samples: Samples, rate: int) -> str: ...


class Ear:
    """What one device is given, and when."""

    def __init__(self, device: str, environment: dict[str, str]) -> None:
        self.chunks: list[tuple[float, Samples]] = []
        self.recorder = subprocess.Popen(
            [
                *("parec", "-d", f"{device}.monitor", f"--rate={RATE}", "--channels=1"),
                *("--format=s16le", "--latency-msec=10"),
            ],
            env=environment,
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

    def close(self) -> None:
        self.recorder.kill()
        self.recorder.wait()
        self.reader.join()
        assert self.recorder.stdout is not None
        self.recorder.stdout.close()

    def sound(self, start: float, end: float) -> Samples:
        none = np.zeros(0, np.float32)
        return np.concatenate([none, *(piece for at, piece in self.chunks if start <= at <= end)])


@dataclass
class Desk:
    """A sound server with a loudspeaker, into which a headset can be plugged."""

    home: Path
    ears: list[Ear] = field(default_factory=list)

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
                "-L",
                "module-null-sink sink_name=wall rate=48000"
                " sink_properties=device.description=Loudspeaker",
            ],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 10
        while self.pactl("info", check=False).returncode:
            assert time.monotonic() < end, "the sound server does not start"
            time.sleep(0.1)

    def pactl(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *words], check=check, env=self.environment, capture_output=True, text=True
        )

    def listen(self, device: str) -> Ear:
        self.ears.append(Ear(device, self.environment))
        return self.ears[-1]

    def plug_in(self) -> str:
        return self.pactl(
            "load-module",
            "module-null-sink",
            "sink_name=head",
            "rate=48000",
            "sink_properties=device.description=USB_Headset",
        ).stdout.strip()

    def close(self) -> None:
        self.server.kill()
        self.server.wait()
        for ear in self.ears:
            ear.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def loudness(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound[np.abs(sound) > LOUD] ** 2)))


@pytest.mark.slow
def test_sound_follows_the_headset_and_no_line_is_lost(
    desk: Desk, wind: SpokenPoem, ear: Listens
) -> None:
    lines = [line for line in wind.lines if line][:6]
    wall = desk.listen("wall")
    reader = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("speak_while_devices_change.py")), *lines],
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told: list[dict[str, Any]] = []
    module, plugged, pulled, head = "", 0.0, 0.0, wall
    assert reader.stdout is not None
    for text in reader.stdout:
        told.append(json.loads(text))
        if told[-1]["what"] != "started":
            continue
        time.sleep(0.3)  # in mid-line
        if told[-1]["segment"] == "line-1" and not module:
            plugged = time.monotonic()
            module = desk.plug_in()
            head = desk.listen("head")
        elif told[-1]["segment"] == "line-4" and not pulled:
            pulled = time.monotonic()
            desk.pactl("unload-module", module)
    _, complaint = reader.communicate(timeout=60)
    assert reader.returncode == 0, complaint
    end = time.monotonic()

    # Every line was finished, in order; the two that were cut were begun again.
    assert told[-1] == {**told[-1], "what": "waited", "all": True}
    finished = [t["segment"] for t in told if t["what"] == "finished"]
    assert finished == [f"line-{n}" for n in range(6)]
    started = [t["segment"] for t in told if t["what"] == "started"]
    assert sorted(started) == sorted([*finished, "line-1", "line-4"])
    problems = [t["sentence"] for t in told if t["what"] == "problem"]
    assert "USB_Headset" in problems[0]
    assert "Loudspeaker" in problems[1]

    # The loudspeaker falls silent when the headset is there, and speaks again when it is gone.
    silent_from = plugged + 1.0
    assert np.abs(wall.sound(silent_from, pulled)).max(initial=0) < LOUD
    assert np.abs(head.sound(silent_from, pulled)).max() > 0.1
    assert np.abs(wall.sound(pulled + 0.3, end)).max() > 0.02

    # Each line was heard whole on one of the two, by an ear that knows the poem.
    times = {t["segment"]: t["at"] for t in told if t["what"] == "started"}  # the last time
    ends = {t["segment"]: t["at"] for t in told if t["what"] == "finished"}
    for number, line in enumerate(lines):
        name = f"line-{number}"
        device = head if 1 <= number <= 3 else wall
        # When a headset is pulled out, the sound server gives a moment of it to the loudspeaker.
        sound = device.sound(times[name] - 0.02, ends[name] + 0.25)
        heard = ear.hears(sound * (0.5 / np.abs(sound).max()), RATE)  # the wall is kept quiet
        assert heard == " ".join(re.findall(r"[a-z']+", spoken_form(line).lower()))

    # The loudspeaker's ceiling is a quarter; the headset has none.
    ratio = loudness(head.sound(silent_from, pulled)) / loudness(wall.sound(pulled, end))
    assert 2.5 < ratio < 6
