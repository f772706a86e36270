"""A training's state on the disk: safetensors and JSON, nothing pickled, whole or not there.

A state is a folder `state-NNNNNNNN`, written beside and moved into place; older ones go when it
stands. No random state has to be kept: every draw follows from the seed and the place in the
training (`engine.training.algorithm.examples.set_dice`), so a training that was killed at any
step repeats the steps since the last state and comes to the same numbers, bit for bit.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine.errors import InputError

FORMAT = 1
TOWERS = ("image_tower.", "text_tower.")
DONE = "done"  # the stage after the last


@dataclass(frozen=True, slots=True)
class Place:
    """How far a training has come."""

    stage: str  # "warm-up", "fine-tune" or "done"
    epoch: int = 0  # epochs of this stage that are over
    step: int = 0  # steps of the epoch that are over
    steps: int = 0  # steps of the whole training that are over
    accuracy: float = -1.0  # the best validation of this stage so far; -1: none yet
    loss: float = 0.0  # and its loss
    stale: int = 0  # epochs since then


def learned_weights(network: nn.Module, with_towers: bool) -> dict[str, Tensor]:
    """By name, what a stage trains: everything, or everything but the towers."""
    return {
        name: value.detach().cpu().contiguous()
        for name, value in network.state_dict().items()
        if with_towers or not name.startswith(TOWERS)
    }


def save_weights(file: Path, weights: dict[str, Tensor]) -> None:
    """Write whole or not at all."""
    fresh = file.with_name(file.name + ".new")
    save_file(weights, fresh)
    fresh.replace(file)


def load_weights(network: nn.Module, file: Path) -> None:
    """Put saved weights back; what they do not name stays as it is."""
    weights = load_file(file)
    strange = set(weights) - set(network.state_dict())
    if strange:
        raise InputError(f"{file} belongs to another network ({min(strange)}); train anew.")
    network.load_state_dict(weights, strict=False)


def save_state(
    folder: Path,
    place: Place,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    extra: dict[str, Any],
) -> None:
    """Write the state of this place and remove the ones before."""
    # A place is named by its steps and, since a stage can end without one, by the stage.
    target = folder / f"state-{place.steps:08d}-{place.epoch:04d}-{place.stage}"
    building = folder / ".state-new"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    towers_learn = any(
        parameter.requires_grad
        for name, parameter in network.named_parameters()
        if name.startswith(TOWERS)
    )
    save_file(learned_weights(network, towers_learn), building / "network.safetensors")
    save_file(_optimiser_tensors(optimiser), building / "optimiser.safetensors")
    told = {"format": FORMAT, "place": asdict(place), **extra}
    (building / "state.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    old = [one for one in folder.glob("state-*") if one != target]
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)
    for one in old:
        shutil.rmtree(one, ignore_errors=True)


def find_state(folder: Path) -> tuple[Path, Place, dict[str, Any]] | None:
    """The newest state in `folder`, its place and what else was told; None where there is none."""
    found = []
    for path in folder.glob("state-*/state.json"):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["format"] != FORMAT:
                raise InputError(f"{path} is of another version of this program; train anew.")
            found.append((Place(**told.pop("place")), path.parent, told))
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise InputError(f"{path} cannot be read ({problem}); delete its folder.") from None
    if not found:
        return None
    order = ("warm-up", "fine-tune", DONE)
    place, path, told = max(
        found, key=lambda one: (order.index(one[0].stage), one[0].steps, one[0].epoch)
    )
    return path, place, told


def restore(path: Path, network: nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """Put the state in this folder back into the network and the optimiser."""
    load_weights(network, path / "network.safetensors")
    tensors = load_file(path / "optimiser.safetensors")
    told = optimiser.state_dict()
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        at, key = name.split(".", 1)
        state.setdefault(int(at), {})[key] = value
    told["state"] = state
    optimiser.load_state_dict(told)


def _optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    return {
        f"{at}.{key}": value.detach().cpu().contiguous()
        for at, kept in optimiser.state_dict()["state"].items()
        for key, value in kept.items()
    }
