"""How heads were made, told beside them, from one command to the next and into a manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RECIPE = "recipe.json"


def recipes_of(heads: Path) -> dict[str, Any]:
    """By stage, the recipes that were written beside a file of heads; none where none were."""
    file = heads.parent / RECIPE
    if not file.exists():
        return {}
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def tell_recipes(out: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Write beside the heads in OUT what they came of before and what was done now."""
    text = json.dumps({**before, **now}, indent=2)
    (out / RECIPE).write_text(text + "\n", encoding="utf-8")
