"""The comparison with a second collection says what differs, and only that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"


def compare(source: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DATA / "check_against_source.py"), str(source), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def collection() -> list[dict[str, str]]:
    """A second collection that agrees with ours in every word."""
    return [
        {"author": "x", "title": "y", "text": path.read_text(encoding="utf-8").partition("\n\n")[2]}
        for path in sorted((DATA / "poems").glob("*.txt"))
    ]


def write(poems: list[dict[str, str]], path: Path) -> Path:
    path.write_text("\n".join(map(json.dumps, poems)), encoding="utf-8")
    return path


def test_an_equal_collection_agrees(collection, tmp_path):
    done = compare(write(collection, tmp_path / "equal.jsonl"), "--exact")
    assert (done.returncode, done.stdout) == (
        0,
        f"{len(collection)} agree, 0 differ, 0 not found\n",
    )


def test_a_changed_word_and_a_missing_poem_are_told(collection, tmp_path):
    for poem in collection:
        poem["text"] = poem["text"].replace("burning bright", "burning slight")
    kept = [poem for poem in collection if "Softly, in the dusk" not in poem["text"]]
    done = compare(write(kept, tmp_path / "other.jsonl"))
    assert done.returncode == 1
    assert "-tyger tyger burning slight\n+tyger tyger burning bright" in done.stdout
    assert "lawrence-piano.txt: not found" in done.stdout
    assert done.stdout.endswith(f"{len(collection) - 2} agree, 1 differ, 1 not found\n")


def test_punctuation_counts_only_when_asked(collection, tmp_path):
    for poem in collection:
        poem["text"] = poem["text"].replace("Tyger, tyger,", "TYGER! Tyger!")
    source = write(collection, tmp_path / "loud.jsonl")
    assert compare(source).returncode == 0
    assert "blake-the-tyger.txt" in compare(source, "--exact").stdout


@pytest.mark.parametrize("content", ["no json", '{"title": "without a text"}', "[1]"])
def test_what_is_no_collection_is_a_sentence(tmp_path, content):
    source = tmp_path / "odd.jsonl"
    source.write_text(content)
    done = compare(source)
    assert done.returncode == 2
    assert done.stdout.startswith(f"{source} cannot be read as poems")
    assert done.stderr == ""
