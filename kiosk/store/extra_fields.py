"""The other columns of a poem or a work as fields of its state, each under a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXTRA = "extra."
MODEL_NOTES = ("gloss", "subjects")  # of a poem, what the model reads besides its text


def spread(extra: Mapping[str, Any]) -> dict[str, Any]:
    """`{"gloss": …}` as `{"extra.gloss": …}`."""
    return {EXTRA + name: value for name, value in extra.items()}


def gathered(state: Mapping[str, Any]) -> dict[str, Any]:
    """The other columns that a state has; those that are None are none."""
    return {
        name.removeprefix(EXTRA): value
        for name, value in state.items()
        if name.startswith(EXTRA) and value is not None
    }
