"""A manifest's architecture is read strictly, and what is wrong with it is said by name."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from engine.errors import BundleError
from engine.model.architecture import Architecture, read_architecture
from engine.training.compact import ARCHITECTURE


def test_what_is_written_is_read_again(tiny_architecture: Architecture) -> None:
    for architecture in (tiny_architecture, ARCHITECTURE):
        assert read_architecture({"architecture": architecture.to_json()}) == architecture


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("joint", None, "architecture.joint"),
        ("joint", "wide", "architecture.joint"),
        ("joint", True, "architecture.joint"),
        ("joint", 0, "less than 1"),
        ("word_shares", 0, "less than 1"),
        ("image.size", ..., "architecture.image.size is missing"),
        ("image.kind", "vgg", "not one of efficientnet, open_clip"),
        ("image.fit", "squash", "not one of stretch, pad, crop"),
        ("image.mean", [0.5], "three colours"),
        ("image.mean", [0.5, "x", 0.5], "list of numbers"),
        ("text.kind", "gpt", "not one of bert, open_clip"),
        ("text", 7, "not a table"),
        ("cross.heads", 5, "divided among its heads"),
        ("cross.dropout", "much", "architecture.cross.dropout"),
        ("cross.colour", 3, "architecture.cross.colour is not known"),
        ("adapter.width", ..., "architecture.adapter.width is missing"),
    ],
)
def test_a_wrong_field_is_named(
    tiny_architecture: Architecture, path: str, value: Any, sentence: str
) -> None:
    data = copy.deepcopy(tiny_architecture.to_json())
    *parents, name = path.split(".")
    table = data
    for parent in parents:
        table = table[parent]
    if value is ...:
        del table[name]
    else:
        table[name] = value
    with pytest.raises(BundleError, match=sentence) as caught:
        read_architecture({"architecture": data})
    assert caught.value.sentence.endswith("please install it again.")


def test_a_manifest_without_architecture_is_refused() -> None:
    with pytest.raises(BundleError, match="no architecture"):
        read_architecture({})
