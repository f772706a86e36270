"""`ekphrasis data fetch`: what it says, and where it puts things."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.engine.data.test_fetching import Server, publish, server  # noqa: F401 - a fixture
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


def test_fetch(own_data: Path, tmp_path: Path, server: Server, ekphrasis: Run) -> None:  # noqa: F811
    names = ["good/1.jpg", "good/2.jpg", "gone/3.jpg"]
    source = publish(tmp_path / "published.json", server, names)
    ran = ekphrasis("data", "fetch", "multim-poem", "--json", source)
    assert ran.code == 0, ran.err
    assert "2 of 3 pairs" in ran.out
    assert "2 kept, 1 gone" in ran.out
    assert (own_data / "multim-poem" / "pairs.jsonl").is_file()
    ran = ekphrasis("data", "fetch", "multim-poem", "--json", source, "--report-json")
    assert json.loads(ran.out)["kept"] == 2


def test_mistakes(own_data: Path, tmp_path: Path, ekphrasis: Run) -> None:
    ran = ekphrasis("data", "fetch", "multim-poem", "--json", tmp_path / "none.json")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert ekphrasis("data", "fetch", "multim-poem", "--at-once", 0).code == 2
