"""What the registry of accessibility tells of every screen, asked as a screen reader asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kiosk.controls import FIVE
from tests.kiosk.ui.desk import DEBIAN_PYTHON, HERE, Desk, Talker, missing, project_python, until
from tests.kiosk.ui.models import paint_picture, usual

pytestmark = pytest.mark.slow
NO_ROLE = {"", "invalid", "unknown", "redundant object"}
MOST_STOPS = 20  # of Tab on one screen


@dataclass(frozen=True)
class Stand:
    """The kiosk's screens on a display, and somebody who asks what they are."""

    desk: Desk
    shower: Talker
    walker: Talker

    def tree(self) -> dict[str, Any]:
        """All that is shown."""
        return dict(self._ask("tree"))

    def focus(self) -> dict[str, Any]:
        """What has the focus."""
        return dict(self._ask("focus"))

    def _ask(self, question: str) -> Any:
        def answered() -> Any:
            answer = self.walker.ask(question)
            return answer if answer is not None and "problem" not in answer else None

        return until(answered, f"the registry did not answer {question!r}")


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    assert missing() == [], "packaging/debian-test-packages.txt names what is needed"
    folder = tmp_path_factory.mktemp("desk")
    picture = paint_picture(folder / "picture.png")
    with Desk(folder) as desk:
        shower = desk.talk(
            "kiosk", [project_python(), "-m", "tests.kiosk.ui.show_screens", str(picture)]
        )
        desk.window()
        walker = desk.talk("walker", [DEBIAN_PYTHON, str(HERE / "walk_the_tree.py")])
        yield Stand(desk, shower, walker)


def flat(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node and all below it, in the order in which they are read."""
    yield node
    for child in node["below"]:
        yield from flat(child)


NAMES = list(usual(Path("picture.png")))


@pytest.mark.parametrize("name", NAMES)
def test_the_tree_tells_what_the_screen_shows(stand: Stand, name: str) -> None:
    keys = dict(stand.shower.ask(name))
    labels = [label for label in keys if label]

    def shown() -> dict[str, Any] | None:
        tree = stand.tree()
        buttons = [node["name"] for node in flat(tree) if node["role"] == "push button"]
        return tree if buttons == labels else None

    nodes = list(flat(until(shown, f"the screen {name} did not come")))
    focusable = [node for node in nodes if "focusable" in node["states"]]
    for node in focusable:
        assert node["role"] not in NO_ROLE, node
        assert node["name"], node
    for node in nodes:
        if node["role"] == "push button":
            assert keys[node["name"]] in {control.value for control in FIVE}, node
            assert node["description"], node
        if node["role"] == "label":
            assert node["name"], node
    stops = [node for node in focusable if node["role"] not in ("filler", "frame", "list item")]
    for before, after in pairwise(stops):  # what is read later stands lower, or further right
        left, top, wide, high = before["place"]
        assert after["place"][1] >= top + high or after["place"][0] >= left + wide, (before, after)


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_everything_in_the_order_of_reading_and_comes_round(
    stand: Stand, name: str
) -> None:
    keys = dict(stand.shower.ask(name))

    def ready() -> list[str] | None:
        told = [n for n in flat(stand.tree()) if "focusable" in n["states"]]
        names = [n["name"] for n in told if n["role"] not in ("filler", "frame", "list item")]
        return names if names[-1:] == [label for label in keys if label][-1:] else None

    reading = until(ready, f"the screen {name} did not come")
    start = until(lambda: _stop(stand), "nothing has the focus")
    reached = [start]
    for _ in range(MOST_STOPS):
        before = reached[-1]
        stand.desk.key("Tab")
        now = until(lambda last=before: _moved(stand, last), f"Tab is caught at {before!r}")
        if now == start:
            break
        reached.append(now)
    assert sorted(reached) == sorted(reading)
    at = reading.index(start)
    assert reached == reading[at:] + reading[:at]
    last = reached[-1]
    stand.desk.key("shift+Tab")
    assert until(lambda: _moved(stand, start), "Shift and Tab are caught") == last


def _stop(stand: Stand) -> str:
    """The name of what Tab has reached."""
    focus = stand.focus()
    return "" if focus["role"] in ("filler", "frame") else str(focus["name"])


def _moved(stand: Stand, before: str) -> str:
    now = _stop(stand)
    return now if now != before else ""
