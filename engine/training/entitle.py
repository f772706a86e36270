"""Teach a compact bundle's text tower what titles show, from an installed bundle to the folder.

    python -m engine.training.entitle --data DATA --bundle BUNDLE --titles TITLES --out OUT
        [--heads HEADS] [--set FIELD=VALUE]

DATA holds the files named in `engine.training.reading` and `poems-public-domain.jsonl.xz`; TITLES
is `data/titles` or lists like those; OUT is the folder with the bundle's card; HEADS, where they
are named, are what came of it before, or the mean of several (`engine.training.averaged`), and are
packed. `--set` changes a field of `TitlesRecipe`.

1. Titles and descriptions are drawn, and where they are to lie is worked out.
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
from typing import TypeVar

import torch

from engine.bundles import MANIFEST
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, text_reader
from engine.model.heads import unit
from engine.model.text_towers import cut
from engine.training.changes import arguments, changed, lists, there
from engine.training.compact import LABEL, say
from engine.training.data import read_captions, read_poems
from engine.training.entitled import (
    KEPT_TOKENS,
    Lying,
    Staying,
    TitlesLesson,
    TitlesRecipe,
    between,
    learn_titles,
    standing,
)
from engine.training.larger_reader import Ids
from engine.training.late_features import bert, early_texts, own_text_tower
from engine.training.late_layers import network_of
from engine.training.later_data import read_titled
from engine.training.packing import Label, pack
from engine.training.reading import CAPTION_TOKENS, CAPTIONS, POEMS, TITLED
from engine.training.teach import pooled_texts
from engine.training.titles import Titles, part_of, sentence

TITLE_TOKENS = 32
LONG_TOKENS = 128  # of a description, or of several captions
TITLED_POEMS = 4500  # are drawn once from all there are; their titles stay, too

T = TypeVar("T")


def entitle(
    recipe: TitlesRecipe,
    label: Label,
    *,
    data: Path,
    bundle: Path,
    titles: Titles,
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
    own_text_tower(network)

    say("3. packing")
    recipes = dict(manifest.get("metrics", {}).get("recipe", {}))
    recipes["titles"] = dataclasses.asdict(recipe)
    pack(network, bundle, out, label, manifest["calibration"], {"recipe": recipes})
    return network


def _learn(network: CEClip, bundle: Path, titles: Titles, data: Path, recipe: TitlesRecipe) -> None:
    say("1. drawing titles")
    lesson = draw_lesson(network, bundle, titles, data, recipe)

    def found() -> str:
        return f"{standing(network, lesson, pooled_texts(network, lesson.titles.ids)):.1f}"

    say(f"2. learning {len(lesson.titles.ids)} titles; {found()} % find what they show first")
    learn_titles(network, lesson, recipe, say)
    say(f"now {found()} % do")


def draw_lesson(
    network: CEClip, bundle: Path, titles: Titles, data: Path, recipe: TitlesRecipe
) -> TitlesLesson:
    """What learns and what stays; `network` reads as it does before learning."""
    reader, draw = text_reader(network, bundle), random.Random(recipe.seed)  # noqa: S311 - a draw
    tower = bert(network)

    def ids(texts: Sequence[str], limit: int) -> Ids:
        return [cut(row, limit) for row in reader.ids(texts)]

    def read(texts: Sequence[str], limit: int) -> tuple[torch.Tensor, torch.Tensor]:
        pooled = pooled_texts(network, ids(texts, limit))
        with torch.inference_mode():
            return network.passage_vector(pooled), network.words_vector(pooled)

    def lying(
        texts: Sequence[str], limit: int, seen: Sequence[torch.Tensor], share: float
    ) -> Lying:
        passages, words = (
            between(lay, one, share).clone()
            for lay, one in zip(read(texts, limit), seen, strict=True)
        )
        return Lying(ids(texts, limit), passages, words)

    def staying(texts: Sequence[str], limit: int) -> Staying:
        kept = ids(texts, limit)
        return Staying(kept, early_texts(tower, kept, len(tower.net.encoder.layer)))

    shown = [titles.drawn(draw) for _ in range(recipe.drawn)]
    sights = {sight: at for at, sight in enumerate(titles.sights)}
    own = torch.zeros(len(shown), len(sights))
    for row, one in enumerate(shown):
        own[row, [sights[sight] for sight in one.sights]] = 1.0
    seen = read(list(sights), CAPTION_TOKENS)

    pictures = list(read_captions(data / CAPTIONS).train.values())
    said = [caption for each in pictures for caption in each]
    whole = _drawn(said, recipe.parts, draw)
    parts = [part_of(caption, draw) for caption in whole]
    described = _drawn(pictures, recipe.described, draw)
    descriptions = [titles.described(each, draw) for each in described]
    told = read([caption for each in described for caption in each], CAPTION_TOKENS)
    whose = [len(each) for each in described]
    of_described = [
        unit(torch.stack([captions.sum(dim=0) for captions in torch.split(each, whose)]))
        for each in told
    ]

    pairs = read_poems(data / POEMS).train
    titled = read_titled(data / TITLED, TITLED_POEMS, recipe.seed)
    stay = {*said, *(pair.caption for pair in pairs), *(title for title, _ in titled)}
    poems = {*(pair.poem for pair in pairs), *(poem for _, poem in titled)}
    long = [" ".join(map(sentence, each)) for each in _drawn(pictures, recipe.kept_long, draw)]
    return TitlesLesson(
        titles=lying(
            [one.titles[0] for one in shown],
            TITLE_TOKENS,
            [unit(own @ each) for each in seen],
            recipe.share,
        ),
        own=own,
        sights=seen[0].clone(),
        parts=lying(parts, TITLE_TOKENS, read(whole, CAPTION_TOKENS), recipe.share),
        described=lying(descriptions, LONG_TOKENS, of_described, recipe.described_share),
        kept=staying(_drawn(sorted(stay), recipe.kept, draw), KEPT_TOKENS),
        poems=staying(_drawn(sorted(poems), recipe.kept_poems, draw), KEPT_TOKENS),
        long=staying(long, LONG_TOKENS),
    )


def _drawn(these: Sequence[T], count: int, draw: random.Random) -> list[T]:
    return draw.sample(these, min(count, len(these)))


def main() -> None:
    """Read the arguments and teach."""
    parser = arguments(
        "Teach a compact bundle what titles show.", "data", "bundle", "out", packs=True
    )
    parser.add_argument("--titles", type=lists, required=True, help="a folder of lists")
    parser.add_argument("--heads", type=there, help="that learned so, to be packed")
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
