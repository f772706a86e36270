"""Train a compact bundle on, from an installed bundle to the folder that is committed.

    python -m engine.training.train_on --data DATA --bundle BUNDLE --kept KEPT --out OUT
        [--heads HEADS] [--set FIELD=VALUE]

DATA holds the files named in `engine.training.reading`, and `poems-public-domain.jsonl.xz` where
titles are to be learned from; BUNDLE is an installed compact bundle, whose weights are where this
begins, or whose towers are, if HEADS of an earlier version are named; KEPT is where what does not
change is kept from run to run (one folder for one beginning); OUT takes the heads, which have no
late interaction any more (`engine.training.interact` gives them one). `--set text_rate=3e-5`
changes a field of `LaterRecipe`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch

from engine.model.architecture import Architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS
from engine.model.image_towers import EfficientNetTower
from engine.training.changes import arguments, changed, there
from engine.training.late_features import bert
from engine.training.late_layers import image_layers, package_of, text_layers, unfold
from engine.training.later import Later, LaterRecipe
from engine.training.later_data import read_later_data


def train_on(
    recipe: LaterRecipe,
    data: Path,
    bundle: Path,
    kept: Path,
    out: Path,
    heads: Path | None = None,
) -> CEClip:
    """One training from an installed bundle, or from earlier `heads`, to the heads in OUT."""
    torch.manual_seed(recipe.seed)
    network, untrained = package_of(bundle), package_of(bundle)
    network.load_heads(heads or bundle / HEADS, earlier=heads is not None)
    kept_data = read_later_data(
        network,
        untrained,
        data,
        bundle,
        kept,
        views=recipe.views if recipe.image_rate else (),
        first_text_layer=recipe.first_text_layer,
        title_pairs=recipe.title_pairs if recipe.titles else 0,
        seed=recipe.seed,
    )
    Later(network, kept_data, recipe).train(_say)
    if recipe.image_rate and isinstance(network.image_tower, EfficientNetTower):
        unfold(kept_data.late, network.image_tower)
    network.take(None)  # what it learned on other vectors would mislead: it learns last, and anew
    network.architecture = _with_ours(network, recipe)
    out.mkdir(parents=True, exist_ok=True)
    network.save_heads(out / HEADS)
    return network


def _with_ours(network: CEClip, recipe: LaterRecipe) -> Architecture:
    """The architecture that says which layers of the towers are stored with the heads."""
    architecture = network.architecture
    image, text = architecture.image, architecture.text
    seen, read = (
        image.ours,
        text_layers(recipe.first_text_layer, len(bert(network).net.encoder.layer)),
    )
    if recipe.image_rate and isinstance(network.image_tower, EfficientNetTower):
        seen = image_layers(len(network.image_tower.net._blocks))
    return dataclasses.replace(
        architecture,
        image=dataclasses.replace(image, ours=seen),
        text=dataclasses.replace(text, ours=tuple(sorted({*text.ours, *read}))),
    )


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def main() -> None:
    """Read the arguments and train."""
    parser = arguments("Train a compact bundle on.", "data", "bundle", "kept", "out")
    parser.add_argument("--heads", type=there, help="of an earlier version, to begin from")
    options = parser.parse_args()
    recipe = changed(LaterRecipe(), options.set)
    _say(f"{dataclasses.asdict(recipe)}")
    train_on(recipe, options.data, options.bundle, options.kept, options.out, options.heads)


if __name__ == "__main__":
    main()
