"""A folder that a tiny bundle is packed into, and the label it gets."""

from __future__ import annotations

from pathlib import Path

from engine.bundles import sha256_of
from engine.training.packing import Label, Source

TOWERS = ("image_tower.safetensors", "text_tower.safetensors", "tokenizer.json")


def folder_with_card(out: Path) -> Path:
    """A folder with a model card, which is all that packing does not write."""
    out.mkdir()
    (out / "README.md").write_text("# A card\n")
    return out


def tiny_label(towers: Path) -> Label:
    """A label that names the tiny bundle's towers as a package's."""
    sources = {name: Source("a-package", "1", name, sha256_of(towers / name)) for name in TOWERS}
    return Label("tiny", "1.0", "for tests only", sources)


def with_towers(out: Path, towers: Path) -> Path:
    """What was packed, with the towers beside it, as it is installed."""
    for name in TOWERS:
        (out / name).hardlink_to(towers / name)
    return out
