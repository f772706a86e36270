"""Train the cross-encoder anew (stage 2), where towers or vectors have changed under it.

    python -m engine.training.cross_anew --data DATA --bundle BUNDLE --heads HEADS --kept KEPT
        --out OUT [--set FIELD=VALUE]

DATA and BUNDLE are those of `engine.training.train_on`; HEADS is what a training wrote; KEPT is
where features are kept (one folder for one HEADS); OUT takes the heads, of which the mappings and
the cross-encoder alone are new. `--set` changes a field of `CrossingRecipe`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch

from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, text_reader
from engine.training.changes import arguments, changed
from engine.training.compact import say
from engine.training.crossing import CrossingRecipe, cross
from engine.training.late_layers import network_of
from engine.training.reading import read_training_data
from engine.training.recipes import recipes_of, tell_recipes


def cross_anew(
    recipe: CrossingRecipe, *, data: Path, bundle: Path, heads: Path, kept: Path, out: Path
) -> CEClip:
    """Stage 2 from random mappings and a random cross-encoder; the heads go to OUT."""
    network = network_of(bundle, heads)
    torch.manual_seed(recipe.seed)
    fresh = CEClip(network.architecture)
    for part in ("image_mapping", "text_mapping", "cross_encoder"):
        setattr(network, part, fresh.get_submodule(part).eval())
    read = read_training_data(network, text_reader(network, bundle), data, kept, 1)
    cross(network, read, recipe, say)
    out.mkdir(parents=True, exist_ok=True)
    network.save_heads(out / HEADS)
    tell_recipes(out, recipes_of(heads), {"crossing": dataclasses.asdict(recipe)})
    return network


def main() -> None:
    """Read the arguments and train."""
    options = arguments(
        "Train the cross-encoder anew.", "data", "bundle", "heads", "kept", "out"
    ).parse_args()
    cross_anew(
        changed(CrossingRecipe(), options.set),
        data=options.data,
        bundle=options.bundle,
        heads=options.heads,
        kept=options.kept,
        out=options.out,
    )


if __name__ == "__main__":
    main()
