"""Give a compact bundle its late interaction, from an installed bundle to the committed folder.

    python -m engine.training.interact --data DATA --bundle BUNDLE --kept KEPT --out OUT
        [--titles TITLES] [--heads HEADS] [--set FIELD=VALUE]

DATA and BUNDLE are those of `engine.training.train_on`; KEPT is where the maps are kept that the
image tower's earlier layers make (`train_on` keeps the same); OUT is the folder with the bundle's
card; TITLES, where it is named, is `data/titles` or lists like those; HEADS, where they are named,
are what came of it before, or the mean of several (`engine.training.averaged`), and are weighed and
packed. `--set` changes a field of `InteractionRecipe`. It comes last: what reads texts or looks at
pictures must not be trained on afterwards, or it learns anew.

1. The interaction is trained; everything else stays (`engine.training.interacting`).
2. What it weighs is fitted on the validation pictures, as they are and as they would hang.
3. All is packed. The hold-outs are not looked at: `make evaluate` does that.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch

from engine.bundles import MANIFEST
from engine.model.architecture import InteractionConfig
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS
from engine.model.image_towers import EfficientNetTower
from engine.model.interaction import LateInteraction, LaterLayers
from engine.model.pictures import PictureFormat
from engine.training.changes import arguments, changed, lists, there
from engine.training.compact import LABEL, say
from engine.training.data import read_captions, read_pictures
from engine.training.interacting import (
    CLOSER,
    HUNG,
    LARGER,
    PLAIN,
    Interacting,
    InteractionRecipe,
    figures,
    weigh,
)
from engine.training.late_features import Halves, bert, keep_maps
from engine.training.late_layers import FIRST_LATE_BLOCK, network_of, package_of
from engine.training.later_data import LaterData, read_later_data
from engine.training.packing import Label, pack
from engine.training.reading import CAPTIONS, PICTURES
from engine.training.titles import Titles

INTERACTION = InteractionConfig(
    width=128,
    hidden=256,
    grid=5,
    first_block=FIRST_LATE_BLOCK,
    typical=48,
    typical_tokens=32,
    closer=388,
)


def interact(
    recipe: InteractionRecipe,
    config: InteractionConfig,
    label: Label,
    *,
    data: Path,
    bundle: Path,
    kept: Path,
    out: Path,
    titles: Titles | None = None,
    heads: Path | None = None,
) -> CEClip:
    """Train, weigh, pack; of `heads` that were trained before, only the rest.

    Raises ValueError where it is to go on from an interaction that the bundle does not have, or to
    see a larger size and there is none.
    """
    if recipe.closer and config.closer is None:
        raise ValueError("there is no larger size to train on: leave “closer” at 0")
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network, package = network_of(bundle, bundle / HEADS), package_of(bundle)
    torch.manual_seed(recipe.begin_seed)
    if recipe.anew or heads is not None:
        network.take(begin(config, package))
    elif network.interaction is None or network.interaction.config != config:
        raise ValueError(f"{bundle} has no late interaction of this kind to go on from")
    if heads is not None:
        network.load_heads(heads)
    read = read_later_data(
        network,
        package,
        data,
        bundle,
        kept,
        views=recipe.views,
        first_text_layer=len(bert(network).net.encoder.layer),
        title_pairs=recipe.title_pairs,
        seed=recipe.seed,
        titles=[] if titles is None else _drawn(titles, data, recipe),
    )
    _add_views(read, recipe if heads is None else None, config, package, data, kept)

    training = Interacting(network, read, recipe)
    if heads is None:
        say("1. training")
        training.train(say)
        out.mkdir(parents=True, exist_ok=True)
        network.save_heads(out / HEADS)  # what took long is safe, whatever comes

    say("2. weighing it against the cosines")
    training.gather_typical()
    tasks = {
        "captions": training.captions_sought(PLAIN),
        "captions, hung": training.captions_sought(HUNG),
        "poems, hung": training.poems_sought(HUNG),
    }
    for name, task in tasks.items():
        say(f"{name}: {figures(task, 0.0)} by cosines, {weigh(training.late, [task]):.4f} is best")
    weight = weigh(training.late, list(tasks.values()))
    for name, task in tasks.items():
        say(f"{name}: {figures(task, weight)} with nearness, {figures(task)} by that alone")
    say(f"nearness weighs {weight:.4f} above {training.late.level.item():.2f}")

    say("3. packing")
    recipes = dict(manifest.get("metrics", {}).get("recipe", {}))
    recipes["interaction"] = dataclasses.asdict(recipe)
    pack(network, bundle, out, label, manifest["calibration"], {"recipe": recipes})
    return network


def begin(config: InteractionConfig, package: CEClip) -> LateInteraction:
    """An interaction that has learned nothing; its layers are those of the package's tower."""
    tower, architecture = package.image_tower, package.architecture
    if not isinstance(tower, EfficientNetTower):
        raise TypeError("only a compact bundle's image tower has layers to begin with")
    late = LateInteraction(config, architecture.image, package.text_tower.width).eval()
    late.layers = LaterLayers(tower.fused(), config.first_block)
    return late


def _add_views(
    read: LaterData,
    recipe: InteractionRecipe | None,
    config: InteractionConfig,
    package: CEClip,
    data: Path,
    kept: Path,
) -> None:
    """Validation pictures as they would hang, and at the larger size; for a training that sees
    the larger size, its pictures, too."""
    captions = read_captions(data / CAPTIONS)
    trained, validation = list(captions.train), list(captions.validation)
    apart, whole = kept / "validation-maps", kept / "maps"
    read.views[HUNG] = _maps(package, data, apart, validation, HUNG)
    if config.closer is None:
        return
    for view in (PLAIN, HUNG):
        closer = _maps(package, data, apart, validation, view, config.closer)
        read.views[CLOSER.format(view)] = closer
    if recipe is not None and recipe.closer:
        for view in (PLAIN, *recipe.closer_views):
            names = [*trained, *validation] if view == PLAIN else trained
            larger = _maps(package, data, whole, names, view, config.closer)
            read.views[LARGER.format(view)] = larger


def _maps(
    package: CEClip,
    data: Path,
    folder: Path,
    names: Sequence[str],
    view: str,
    size: int | None = None,
) -> Halves:
    """Of these pictures in a view, of the tower's own size or another."""
    if not isinstance(package.image_tower, EfficientNetTower):
        raise TypeError("only a compact bundle's image tower makes maps")
    form = PictureFormat.of(package.architecture.image)
    if size is not None:
        form, folder = dataclasses.replace(form, size=size), folder / str(size)
    pictures = read_pictures(data / PICTURES)
    return keep_maps(package.image_tower.fused(), form, pictures, names, view, folder)


def _drawn(titles: Titles, data: Path, recipe: InteractionRecipe) -> list[str]:
    """Titles of artworks, and training pictures described as museums would."""
    draw = random.Random(recipe.seed)  # noqa: S311 - a draw, not a secret
    pictures = list(read_captions(data / CAPTIONS).train.values())
    described = draw.sample(pictures, min(recipe.described, len(pictures)))
    return [
        *(titles.drawn(draw).titles[0] for _ in range(recipe.drawn)),
        *(titles.described(captions, draw) for captions in described),
    ]


def main() -> None:
    """Read the arguments and train."""
    parser = arguments(
        "Give a compact bundle its late interaction.", "data", "bundle", "kept", "out", packs=True
    )
    parser.add_argument("--titles", type=lists, help="that titles of artworks are drawn from")
    parser.add_argument(
        "--heads", type=there, help="that were trained so, to be weighed and packed"
    )
    options = parser.parse_args()
    interact(
        changed(InteractionRecipe(), options.set),
        INTERACTION,
        LABEL,
        data=options.data,
        bundle=options.bundle,
        kept=options.kept,
        out=options.out,
        titles=options.titles,
        heads=options.heads,
    )


if __name__ == "__main__":
    main()
