"""What a training leaves: a bundle that a kiosk can install, and the hold-out as pairs."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.bundles import FORMAT, MANIFEST, sha256_of
from engine.bundling.card import CARD, model_card
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, load_encoder
from engine.training.algorithm.curves import read_curve
from engine.training.algorithm.examples import Examples
from engine.training.algorithm.recipe import Recipe
from engine.training.algorithm.starting import CLIP_FILE
from engine.training.check_picture import check_picture
from engine.training.packing import CHECK, known_answers

TOLERANCE = 0.001  # of similarities and scores from one machine to another
VERSION = "1.0"


def write_bundle(network: CEClip, recipe: Recipe, out: Path, training: Mapping[str, Any]) -> Path:
    """The network as a bundle in `out`, written whole or not at all; gives the folder.

    The known answers are those of the files as they were written.
    """
    building = out.with_name(out.name + ".new")
    building.mkdir(parents=True, exist_ok=True)
    network.save_towers(building / CLIP_FILE)
    names = [CLIP_FILE, CHECK, CARD]
    if network.architecture.has_heads:
        network.save_heads(building / HEADS)
        names.append(HEADS)
    check_picture().save(building / CHECK)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": recipe.name,
        "version": VERSION,
        "licence": recipe.licence,
        "architecture": network.architecture.to_json(),
        "calibration": {"words_weight": recipe.network.words_weight},
        "training": dict(training),
    }
    encoder = load_encoder(building, manifest)
    manifest["check"] = known_answers(encoder, building / CHECK) | {"tolerance": TOLERANCE}
    (building / CARD).write_text(model_card(manifest), encoding="utf-8")
    manifest["files"] = {
        name: {"sha256": sha256_of(building / name), "bytes": (building / name).stat().st_size}
        for name in sorted(names)
    }
    for name in names:
        (building / name).chmod(0o644)  # safetensors are written for their owner alone
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (building / MANIFEST).write_text(text + "\n", encoding="utf-8")
    if out.exists():
        for old in out.iterdir():
            old.unlink()
        out.rmdir()
    building.rename(out)
    return out


def describe_training(
    recipe: Recipe, pairs: Path, examples: Examples, out: Path, seconds: float
) -> dict[str, Any]:
    """What the manifest's `training` and the model card say of how a bundle came about."""
    checks = read_curve(out / "validation.csv")
    epochs = {row["stage"]: int(row["epoch"]) for row in checks}
    steps = read_curve(out / "steps.csv")
    return {
        "recipe": recipe.name,
        "data": f"{pairs.name} ({len(examples.train)} pairs, asked by {recipe.data.asks})",
        "pairs": {
            "train": len(examples.train),
            "validation": len(examples.validation),
            "held_out": examples.test,
            "without_" + recipe.data.asks: examples.vanished,
        },
        "epochs": epochs,
        "steps": len(steps),
        "seed": recipe.seed,
        "deviations": deviations(recipe),
        "machine": machine(),
        "hours": round(seconds / 3600, 3),
        "values": recipe.to_json(),
    }


def deviations(recipe: Recipe) -> list[str]:
    """Where a training by this recipe differs from the published one, in words."""
    weighed = recipe.network.cross_encoder
    found = {
        "the split keeps a poem, and a picture, on one side": True,
        "the weights of the losses are a choice; the paper gives none": weighed,
        "CLIP's own vectors are trained beside, so that they can make a short list": weighed
        and bool(recipe.loss.towers and recipe.fine_tune.epochs),
        "stages end early when validation does not improve": bool(
            recipe.warm_up.patience or recipe.fine_tune.patience
        ),
        "captions stand in for pictures": recipe.data.asks == "caption",
        "wrong poems are drawn anew in each epoch": recipe.data.redraw,
        f"MPNet's weights are those of {Path(recipe.weights.mpnet).name}": weighed
        and "multi-qa-mpnet" not in recipe.weights.mpnet
        and Path(recipe.weights.mpnet).name != "mpnet",
    }
    return [sentence for sentence, holds in found.items() if holds]


def machine() -> str:
    """The machine in general words."""
    import torch

    if torch.cuda.is_available():
        return f"{torch.cuda.device_count()} x {torch.cuda.get_device_name(0)}"
    return f"CPU ({platform.machine()}, {torch.get_num_threads()} threads)"
