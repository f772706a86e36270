"""`ekphrasis train`, from the arguments to an installed bundle."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from engine import find_bundle
from kiosk.__main__ import build_parser, main
from kiosk.commands.train import first_weights
from kiosk.config import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(tmp_path / "data"))
    return load_settings()


def parsed(*words: str) -> argparse.Namespace:
    return build_parser().parse_args(["train", *words])


def test_it_begins_from_the_installed_weights(settings: Settings) -> None:
    assert first_weights(parsed(), settings) == {}  # the recipe's own names, on the hub
    folder = settings.bundles_dir / "paper"
    (folder / "mpnet").mkdir(parents=True)
    (folder / "open_clip_config.json").write_text("{}")
    assert first_weights(parsed(), settings) == {
        "weights.clip": f"local-dir:{folder}",
        "weights.mpnet": str(folder / "mpnet"),
    }
    changed = first_weights(parsed("--clip", "RN50", "--mpnet", "there"), settings)
    assert changed == {"weights.clip": "RN50", "weights.mpnet": "there"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--from", "nothing"], "The bundle 'nothing' is not installed"),
        (["--recipe", "nothing"], "There is no recipe 'nothing'; give one of clip-few-shot"),
        (["--set", "batch"], "write FIELD=VALUE"),
        (["--set", "bach=3"], "'bach', which no recipe knows"),
        (["--workers", "-1"], "--workers takes a number"),
        (["--pictures", "/nowhere"], "There is no folder /nowhere"),
        ([], "multim-poem/pairs.jsonl; give a folder of pairs"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["train", *words]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said


def test_from_pairs_to_an_installed_bundle(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.training.algorithm.shapes import write_shapes
    from engine.training.algorithm.tiny import write_tiny_weights

    write_shapes(tmp_path / "pairs", 40, seed=2)
    write_tiny_weights(tmp_path, seed=2)
    words = ["train", str(tmp_path / "pairs"), "--recipe", "tiny", "--install"]
    weights = ["--clip", f"local-dir:{tmp_path / 'clip'}", "--mpnet", str(tmp_path / "mpnet")]
    fields = ["--set", "warm-up.epochs=1", "--set", "fine-tune.epochs=1"]
    assert main([*words, *weights, *fields]) == 0
    out, told = capsys.readouterr()
    assert Path(out.strip()) == settings.data_dir / "runs" / "tiny" / "bundle"
    assert "Stage 2" in told
    assert find_bundle(settings.bundles_dir, "tiny").version == "1.0"
    assert replace(settings, bundle="tiny").bundle == "tiny"
