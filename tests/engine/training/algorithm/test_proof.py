"""The tiny walk proves what it claims, and would say so if it did not."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from engine.training.algorithm.full_size import made_up, parameter_counts
from engine.training.algorithm.proof import ranking_claims, towers_claims
from engine.training.algorithm.recipe import load_recipe
from engine.training.algorithm.run import train
from engine.training.algorithm.shapes import write_shapes
from engine.training.algorithm.starting import new_network
from engine.training.algorithm.state import TOWERS
from engine.training.algorithm.tiny import PAIRS, write_tiny_weights


def quiet(_sentence: str) -> None:
    pass


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_cross_encoder_beats_a_bi_encoder_that_has_learned(tmp_path: Path) -> None:
    """What `make reproduce-tiny` proves, without the baselines; minutes."""
    write_shapes(tmp_path / "pairs", PAIRS, seed=1)
    write_tiny_weights(tmp_path, seed=1)
    weights = {"clip": f"local-dir:{tmp_path / 'clip'}", "mpnet": str(tmp_path / "mpnet")}
    changes = {f"weights.{name}": where for name, where in weights.items()}
    plan = load_recipe("tiny", changes)
    assert train(plan, tmp_path / "pairs", tmp_path / "run", say=quiet) is not None
    for claim in ranking_claims(tmp_path / "pairs", tmp_path / "run"):
        assert claim.holds, claim.sentence


def test_a_claim_that_is_not_true_does_not_hold(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    out = tmp_path / "run"
    assert train(recipe(warm_up__epochs=1), tiny / "pairs", out, say=quiet) is not None
    assert [one.holds for one in towers_claims(out, tiny / "clip")] == [True, True]
    # Towers that did not move.
    begun = new_network(recipe())[0].state_dict()
    fine = out / "best-fine-tune.safetensors"
    shutil.copyfile(fine, tmp_path / "kept")
    save_file({name: value.contiguous() for name, value in begun.items()}, fine)
    assert [one.holds for one in towers_claims(out, tiny / "clip")] == [True, False]
    # A warm-up that moved them.
    shutil.copyfile(tmp_path / "kept", fine)
    warm = out / "best-warm-up.safetensors"
    moved = {name: value for name, value in load_file(fine).items() if name.startswith(TOWERS)}
    save_file(load_file(warm) | moved, warm)
    assert [one.holds for one in towers_claims(out, tiny / "clip")] == [False, True]
    # Two epochs of this size teach nothing, and nothing is what is claimed then.
    assert [one.holds for one in ranking_claims(tiny / "pairs", out)] == [False, False]
    beside = ranking_claims(tiny / "pairs", out, supervised=out)
    assert [one.holds for one in beside] == [False] * 4


def test_the_published_network_has_the_published_size() -> None:
    counts = {name: round(count / 1e6, 1) for name, count in parameter_counts().items()}
    assert counts == {"CLIP": 151.3, "MPNet": 109.5}


def test_what_is_made_up_fills_the_context() -> None:
    import torch

    inputs = made_up(2, 3, 32, torch.Generator().manual_seed(1))
    ids, mask = inputs.texts  # type: ignore[misc]
    assert ids.shape == (8, 77)
    assert mask.all()
