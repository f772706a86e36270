"""Teach a compact bundle's text tower what titles show, from an installed bundle to the folder.

    python -m engine.training.entitle --data DATA --bundle BUNDLE --titles TITLES --out OUT
        [--heads HEADS] [--set FIELD=VALUE]

DATA holds the files named in `engine.training.reading` and `poems-public-domain.jsonl.xz`; TITLES
is `data/titles` or lists like those; OUT is the folder with the bundle's card; HEADS, where they
are named, are what came of it before, or the mean of several (`engine.training.averaged`), and are
packed. `--set` changes a field of `TitlesRecipe`.

1. Titles are drawn, and where they are to lie is worked out.
2. The text tower learns them (`engine.training.entitled`). Pictures, maps, cross-encoder and late
   interaction stay as they are, and so do captions and poems, nearly; nothing has to be weighed
   anew.
3. All is packed. The hold-outs are not looked at: `make evaluate` does that.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch

from engine.bundles import MANIFEST
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, text_reader
from engine.model.heads import unit
from engine.model.text_towers import cut
from engine.training.changes import arguments, changed
from engine.training.compact import LABEL, say
from engine.training.data import read_captions, read_poems
from engine.training.entitled import (
    KEPT_TOKENS,
    TitlesLesson,
    TitlesRecipe,
    between,
    learn_titles,
    standing,
)
from engine.training.larger_reader import Ids
from engine.training.late_features import bert, early_texts
from engine.training.late_layers import network_of, text_layers
from engine.training.later_data import TITLED, read_titled
from engine.training.packing import Label, pack
from engine.training.reading import CAPTION_TOKENS, CAPTIONS, POEMS
from engine.training.teach import pooled_texts
from engine.training.titles import Titles, part_of, read_titles

TITLE_TOKENS = 32
TITLED_POEMS = 4500  # are drawn once from all there are; their titles stay, too


def entitle(
    recipe: TitlesRecipe,
    label: Label,
    *,
    data: Path,
    bundle: Path,
    titles: Path,
    out: Path,
    heads: Path | None = None,
) -> CEClip:
    """Draw, learn, pack; `heads` that learned before are only packed."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network = network_of(bundle, bundle / HEADS)
    learned = network if heads is None else network_of(bundle, heads)
    # A copy, because it learns in place, and what was loaded lies in the mapped file.
    network.text_tower = copy.deepcopy(learned.text_tower)
    if heads is None:
        _learn(network, bundle, titles, data, recipe)
    layers = text_layers(0, len(bert(network).net.encoder.layer))
    network.architecture = dataclasses.replace(
        network.architecture, text=dataclasses.replace(network.architecture.text, ours=layers)
    )

    say("3. packing")
    recipes = dict(manifest.get("metrics", {}).get("recipe", {}))
    recipes["titles"] = dataclasses.asdict(recipe)
    pack(network, bundle, out, label, manifest["calibration"], {"recipe": recipes})
    return network


def _learn(network: CEClip, bundle: Path, titles: Path, data: Path, recipe: TitlesRecipe) -> None:
    say("1. drawing titles")
    lesson = draw_lesson(network, bundle, read_titles(titles), data, recipe)

    def found() -> str:
        return f"{standing(network, lesson, pooled_texts(network, lesson.titles)):.1f}"

    say(f"2. learning {len(lesson.titles)} titles; {found()} % find what they show first")
    learn_titles(network, lesson, recipe, say)
    say(f"now {found()} % do")


def draw_lesson(
    network: CEClip, bundle: Path, titles: Titles, data: Path, recipe: TitlesRecipe
) -> TitlesLesson:
    """Titles, parts of captions, and what stays; `network` reads as it does before learning."""
    reader, draw = text_reader(network, bundle), random.Random(recipe.seed)  # noqa: S311 - a draw
    tower = bert(network)

    def ids(texts: Sequence[str], limit: int) -> Ids:
        return [cut(row, limit) for row in reader.ids(texts)]

    def read(texts: Sequence[str], limit: int) -> tuple[torch.Tensor, torch.Tensor]:
        pooled = pooled_texts(network, ids(texts, limit))
        with torch.inference_mode():
            return network.passage_vector(pooled), network.words_vector(pooled)

    shown = [titles.drawn(draw) for _ in range(recipe.drawn)]
    sights = {sight: at for at, sight in enumerate(titles.sights)}
    own = torch.zeros(len(shown), len(sights))
    for row, one in enumerate(shown):
        own[row, [sights[sight] for sight in one.sights]] = 1.0
    said = [caption for each in read_captions(data / CAPTIONS).train.values() for caption in each]
    whole = _drawn(said, recipe.parts, draw)
    parts = [part_of(caption, draw) for caption in whole]
    title_texts = [one.titles[0] for one in shown]
    seen = read(list(sights), CAPTION_TOKENS)
    lie = [
        between(lay, unit(own @ sight), recipe.share).clone()
        for lay, sight in zip(read(title_texts, TITLE_TOKENS), seen, strict=True)
    ]
    part_lie = [
        between(lay, caption, recipe.share).clone()
        for lay, caption in zip(read(parts, TITLE_TOKENS), read(whole, CAPTION_TOKENS), strict=True)
    ]
    pairs = read_poems(data / POEMS).train
    titled = read_titled(data / TITLED, TITLED_POEMS, recipe.seed)
    stay = {*said, *(pair.caption for pair in pairs), *(title for title, _ in titled)}
    poems = {*(pair.poem for pair in pairs), *(poem for _, poem in titled)}
    kept = ids(_drawn(sorted(stay), recipe.kept, draw), KEPT_TOKENS)
    kept_poems = ids(_drawn(sorted(poems), recipe.kept_poems, draw), KEPT_TOKENS)
    layers = len(tower.net.encoder.layer)
    return TitlesLesson(
        titles=ids(title_texts, TITLE_TOKENS),
        passages=lie[0],
        words=lie[1],
        own=own,
        sights=seen[0].clone(),
        parts=ids(parts, TITLE_TOKENS),
        part_passages=part_lie[0],
        part_words=part_lie[1],
        kept=kept,
        kept_tokens=early_texts(tower, kept, layers),
        poems=kept_poems,
        poem_tokens=early_texts(tower, kept_poems, layers),
    )


def _drawn(texts: Sequence[str], count: int, draw: random.Random) -> list[str]:
    return draw.sample(texts, min(count, len(texts)))


def main() -> None:
    """Read the arguments and teach."""
    parser = arguments(
        "Teach a compact bundle what titles show.", "data", "bundle", "titles", "out"
    )
    parser.add_argument("--heads", type=Path, help="that learned so, to be packed")
    options = parser.parse_args()
    entitle(
        changed(TitlesRecipe(), options.set),
        LABEL,
        data=options.data,
        bundle=options.bundle,
        titles=options.titles,
        out=options.out,
        heads=options.heads,
    )


if __name__ == "__main__":
    main()
