"""The tiny set and the tiny weights, small enough for a test of every part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.training.algorithm.recipe import Recipe, load_recipe
from engine.training.algorithm.shapes import write_shapes
from engine.training.algorithm.tiny import write_tiny_weights

PAIRS = 60


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `pairs`, `clip` and `mpnet`; nobody writes into it."""
    folder = tmp_path_factory.mktemp("tiny")
    write_shapes(folder / "pairs", PAIRS, seed=3)
    write_tiny_weights(folder, seed=3)
    return folder


@pytest.fixture
def recipe(tiny: Path) -> Any:
    """A recipe of seconds; give it changes, as dotted names."""

    def make(name: str = "tiny", **changes: Any) -> Recipe:
        small = {
            "weights.clip": f"local-dir:{tiny / 'clip'}",
            "weights.mpnet": str(tiny / "mpnet"),
            "batch": 16,
            "micro-batch": 8,
            "data.validation": 0.1,
            "save-every": 2,
            "warm-up.epochs": 2,
            "fine-tune.epochs": 1,
        }
        changes = {
            key.replace("__", ".").replace("_", "-"): value for key, value in changes.items()
        }
        return load_recipe(name, small | changes)

    return make
