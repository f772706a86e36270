"""`ekphrasis evaluate --table`: from a folder of pairs and bundles to the paper's tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.kiosk.conftest import Ran
from tests.tiny_clip import write_clip

Run = Callable[..., Ran]

SCENES = [
    ("navy", "The sea at night\nis deep and dark"),
    ("gold", "A golden field\nin summer sun"),
    ("darkgreen", "Within the forest\nall is green"),
    ("white", "Snow upon snow\nthe winter came"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data-set"
    (folder / "images").mkdir(parents=True)
    rows = []
    for at, (colour, text) in enumerate(SCENES):
        image = f"images/{at}.png"
        Image.new("RGB", (64, 48), colour).save(folder / image)
        rows.append({"id": str(at), "image": image, "text": text, "caption": f"a {colour} scene"})
    rows.append({"id": "9", "image": "images/0.png", "text": "learned from", "caption": "x"})
    (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    split = {"seed": 1, "train": ["9"], "test": ["0", "1", "2", "3"]}
    (folder / "split.json").write_text(json.dumps(split))
    return folder


@pytest.fixture
def clip(own_data: Path, tmp_path: Path, ekphrasis: Run) -> Path:
    write_clip(tmp_path / "models" / "tiny" / "clip")
    models = tmp_path / "models"
    ran = ekphrasis("bundles", "install", "clip", "--model", "hf-hub:tiny/clip", "--from", models)
    assert ran.code == 0, ran.err
    return own_data / "bundles" / "clip"


@pytest.mark.slow
def test_tables(data: Path, clip: Path, tmp_path: Path, ekphrasis: Run) -> None:
    out = tmp_path / "tables"
    words = ("--table", 1, 2, "--data", data, "--ce-clip", "compact", "--out", out)
    ran = ekphrasis("evaluate", *words, "--json")
    assert ran.code == 0, ran.err
    one, two = json.loads(ran.out)
    assert (one["pairs"], one["candidates"], two["candidates"]) == (4, 4, 4)
    rows = {row["key"]: row for row in one["rows"]}
    assert rows["zero-shot"]["bundle"]["name"] == "clip"
    assert rows["ce-clip"]["bundle"]["name"] == "compact"
    assert rows["ce-clip"]["measured"]["R@5"] == 100
    assert rows["few-shot"]["measured"] is None
    assert "ekphrasis train --recipe clip-few-shot" in rows["few-shot"]["why_not"]
    besides = {row["key"]: row for row in one["besides"]}
    assert set(besides) == {"caption", "keywords", "sentiment"}
    assert all(row["measured"]["R@5"] == 100 for row in besides.values())
    assert sorted(path.name for path in out.iterdir()) == [
        "short-lists.csv",
        "short-lists.png",
        "table-1.json",
        "table-1.md",
        "table-1.txt",
        "table-2.json",
        "table-2.md",
        "table-2.txt",
    ]
    assert json.loads((out / "table-1.json").read_text()) == one


def test_a_run_is_found_where_its_recipe_leaves_it(
    data: Path, clip: Path, tmp_path: Path, ekphrasis: Run
) -> None:
    run = tmp_path / "runs" / "clip-few-shot"
    run.mkdir(parents=True)
    (run / "bundle").symlink_to(clip)
    words = ("--table", 2, "--data", data, "--runs", tmp_path / "runs", "--no-alternatives")
    ran = ekphrasis("evaluate", *words)
    assert ran.code == 0, ran.err
    assert ran.out.count("not run") == 2
    assert "CLIP few-shot" in ran.out
    assert "Keywords" not in ran.out
    assert "| CE-CLIP | 100 % | not run" in ekphrasis("evaluate", *words, "--markdown").out


def test_mistakes(data: Path, own_data: Path, tmp_path: Path, ekphrasis: Run) -> None:
    def refused(*words: object) -> str:
        ran = ekphrasis("evaluate", *words)
        assert ran.code == 2
        assert ran.err.strip()
        return ran.err

    assert "There is no" in refused("--table", 1, "--data", tmp_path)
    assert "no run that ended" in refused("--table", 1, "--data", data, "--ce-clip", "a/b")
    assert "not installed" in refused("--table", 1, "--data", data, "--ce-clip", "none")
    (data / "images" / "2.png").unlink()
    assert "are not there" in refused("--table", 1, "--data", data, "--ce-clip", "compact")
    refused("--table", 3)
    refused()
