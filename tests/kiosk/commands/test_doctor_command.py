"""`ekphrasis doctor`: everything is looked at, and 0 means that the main job can run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.config import Settings
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]
LOOKED_AT = [
    "model", "model's licence", "store", "voice", "other voice", "other voice", "pronunciation",
    "display", "keypad", "sound out", "camera", "screen reader",
]  # fmt: skip


def test_all_is_looked_at(installed: Settings, ekphrasis: Run) -> None:
    ran = ekphrasis("doctor", "--json")
    told = json.loads(ran.out)
    assert [finding["name"] for finding in told["findings"]] == LOOKED_AT
    assert all(finding["sentence"].endswith(".") for finding in told["findings"])
    assert told["well"] is True
    assert ran.code == 0


def test_what_is_missing_is_said(
    tmp_path: Path, ekphrasis: Run, monkeypatch: pytest.MonkeyPatch, installed: Settings
) -> None:
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(tmp_path))
    ran = ekphrasis("doctor")
    assert ran.code == 1
    assert "make setup" in ran.out
    assert "The main job cannot run" in ran.out
    assert list(tmp_path.iterdir()) == [], "looking changes nothing"


def test_an_empty_store_cannot_do_the_main_job(own_data: Path, ekphrasis: Run) -> None:
    from kiosk.store.database import open_store

    open_store(own_data / "store.sqlite").close()
    ran = ekphrasis("doctor")
    assert ran.code == 1
    assert "holds no poems" in ran.out
