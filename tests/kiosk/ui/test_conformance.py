"""The table in docs/accessibility.md names tests that exist; and the figures that it states."""

from __future__ import annotations

import ast
import math
import re
from itertools import pairwise
from pathlib import Path

from kiosk.preferences import VOLUMES
from kiosk.ui.theme import metrics_for

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "accessibility.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
RANGE_DB, STEP_DB = 18, 12


def test_every_test_that_the_table_names_exists() -> None:
    named = NAMED.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert len(named) > 40
    missing = [f"{path}::{name}" for path, name in named if name not in functions(ROOT / path)]
    assert missing == []


def test_every_line_of_the_table_has_its_proof() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if re.match(r"\| (ours|WCAG|5\.)", line)]
    assert len(rules) >= 25
    unproved = [line for line in rules if not NAMED.search(line)]
    assert [line for line in unproved if "is to come" not in line] == []


def test_every_picture_of_the_document_is_there() -> None:
    shown = re.findall(r"\]\((screenshots/[^)]+)\)", DOCUMENT.read_text(encoding="utf-8"))
    assert shown
    assert [name for name in shown if not (DOCUMENT.parent / name).is_file()] == []


def test_volume_has_the_range_and_the_step_that_are_asked_for() -> None:
    """The range is at least 18 dB, and there is a step at least 12 dB above the lowest."""
    decibels = [20 * math.log10(volume / VOLUMES[0]) for volume in VOLUMES]
    assert decibels[-1] >= RANGE_DB
    assert any(level >= STEP_DB for level in decibels)
    assert all(after > before for before, after in pairwise(decibels))


def test_a_target_is_twelve_millimetres() -> None:
    for width, height, dots in ((1280, 800, 96.0), (1920, 1080, 92.0), (3840, 2160, 163.0)):
        target = metrics_for(width, height, dots, 60).target
        assert target >= 44
        assert target / dots * 25.4 >= 11.9


def functions(path: Path) -> set[str]:
    """The names of what a file defines."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
