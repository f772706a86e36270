"""The kiosk on a real X display, with real key presses, as at login."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.config import Settings

pytestmark = pytest.mark.slow
PATIENCE_S = 60.0


def until(what: Callable[[], str], says: str) -> str:
    """Ask again and again until the answer holds `says`."""
    end = time.monotonic() + PATIENCE_S
    answer = ""
    while time.monotonic() < end:
        answer = what()
        if says in answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"{says!r} did not come; the last answer was {answer!r}")


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An X server in memory on a free number, and the environment of who lives on it."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    environ = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    yield environ | {"DISPLAY": f":{number}"}
    server.terminate()
    server.wait(10)


def xdotool(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        ["xdotool", *words], env=environ, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("options", [[], ["--windowed"]])
def test_it_opens_takes_keys_and_leaves_when_told(
    installed: Settings, display: dict[str, str], tmp_path: Path, options: list[str]
) -> None:
    log = tmp_path / "stderr.txt"
    with log.open("w") as stderr:
        kiosk = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", *options], env=display, stderr=stderr
        )
    try:
        shown = until(lambda: xdotool(display, "search", "--name", "^Ekphrasis"), "\n")
        window = shown.split()[-1]
        size = until(lambda: xdotool(display, "getwindowgeometry", window), "Geometry")
        assert "1280x800" in size
        assert kiosk.poll() is None
        xdotool(display, "windowfocus", "--sync", window)
        for key in ("Return", "Right", "Left", "h", "Escape", "Return", "1", "Return", "x"):
            xdotool(display, "key", "--window", window, key)
            time.sleep(0.15)
            assert kiosk.poll() is None, log.read_text()
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.wait(30) == 0
    finally:
        kiosk.kill()
    said = log.read_text()
    assert "Traceback" not in said
    assert all(line.startswith("ekphrasis:") for line in said.splitlines()), said


def test_a_display_that_is_not_there(installed: Settings, tmp_path: Path) -> None:
    """A name that leads nowhere: a sentence, and the visit is played into files."""
    data = tmp_path / "data"
    environ = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "run"],
        env=environ | {"DISPLAY": ":4242", "EKPHRASIS_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "display" in done.stderr.splitlines()[0]
    assert "The screens are in" in done.stdout
