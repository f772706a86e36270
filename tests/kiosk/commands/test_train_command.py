"""`ekphrasis train`, from the arguments to an installed bundle."""

from __future__ import annotations

import argparse
import json
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


def test_what_is_set_for_the_machine_and_the_pairs_is_set_for_the_baselines(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine.training.algorithm.recipe import FOLDER
    from engine.training.algorithm.shapes import write_shapes
    from engine.training.algorithm.tiny import write_tiny_weights

    write_shapes(tmp_path / "pairs", 40, seed=2)
    write_tiny_weights(tmp_path, seed=2)
    recipe = tmp_path / "mine.toml"
    beside = 'beside = ["clip-zero-shot", "quick"]\n'
    recipe.write_text(beside + (FOLDER / "tiny.toml").read_text())
    quick = tmp_path / "quick.toml"  # as the published baseline, in one epoch instead of 200
    published = (FOLDER / "clip-supervised.toml").read_text()
    quick.write_text(published.replace("epochs = 200", "epochs = 1"))
    recipe.write_text(recipe.read_text().replace('"quick"', f'"{quick}"'))
    words = ["train", str(tmp_path / "pairs"), "--recipe", str(recipe)]
    weights = ["--clip", f"local-dir:{tmp_path / 'clip'}", "--mpnet", str(tmp_path / "mpnet")]
    fields = ["precision=bf16", "batch=16", "micro-batch=8", "seed=5", "data.validation=0.2"]
    own = ["warm-up.epochs=1", "fine-tune.epochs=2", "loss.scores=0.5"]
    changed = [word for field in [*fields, *own] for word in ("--set", field)]
    assert main([*words, *weights, *changed]) == 0
    said = capsys.readouterr().err
    assert "warm-up.epochs, fine-tune.epochs, loss.scores as in its own recipe" in said
    runs = settings.data_dir / "runs"
    told = {
        name: json.loads((runs / name / "recipe.json").read_text())
        for name in ("mine", "clip-zero-shot", "quick")
    }
    for one in told.values():
        assert (one["precision"], one["batch"], one["micro_batch"]) == ("bf16", 16, 8)
        assert (one["seed"], one["data"]["validation"]) == (5, 0.2)
    assert [one["fine_tune"]["epochs"] for one in told.values()] == [2, 0, 1]
    assert [one["loss"]["scores"] for one in told.values()] == [0.5, 0.0, 0.0]
    assert [one["name"] for one in told.values()] == ["mine", "clip-zero-shot", "quick"]


def test_fields_that_are_common_are_fields_of_every_recipe() -> None:
    from engine.training.algorithm.recipe import COMMON, known_recipes, load_recipe

    of_each = {"seed": 9, "data.hold-out": 0.3, "data.validation": 0.3}
    plain = load_recipe("paper").to_json()
    for field in COMMON:
        value: object = plain
        for part in field.replace("-", "_").split("."):
            assert isinstance(value, dict)
            value = value[part]
        of_each.setdefault(field, value)  # type: ignore[arg-type]
    for name in known_recipes():
        assert load_recipe(name, of_each).seed == 9
