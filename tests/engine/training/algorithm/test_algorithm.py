"""Algorithm 1 from a folder of pairs to a bundle, and after any stop the same numbers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from engine.bundles import read_bundle, require_sound
from engine.errors import InputError
from engine.loading import check_scores, load_encoder
from engine.training.algorithm.curves import draw_curves, read_curve
from engine.training.algorithm.finishing import deviations
from engine.training.algorithm.recipe import load_recipe
from engine.training.algorithm.run import train
from engine.training.algorithm.starting import new_network
from engine.training.algorithm.state import TOWERS, find_state


def quiet(_sentence: str) -> None:
    pass


@pytest.fixture(scope="session")
def whole(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that nobody interrupted."""
    out = tmp_path_factory.mktemp("whole")
    plan = load_recipe(
        "tiny",
        {
            "weights.clip": f"local-dir:{tiny / 'clip'}",
            "weights.mpnet": str(tiny / "mpnet"),
            "batch": 16,
            "micro-batch": 8,
            "data.validation": 0.1,
            "save-every": 2,
            "warm-up.epochs": 2,
            "fine-tune.epochs": 1,
            "network.dropout": 0.1,
        },
    )
    assert train(plan, tiny / "pairs", out, say=quiet) is not None
    return out


def losses(out: Path) -> list[str]:
    return [row["loss"] for row in read_curve(out / "steps.csv")]


def test_the_warm_up_leaves_the_towers_alone_and_the_fine_tuning_moves_them(
    whole: Path, recipe: Any
) -> None:
    first, _ = new_network(recipe())
    begun = {name: value for name, value in first.state_dict().items() if name.startswith(TOWERS)}
    warm, fine = (
        load_file(whole / f"best-{stage}.safetensors") for stage in ("warm-up", "fine-tune")
    )
    assert not [name for name in warm if name.startswith(TOWERS)]  # not even written
    assert any(not torch.equal(warm[name], first.state_dict()[name]) for name in warm)
    moved = {name for name in begun if not torch.equal(begun[name], fine[name])}
    for part in ("image_tower.net.conv1", "text_tower.net.token_embedding", "text_tower.net.ln_f"):
        assert any(name.startswith(part) for name in moved), part


@pytest.mark.parametrize("at", [1, 4, 7])
def test_after_a_stop_at_any_step_it_goes_on_to_the_same_bits(
    tiny: Path, whole: Path, tmp_path: Path, recipe: Any, at: int
) -> None:
    plan = recipe(network__dropout=0.1)
    assert train(plan, tiny / "pairs", tmp_path, most_steps=at, say=quiet) is None
    found = find_state(tmp_path / "states")
    assert found is not None
    assert found[1].steps == at
    assert train(plan, tiny / "pairs", tmp_path, say=quiet) is not None
    assert losses(tmp_path) == losses(whole)
    assert read_curve(tmp_path / "validation.csv") == read_curve(whole / "validation.csv")
    for name in ("best-warm-up.safetensors", "best-fine-tune.safetensors"):
        assert (tmp_path / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.slow
def test_a_kill_in_the_middle_costs_no_bit(
    tiny: Path, whole: Path, tmp_path: Path, recipe: Any
) -> None:
    """SIGKILL, wherever it strikes; then the same command again."""
    script = (
        "import sys, torch; torch.set_num_threads(1)\n"
        "from pathlib import Path\n"
        "from engine.training.algorithm.recipe import read_recipe, load_recipe\n"
        "from engine.training.algorithm.run import train\n"
        "import json\n"
        "changes = json.loads(sys.argv[3])\n"
        "train(load_recipe('tiny', changes), Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    changes = {
        "weights.clip": f"local-dir:{tiny / 'clip'}",
        "weights.mpnet": str(tiny / "mpnet"),
        "batch": 16,
        "micro-batch": 8,
        "data.validation": 0.1,
        "save-every": 2,
        "warm-up.epochs": 2,
        "fine-tune.epochs": 1,
        "network.dropout": 0.1,
    }
    command = [
        sys.executable, "-c", script, str(tiny / "pairs"), str(tmp_path), json.dumps(changes)
    ]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 200
    while len(losses(tmp_path)) < 5 and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert 5 <= len(losses(tmp_path)) < len(losses(whole))
    assert train(recipe(network__dropout=0.1), tiny / "pairs", tmp_path, say=quiet) is not None
    assert losses(tmp_path) == losses(whole)


def test_what_comes_of_it_is_a_bundle_that_answers(whole: Path) -> None:
    bundle = read_bundle(whole / "bundle")
    require_sound(bundle)
    encoder = load_encoder(bundle)
    assert check_scores(bundle, encoder).ok
    query = encoder.picture(Image.new("RGB", (64, 64), "navy"))
    scores = encoder.score(query, ["See the azure moon", "O the golden peak"])
    assert ((scores > 0) & (scores < 1)).all()
    assert np.linalg.norm(query.vector) == pytest.approx(1.0, abs=1e-5)
    told = bundle.manifest["training"]
    assert told["pairs"] == {"train": 43, "validation": 5, "held_out": 12, "without_picture": 0}
    assert told["deviations"] == deviations(load_recipe("tiny"))
    assert deviations(load_recipe("tiny")) != deviations(load_recipe("stand-in"))
    assert told["epochs"] == {"warm-up": 2, "fine-tune": 1}
    assert "keeps a poem" in (whole / "bundle" / "README.md").read_text()


def test_the_curves_can_be_looked_at(whole: Path, tmp_path: Path) -> None:
    with Image.open(whole / "curves.png") as picture:
        assert min(picture.size) > 400
    assert list((whole / "tensorboard").glob("events.*"))
    draw_curves(tmp_path, tmp_path / "nothing.png")  # before the first step
    assert (tmp_path / "nothing.png").exists()


def test_nothing_in_a_training_s_folder_is_pickled(whole: Path) -> None:
    kinds = {path.suffix for path in whole.rglob("*") if path.is_file()}
    kinds -= {path.suffix for path in (whole / "tensorboard").iterdir()}
    assert kinds == {".safetensors", ".json", ".csv", ".png", ".md", ".npy", ".npz"}
    for path in whole.rglob("*.np[yz]"):
        np.load(path, allow_pickle=False)


def test_kept_features_give_what_the_towers_give(
    tiny: Path, whole: Path, tmp_path: Path, recipe: Any
) -> None:
    plan = recipe(network__dropout=0.1, keep_features=False)
    train(plan, tiny / "pairs", tmp_path, most_steps=3, say=quiet)
    live, kept = losses(tmp_path), losses(whole)[:3]
    assert np.allclose([float(x) for x in live], [float(x) for x in kept], rtol=2e-3)


def test_another_recipe_does_not_go_on_with_it(tiny: Path, whole: Path, recipe: Any) -> None:
    with pytest.raises(InputError, match="holds a training by another recipe"):
        train(recipe(network__dropout=0.1, seed=2), tiny / "pairs", whole, say=quiet)


def test_the_baseline_trains_the_towers_alone(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    plan = recipe("clip-few-shot", warm_up__epochs=0, data__share=0.6, fine_tune__rate=1e-3)
    trained = train(plan, tiny / "pairs", tmp_path, say=quiet)
    assert trained is not None
    bundle = read_bundle(trained.bundle)
    assert bundle.manifest["architecture"]["cross"] is None
    assert not load_encoder(bundle).reranks
    rows = read_curve(tmp_path / "steps.csv")
    assert {row["stage"] for row in rows} == {"fine-tune"}
    assert all(float(row["towers"]) == float(row["loss"]) > 0 for row in rows)


def test_patience_ends_a_stage(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    plan = recipe(warm_up__epochs=9, warm_up__patience=1, warm_up__rate=0.0, fine_tune__epochs=0)
    train(plan, tiny / "pairs", tmp_path, say=quiet)
    # With a rate of nought the second epoch cannot be better than the first.
    assert [row["epoch"] for row in read_curve(tmp_path / "validation.csv")] == ["1", "2"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weights__clip": "local-dir:/nowhere"}, "The weights of CLIP .* cannot be had"),
        ({"weights__clip": "ViT-Z"}, "open_clip knows no model 'ViT-Z'"),
        ({"weights__clip": "ViT-B-16-SigLIP"}, "CLIP's own text half"),
        ({"weights__clip": "ViT-B-32", "weights__pretrained": "mine"}, "no weights 'mine'"),
    ],
)
def test_weights_that_cannot_be_had_are_named(
    tiny: Path, tmp_path: Path, recipe: Any, changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        train(recipe(**changes), tiny / "pairs", tmp_path, say=quiet)


def test_another_mpnet_is_named(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    folder = tmp_path / "mpnet"
    folder.mkdir()
    with pytest.raises(InputError, match=r"The weights of MPNet .* cannot be had"):
        train(recipe(weights__mpnet=str(folder)), tiny / "pairs", tmp_path / "out", say=quiet)
    told = json.loads((tiny / "mpnet" / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(told | {"num_hidden_layers": 5}))
    (folder / "model.safetensors").write_bytes((tiny / "mpnet" / "model.safetensors").read_bytes())
    with pytest.raises(InputError, match="are not those of an MPNet that fits"):
        train(recipe(weights__mpnet=str(folder)), tiny / "pairs", tmp_path / "out", say=quiet)
