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
from PIL import Image, ImageDraw

from kiosk.app import open_matcher
from kiosk.config import Settings
from kiosk.store.database import open_store
from kiosk.troubles import Trouble
from kiosk.words.catalogue import words_in
from tests.kiosk.ui.desk import DEBIAN_PYTHON, HERE, Desk, missing, project_python, until
from tests.motion_jpeg import motion_jpeg

pytestmark = pytest.mark.slow
SAID = re.compile(r"SPEECH OUTPUT: '(.*?)'\s*(?:\{|$)", re.MULTILINE)
WORDS = words_in("en")


@dataclass
class Orca:
    """What the screen reader has said, and how much of it was looked at."""

    desk: Desk
    file: Path
    film: Path  # what is before the camera, once a test has put something there
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
        file, film = folder / "orca.log", folder / "before-the-camera.avi"
        desk.start(
            "orca",
            [
                DEBIAN_PYTHON,
                str(HERE / "run_orca.py"),
                *("--replace", "--debug-file", str(file), "--disable", "braille"),
            ],
            stdout=subprocess.DEVNULL,
        )
        heard = Orca(desk, file, film)
        heard.says("Screen reader on")
        desk.environ["EKPHRASIS_SYNTHESISER"] = "silence"
        desk.environ["EKPHRASIS_CAMERA_VIDEO"] = str(film)
        desk.environ["OMP_NUM_THREADS"] = "1"  # a search leaves room for who tells of it
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


def test_a_work_and_its_picture_as_orca_tells_them(orca: Orca, installed: Settings) -> None:
    """From a poem's menu: the picture and its parts, about the work, and why, where a reason is."""
    with open_store(installed.store_path) as store:
        first = next(iter(store.artworks.list()))
    known = open_matcher(installed).known(first.id)
    assert known is not None, "run `python -m kiosk setup`: the paintings are not ranked yet"

    orca.presses("Return", WORDS("choose"), first.title)
    orca.presses("Return", WORDS("poem-place", position=1, count=len(known.matches)))
    orca.presses("Return", WORDS("poem-menu"), "List with")
    orca.presses("Left", WORDS("way-settings"))
    orca.presses("Left", WORDS("menu-zoom"))

    orca.presses("Return", f"{WORDS('zoom-all', title=first.title)} image", first.description)
    orca.presses("Return", part_of(first.title, "left"))
    orca.presses("Right", part_of(first.title, "right"))
    orca.presses("Escape", WORDS("poem-menu"), WORDS("menu-zoom"))

    if known.matches[0].reason:
        orca.presses("Left", WORDS("menu-why"))
        orca.presses("Return", f"{WORDS('why-poem')} read only text")
        orca.presses("Escape", WORDS("poem-menu"), WORDS("menu-why"))
    if known.matches[0].credit:
        orca.presses("Left", WORDS("menu-about-poem"))
        orca.presses("Return", f"{WORDS('about-poem')} read only text")
        orca.presses("Escape", WORDS("poem-menu"), WORDS("menu-about-poem"))
    orca.presses("Left", WORDS("menu-about"))
    orca.presses("Return", f"{WORDS('about-work')} read only text", first.title)
    orca.presses("Escape", WORDS("poem-menu"), WORDS("menu-about"))
    orca.presses("Escape", WORDS("poem-place", position=1, count=len(known.matches)))
    orca.presses("Escape", WORDS("choose"))
    orca.presses("Escape", button("act-choose-painting"))


def part_of(title: str, column: str) -> str:
    """How the upper half of an enlarged picture is told."""
    place = WORDS("zoom-place", row="top", column=column, level=2)
    return f"{place}. {WORDS('picture-of', title=title)}"


def test_the_camera_as_orca_tells_it(orca: Orca) -> None:
    """No picture is a message; one that comes is told of, with what it shows, and the search."""
    looks = WORDS("camera-ready", select="Enter")
    message = f"{WORDS('failed')}. {WORDS(Trouble.CAMERA)}"
    orca.presses("Right", WORDS("ways"))
    orca.presses("Left", WORDS("way-settings"))
    orca.presses("Left", WORDS("way-camera"))
    orca.presses("Return", message)
    orca.presses("Tab", button("act-hear-again"))
    orca.presses("shift+Tab", message)
    orca.presses("Escape", WORDS("ways"), WORDS("way-camera"))

    orca.film.write_bytes(motion_jpeg([Image.new("RGB", (322, 240), "grey")] * 5))
    orca.presses("Return", f"{WORDS('camera')} image", looks)
    orca.presses("Return", f"{WORDS('picture-empty')} {looks}")
    orca.presses("Escape", WORDS("ways"), WORDS("way-camera"))

    orca.film.write_bytes(motion_jpeg([painting()] * 5))
    orca.presses("Return", f"{WORDS('camera')} image", looks)
    orca.presses("Return", f"{WORDS('searching-heading')}. {WORDS('taken-picture')}")
    orca.presses("Escape", f"{WORDS('camera')} image", looks)
    orca.presses("Escape", WORDS("ways"), WORDS("way-camera"))
    orca.presses("Escape", button("act-choose-painting"))


def painting() -> Image.Image:
    """Sky, sun and sea."""
    image = Image.new("RGB", (322, 240), (60, 110, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 150, 322, 240), fill=(20, 90, 60))
    draw.ellipse((220, 20, 290, 90), fill=(240, 200, 60))
    return image


def test_the_settings_as_orca_tells_them(orca: Orca) -> None:
    """Settings, and for staff the keys of a pad: each is asked for, and waiting changes nothing."""
    orca.presses("Right", WORDS("ways"))
    orca.presses("Left", WORDS("way-settings"))
    orca.presses("Return", WORDS("settings"), "List with")

    orca.presses("Left", WORDS("for-staff"))
    orca.presses("Return", WORDS("for-staff-heading"), WORDS("learn-keys"))
    orca.presses("Return", asked("previous"))
    orca.presses("a", asked("next"))
    orca.says(WORDS("for-staff-heading"), WORDS("learn-keys"))  # after a silence
    orca.presses("Escape", WORDS("settings"), WORDS("for-staff"))
    orca.presses("Escape", WORDS("ways"))
    orca.presses("Escape", button("act-choose-painting"))


def asked(control: str) -> str:
    """How a key is asked for."""
    words = WORDS("learn-ask", control=WORDS(f"control-{control}"))
    return f"{WORDS('learn-keys')}. {words}"
