"""The one door to training: a recipe, a folder of pairs, a folder for what comes of it.

Nothing here imports torch until a training begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.bundles import Progress, silent

if TYPE_CHECKING:
    from engine.training.algorithm.run import Trained


def known_recipes() -> list[str]:
    """The names of the recipes that come with the program."""
    from engine.training.algorithm.recipe import known_recipes as known

    return known()


def train(
    recipe: str,
    pairs: Path,
    out: Path,
    *,
    changes: Mapping[str, Any] | None = None,
    pictures: Path | None = None,
    workers: int = 0,
    say: Callable[[str], None] = print,
    progress: Progress = silent,
) -> Trained | None:
    """Train by a recipe's name or file, with `changes` on top ("warm-up.epochs": 3).

    `pairs` is a folder as `engine.data.pairs` describes it; `out` takes states, curves and the
    bundle, and a training that was stopped goes on from there. `pictures` is a folder of any
    pictures, for a stand-in. Gives None in every process but the first. Raises `InputError` where
    what was given cannot be used.
    """
    from engine.training.algorithm.recipe import load_recipe

    plan = load_recipe(recipe, changes)

    from engine.training.algorithm.run import train as run

    return run(plan, pairs, out, pictures=pictures, workers=workers, say=say, progress=progress)


def baselines(recipe: str) -> tuple[str, ...]:
    """The recipes whose bundles stand beside this one's in the tables."""
    from engine.training.algorithm.recipe import load_recipe

    return load_recipe(recipe).beside


def common(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes that hold for the baselines of a recipe as well.

    They are of the machine, the first weights and the pairs. What is left is what makes a recipe
    itself: its network, its losses, its stages, its share of the pairs, its name.
    """
    from engine.training.algorithm.recipe import COMMON

    return {field: value for field, value in changes.items() if field in COMMON}
