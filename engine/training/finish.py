"""From heads that were trained on to the folder that is committed.

    python -m engine.training.finish --data DATA --bundle BUNDLE --heads HEADS --kept KEPT --out OUT
        [--set FIELD=VALUE]

DATA and BUNDLE are those of `engine.training.train_on`, HEADS is the file that came of it, KEPT is
where what was read is kept from run to run, OUT is the folder with the bundle's card. `--set
share=0` changes a field of `AskingRecipe`: then words go on asking as they do.

1. The map of words that ask is learned among all poems (`engine.training.asking`).
2. Typical queries are banked, and hubness among them is weighed (`engine.training.banking`).
3. The cross-encoder is weighed against the similarity (`engine.training.reranking`).
4. Words are weighed against the picture (`engine.training.calibration`).
5. All is packed. The hold-outs are not looked at: `make evaluate` does that.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from engine.bundles import MANIFEST, sha256_of
from engine.model.architecture import QuerybankConfig
from engine.model.ceclip import CEClip
from engine.model.encoder import Encoder, text_reader
from engine.model.pictures import PictureFormat, pixels
from engine.model.querybank import QueryKind
from engine.model.text_towers import TextReader
from engine.model.weighing import Weighing, WordsWeight
from engine.training.asking import AskingRecipe, Told, learn_to_ask
from engine.training.banking import bank_queries, seeking, typical_pictures, weigh_hubness
from engine.training.calibration import sought_poems, validation_scenes, words_calibration
from engine.training.changes import arguments, changed
from engine.training.compact import LABEL, say
from engine.training.data import PoemPair, read_captions, read_pictures, read_poems
from engine.training.late_features import VIEWS, drawn
from engine.training.late_layers import network_of
from engine.training.packing import Label, pack
from engine.training.pairs import Asked
from engine.training.reading import CAPTION_TOKENS, CAPTIONS, PICTURES, POEM_TOKENS, POEMS
from engine.training.recipes import recipes_of
from engine.training.reranking import Task, poem_task, settle
from engine.training.sets import PoemSet
from engine.training.text_features import TextStore, text_store

QUERYBANK = QuerybankConfig(queries=1024)
LINES = 0.35  # share of the nearest line, see decision 0026
SAID = 2  # captions of each training picture that words learn from


def finish(
    recipe: AskingRecipe,
    querybank: QuerybankConfig,
    label: Label,
    *,
    data: Path,
    bundle: Path,
    heads: Path,
    kept: Path,
    out: Path,
) -> None:
    """Learn to ask, bank, settle, weigh, pack."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network = network_of(bundle, heads)
    reader = text_reader(network, bundle)
    texts = kept / f"texts-{sha256_of(heads)[:16]}"

    say("1. learning to ask among all poems")
    pairs = read_poems(data / POEMS).train
    told, read = _poems(network, reader, pairs, texts)
    captions = read_captions(data / CAPTIONS)
    said = [caption for own in captions.train.values() for caption in own[:SAID]]
    spoken = text_store(network, reader, said, CAPTION_TOKENS, texts)
    each = spoken.pooled.view(-1, SAID, spoken.pooled.shape[1])
    right, same = told.poems, told.captions
    poems, place = torch.unique(right, return_inverse=True)
    if recipe.share:
        learn_to_ask(
            network, Told(read.pooled[same], read.pooled[poems], place, same), each, recipe, say
        )

    say("2. banking typical queries")
    images = typical_pictures(network, read_pictures(data / PICTURES), captions.train)
    with torch.no_grad():
        words = network.words_vector(torch.cat([each[:, 0], read.pooled[torch.unique(same)]]))
    bank_queries(network, querybank, images, words, recipe.seed)
    plain, hung = (
        _seen(network, reader, captions.validation, data, texts, view) for view in ("plain", "hung")
    )
    poem = poem_task(network, read, told, most=1500, seed=recipe.seed)
    for kind, tasks in ((QueryKind.PICTURE, (plain, hung)), (QueryKind.WORDS, (poem,))):
        weight = weigh_hubness(network, kind, [seeking(network, task) for task in tasks])
        say(f"hubness among queries of kind {kind.name.lower()} weighs {weight:.3f}")

    say("3. weighing the cross-encoder against the similarity")
    say(f"settled: {settle(network, (plain, poem))}")

    say("4. weighing words against the picture, and packing")
    scenes = validation_scenes(data, seed=recipe.seed)
    evenly = Encoder(network, reader, Weighing(WordsWeight(0.5)))
    sought = sought_poems(data, seed=recipe.seed)
    weights = words_calibration(evenly, scenes, sought, seed=recipe.seed)
    calibration = manifest["calibration"] | weights
    calibration["lines_weight"] = LINES
    recipes = dict(manifest.get("metrics", {}).get("recipe", {})) | recipes_of(heads)
    if recipe.share:
        recipes["asking"] = dataclasses.asdict(recipe)
    pack(network, bundle, out, label, calibration, {"recipe": recipes})
    say(f"packed into {out}: {calibration}")


def _poems(
    network: CEClip, reader: TextReader, pairs: Sequence[PoemPair], kept: Path
) -> tuple[PoemSet, TextStore]:
    told = sorted({text for pair in pairs for text in (pair.caption, pair.poem)})
    at = {text: row for row, text in enumerate(told)}
    captions = torch.tensor([at[pair.caption] for pair in pairs])
    poems = torch.tensor([at[pair.poem] for pair in pairs])
    return PoemSet(captions, poems), text_store(network, reader, told, POEM_TOKENS, kept)


@torch.no_grad()
def _seen(
    network: CEClip,
    reader: TextReader,
    captions: Mapping[str, Sequence[str]],
    data: Path,
    kept: Path,
    view: str,
) -> Task:
    """The validation pictures in one view of them, each seeking its first caption."""
    form = PictureFormat.of(network.architecture.image)
    names, tokens, vectors = [], [], []
    for name, picture in read_pictures(data / PICTURES):
        if name in captions:
            seen = VIEWS[view](picture, drawn(view, name))
            read, vector = network.picture(pixels([seen], form))
            names.append(name)
            tokens.append(network.image_mapping(read))
            vectors.append(vector)
    read = torch.cat(tokens)
    mask = torch.ones(read.shape[:2], dtype=torch.long)
    asked = Asked(read, mask, torch.cat(vectors), QueryKind.PICTURE)
    firsts = text_store(network, reader, [captions[n][0] for n in names], CAPTION_TOKENS, kept)
    rows = torch.arange(len(names))
    return Task(asked, firsts, rows, rows)


def main() -> None:
    """Read the arguments and finish."""
    options = arguments(
        "From heads that were trained on to a bundle.",
        "data",
        "bundle",
        "heads",
        "kept",
        "out",
        packs=True,
    ).parse_args()
    finish(
        changed(AskingRecipe(), options.set),
        QUERYBANK,
        LABEL,
        data=options.data,
        bundle=options.bundle,
        heads=options.heads,
        kept=options.kept,
        out=options.out,
    )


if __name__ == "__main__":
    main()
