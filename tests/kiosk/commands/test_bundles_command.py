"""`ekphrasis bundles`: what is installed is proved, and one flipped byte is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kiosk.config import Settings
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # it may be a hard link to the installed one
    path.write_bytes(data)


def test_list(installed: Settings, ekphrasis: Run) -> None:
    told = json.loads(ekphrasis("bundles", "list", "--json").out)
    assert [bundle["name"] for bundle in told] == ["compact"]
    assert told[0]["default"] is True
    assert "on-commercial" in told[0]["licence"]
    assert "* compact" in ekphrasis("bundles", "list").out


def test_verify_proves_files_and_scores(installed: Settings, ekphrasis: Run) -> None:
    ran = ekphrasis("bundles", "verify")
    assert ran.code == 0, ran.err
    assert ran.out.count("  ok ") >= 6
    assert "the known picture gives the known scores" in ran.out


def test_one_flipped_byte(own_data: Path, ekphrasis: Run) -> None:
    flip_a_byte(own_data / "bundles" / "compact" / "heads.safetensors")
    ran = ekphrasis("bundles", "verify", "compact")
    assert ran.code == 2
    assert "heads.safetensors is damaged" in ran.err
    assert ran.err.count("\n") == 1
    assert "BAD" in ran.out

    picture = own_data / "bundles" / "compact" / "check.png"
    refused = ekphrasis("match", picture)
    assert refused.code == 2
    assert "damaged" in refused.err


def test_a_model_that_answers_otherwise(own_data: Path, ekphrasis: Run) -> None:
    manifest = own_data / "bundles" / "compact" / "manifest.json"
    told = json.loads(manifest.read_text())
    told["check"]["scores"][0] = 1 - told["check"]["scores"][0]
    manifest.unlink()
    manifest.write_text(json.dumps(told))
    ran = ekphrasis("bundles", "verify")
    assert ran.code == 2
    assert "other scores" in ran.err


def test_none_installed(
    tmp_path: Path, ekphrasis: Run, monkeypatch: object, installed: Settings
) -> None:
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(tmp_path))  # type: ignore[attr-defined]
    assert "No bundle is installed" in ekphrasis("bundles", "list").out
    assert ekphrasis("bundles", "verify").code == 2
    assert ekphrasis("bundles", "verify", "compact").code == 2
