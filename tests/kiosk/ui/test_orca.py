"""A real screen reader beside the real kiosk: keys are pressed, and what Orca says is read.

Orca writes each utterance to its debug file. Nothing here waits for a guessed time: each step goes
on when what is expected has been said, in its order, after the key.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.store.database import open_store
from kiosk.words.catalogue import words_in
from tests.kiosk.ui.desk import DEBIAN_PYTHON, HERE, Desk, missing, project_python, until

pytestmark = pytest.mark.slow
SAID = re.compile(r"SPEECH OUTPUT: '(.*?)'\s*(?:\{|$)", re.MULTILINE)
WORDS = words_in("en")


@dataclass
class Orca:
    """What the screen reader has said, and how much of it was looked at."""

    desk: Desk
    file: Path
    heard: int = field(default=0)

    def said(self) -> list[str]:
        """Every utterance so far."""
        return SAID.findall(self.file.read_text(errors="replace")) if self.file.exists() else []

    def says(self, *expected: str) -> None:
        """These come, in this order, after what was heard before."""

        def come() -> int:
            at = self.heard
            said = self.said()
            for words in expected:
                while at < len(said) and words not in said[at]:
                    at += 1
                if at == len(said):
                    return 0
                at += 1
            return at

        try:
            self.heard = until(come, "")
        except AssertionError:
            told = "\n".join(self.said()[self.heard :])
            raise AssertionError(f"{expected} was expected, and this was said:\n{told}") from None

    def presses(self, key: str, *expected: str) -> None:
        """A key, and what is heard of it."""
        self.heard = len(self.said())
        self.desk.key(key)
        self.says(*expected)


@pytest.fixture(scope="module")
def orca(installed: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orca]:
    assert missing() == [], "packaging/debian-test-packages.txt names what is needed"
    folder = tmp_path_factory.mktemp("orca")
    with Desk(folder) as desk:
        file = folder / "orca.log"
        desk.start(
            "orca",
            [
                DEBIAN_PYTHON,
                str(HERE / "run_orca.py"),
                *("--replace", "--debug-file", str(file), "--disable", "braille"),
            ],
            stdout=subprocess.DEVNULL,
        )
        heard = Orca(desk, file)
        heard.says("Screen reader on")
        desk.environ["EKPHRASIS_SYNTHESISER"] = "silence"
        kiosk = desk.start("kiosk", [project_python(), "-m", "kiosk", "run", "--windowed"])
        desk.window()
        yield heard
        assert kiosk.poll() is None, desk.complaints("kiosk")
        assert "Traceback" not in desk.complaints("kiosk")


def button(message: str) -> str:
    """How Orca names a button."""
    return f"{WORDS(message)} push button"


def test_a_visit_as_orca_tells_it(orca: Orca, installed: Settings) -> None:
    """Welcome, ways to choose, the list, a poem, its menu, about the work, help, and home."""
    with open_store(installed.store_path) as store:
        works = list(store.artworks.list())
    first, second = works[0], works[1]

    orca.says(WORDS("name"), button("act-choose-painting"))

    orca.presses("F1", WORDS("help"))
    orca.presses("Escape", button("act-choose-painting"))

    orca.presses("Right", WORDS("ways"), WORDS("way-list"))
    orca.presses("Right", WORDS("way-number"))
    orca.presses("Escape", button("act-choose-painting"))

    orca.presses("Return", WORDS("choose"), f"{first.title}")
    orca.presses("Right", second.title)
    orca.presses("Left", first.title)
    orca.presses("Tab", button("act-painting-before"))
    orca.presses("Tab", button("act-painting-next"))
    orca.presses("Tab", button("act-find-poems"))

    orca.presses("Return", WORDS("poem-place", position=1, count=5))
    orca.presses("Right", WORDS("poem-place", position=2, count=5))
    orca.presses("Tab", button("act-poem-before"))
    orca.presses("shift+Tab", WORDS("poem-place", position=2, count=5))

    orca.presses("Return", WORDS("poem-menu"), "List with")
    orca.presses("Right", WORDS("menu-repeat-line"))
    orca.presses("Escape", WORDS("poem-place", position=2, count=5))
    orca.presses("Escape", WORDS("choose"))
    orca.presses("Escape", button("act-choose-painting"))


def test_the_dial_as_orca_tells_it(orca: Orca) -> None:
    """From the welcome to the number on a wall label: digits are heard as they turn."""
    orca.presses("Right", WORDS("ways"))
    orca.presses("Right", WORDS("way-number"))
    orca.presses("Return", WORDS("dial"), "1")
    orca.presses("Right", "2")
    orca.presses("Left", "1")
    orca.presses("Escape", WORDS("ways"))
    orca.presses("Escape", button("act-choose-painting"))


def test_the_settings_as_orca_tells_them(orca: Orca) -> None:
    """A scheme and a size are chosen from lists, and taken at once."""
    orca.presses("Right", WORDS("ways"))
    orca.presses("Left", WORDS("way-settings"))
    orca.presses("Return", WORDS("settings"), "List with")
    orca.presses("Escape", WORDS("ways"))
    orca.presses("Escape", button("act-choose-painting"))
