"""A display, a bus and a registry of accessibility that exist only for one test.

Programs that read the tree or the screen run with Debian's own Python, as a screen reader does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0
PAUSE_S = 0.1
DEBIAN_PYTHON = "/usr/bin/python3"
HERE = Path(__file__).resolve().parent
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
# A sound card that swallows everything, so that no voice of Debian's waits for one.
ASOUND = "pcm.!default { type null }\nctl.!default { type null }\n"


def until(what: Callable[[], Any], why: str, patience: float = PATIENCE_S) -> Any:
    """Ask again and again until the answer is true."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(PAUSE_S)
    raise AssertionError(why)


class Desk:
    """Use as a context manager; everything that was started ends with it."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self.folder = folder
        home, runtime = folder / "home", folder / "run"
        home.mkdir()
        runtime.mkdir(mode=0o700)
        (home / ".asoundrc").write_text(ASOUND, encoding="utf-8")
        speech = home / ".config" / "speech-dispatcher" / "speechd.conf"
        speech.parent.mkdir(parents=True)
        speech.write_text("DisableAutoSpawn\n", encoding="utf-8")  # what is said is read, not heard
        kept = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
        self.environ = kept | {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def __enter__(self) -> Desk:
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def _open(self) -> None:
        number = self._told(["Xvfb", "-displayfd", "{}", "-screen", "0", "1280x800x24"])
        self.environ["DISPLAY"] = f":{number}"
        address = self._told(["dbus-daemon", "--session", "--nofork", "--print-address={}"])
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        self.start("registry", [str(LAUNCHER), "--launch-immediately"])

    def _told(self, words: list[str]) -> str:
        """Start a program that writes where it is found to a pipe, and read that."""
        read, write = os.pipe()
        words = [word.replace("{}", str(write)) for word in words]
        self.start(Path(words[0]).name, words, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as pipe:
            return pipe.readline().strip()

    def start(self, name: str, words: list[str], **more: Any) -> subprocess.Popen[str]:
        """Start a program that ends with the desk; what it complains of is in NAME.err."""
        complaints = self._stack.enter_context((self.folder / f"{name}.err").open("w"))
        program = subprocess.Popen(
            words, env=self.environ, stderr=complaints, text=True, cwd=HERE.parents[2], **more
        )
        self._stack.callback(_end, program)
        return program

    def complaints(self, name: str) -> str:
        """What a program wrote to its standard error."""
        return (self.folder / f"{name}.err").read_text(errors="replace")

    def talk(self, name: str, words: list[str]) -> Talker:
        """Start a program that answers lines with lines."""
        return Talker(self.start(name, words, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def window(self) -> str:
        """The kiosk's window, once it is there, with the keyboard's focus."""
        found = until(
            lambda: self._xdotool("search", "--onlyvisible", "--name", "^Ekphrasis").split(),
            "the kiosk's window did not come",
        )
        self._xdotool("windowfocus", "--sync", found[-1])
        return str(found[-1])

    def key(self, *names: str) -> None:
        """Press keys, as the X server itself tells of them."""
        for name in names:
            self._xdotool("key", "--clearmodifiers", name)

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        return done.stdout


class Talker:
    """A program that answers each line that it is told with one line of JSON."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._program = program

    def ask(self, question: str) -> Any:
        """Its answer. Raises AssertionError when the program has ended."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(question + "\n")
        self._program.stdin.flush()
        answer = self._program.stdout.readline()
        assert answer, f"no answer to {question!r}"
        return json.loads(answer)


def _end(program: subprocess.Popen[str]) -> None:
    program.terminate()
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait(10)
    for pipe in (program.stdin, program.stdout):
        if pipe is not None:
            pipe.close()


def missing() -> list[str]:
    """What Debian would have to provide, and does not."""
    lacking = [
        name for name in ("Xvfb", "dbus-daemon", "xdotool", "orca") if not shutil.which(name)
    ]
    if not LAUNCHER.exists():
        lacking.append("at-spi2-core")
    asked = subprocess.run(
        [DEBIAN_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False, timeout=60
    )
    return lacking + ["python3-pyatspi"] * bool(asked.returncode)


def project_python() -> str:
    """The Python that these tests run with."""
    return sys.executable
