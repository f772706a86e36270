"""Teach the compact bundle's text tower, from an installed bundle to heads.

    python -m engine.training.teach --data DATA --bundle BUNDLE --larger LARGER --kept KEPT
        --out OUT [--heads HEADS] [--looking] [--set FIELD=VALUE]

DATA holds the files named in `engine.training.reading` and `poems-public-domain.jsonl.xz`, whose
titles are read; BUNDLE is an installed compact bundle, HEADS what a training made of it; LARGER
holds `all-mpnet-base-v2` as `transformers` saves it; KEPT is where the larger reader and what it
finds are kept from run to run; OUT takes the heads. `--looking` teaches without the poems that the
larger reader has not learned either, and says after each epoch how well they are found. `--set`
changes a field of `TaughtRecipe`.

1. The larger reader learns the pairs (`engine.training.larger_reader`).
2. It reads all pairs, the captions of photographs, and titles.
3. The text tower, beginning from its package's layers, is taught (`engine.training.taught`).
"""

from __future__ import annotations

import copy
import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, text_reader
from engine.model.text_towers import cut
from engine.training.changes import arguments, changed, there
from engine.training.compact import say
from engine.training.data import PoemPair, read_captions, read_poems
from engine.training.larger_reader import (
    Ids,
    LargerReader,
    LargerRecipe,
    learn_pairs,
    pooled_by_length,
)
from engine.training.late_features import own_text_tower
from engine.training.late_layers import network_of, package_of
from engine.training.later_data import read_titled
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.training.reading import CAPTION_TOKENS, CAPTIONS, POEM_TOKENS, POEMS, TITLED
from engine.training.recipes import recipes_of, tell_recipes
from engine.training.taught import Lesson, TaughtRecipe, be_taught, fit_map

LEARNED = "larger.safetensors"
APART_SEED = 5
SAID = 2  # captions of each photograph are read
TITLES = 4500  # are drawn once from all there are


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read, by both."""

    pairs: Sequence[PoemPair]
    apart: frozenset[str]  # poems that the larger reader does not learn
    said: Sequence[str]  # captions of photographs, then titles
    seen: Sequence[Sequence[int]]  # rows of `said` for each photograph

    @property
    def same(self) -> Tensor:
        """[pairs, 2], the same numbers for the same caption and the same poem."""
        each = zip(*((pair.caption, pair.poem) for pair in self.pairs), strict=True)
        numbers = []
        for texts in each:
            at = {text: number for number, text in enumerate(dict.fromkeys(texts))}
            numbers.append([at[text] for text in texts])
        return torch.tensor(numbers).T


def read_texts(data: Path, larger: LargerRecipe) -> Texts:
    """From the data folder."""
    pairs = read_poems(data / POEMS).train
    poems = sorted({pair.poem for pair in pairs})
    random.Random(APART_SEED).shuffle(poems)  # noqa: S311 - a draw, not a secret
    said: list[str] = []
    seen = []
    for captions in read_captions(data / CAPTIONS).train.values():
        seen.append(range(len(said), len(said) + len(captions[:SAID])))
        said += captions[:SAID]
    said += [title for title, _ in read_titled(data / TITLED, TITLES, larger.seed)]
    return Texts(pairs, frozenset(poems[: len(poems) // larger.apart]), said, seen)


def read_larger(texts: Texts, recipe: LargerRecipe, folder: Path, kept: Path) -> dict[str, Tensor]:
    """What a larger reader finds of the pairs' captions and poems and of what is said: vectors.

    Learned once: `kept` has its weights, and what it found, from then on.
    """
    kept.mkdir(parents=True, exist_ok=True)
    found = kept / "larger.npz"
    if not found.exists():
        larger = LargerReader(folder)
        ids = {
            "asking": larger.ids([pair.caption for pair in texts.pairs], CAPTION_TOKENS),
            "answering": larger.ids([pair.poem for pair in texts.pairs], POEM_TOKENS),
            "said": larger.ids(texts.said, CAPTION_TOKENS),
        }
        if (kept / LEARNED).exists():
            weights = load_file(kept / LEARNED)
            larger.load_state_dict({name: value.float() for name, value in weights.items()})
        else:
            rows = [at for at, pair in enumerate(texts.pairs) if pair.poem not in texts.apart]
            pairs = texts.same[rows]
            asking, answering = ([ids[key][row] for row in rows] for key in ("asking", "answering"))
            learn_pairs(larger, asking, answering, pairs, recipe, say)
            state = larger.state_dict()
            save_file({name: value.half() for name, value in state.items()}, kept / LEARNED)
        vectors = {key: larger.vectors(rows).half().numpy() for key, rows in ids.items()}
        part = found.with_suffix(".part.npz")
        np.savez(part, allow_pickle=False, **vectors)
        part.rename(found)
    with np.load(found, allow_pickle=False) as read:
        return {key: torch.from_numpy(read[key]).float() for key in read.files}


def teach(
    recipe: TaughtRecipe,
    larger: LargerRecipe,
    *,
    data: Path,
    bundle: Path,
    folder: Path,
    kept: Path,
    out: Path,
    heads: Path | None = None,
    looking: bool = False,
) -> CEClip:
    """All of it; the heads go to OUT. The pictures' side and what ranks stay as they are."""
    say("1. and 2. the larger reader")
    texts = read_texts(data, larger)
    taught = read_larger(texts, larger, folder, kept)

    say("3. teaching the text tower")
    heads = heads or bundle / HEADS
    before, network = network_of(bundle, heads), network_of(bundle, heads)
    # A copy, because it learns in place, and what was loaded lies in the mapped file.
    network.text_tower = copy.deepcopy(package_of(bundle).text_tower)
    reader = text_reader(network, bundle)

    def ids(read: Sequence[str], limit: int) -> Ids:
        return [cut(row, limit) for row in reader.ids(read)]

    said = ids(texts.said, CAPTION_TOKENS)
    pooled = pooled_texts(network, said)
    with torch.inference_mode():
        passages = before.passage_vector(pooled_texts(before, said))
    for linear in (network.text_projection, network.words_projection):
        fit_map(linear, pooled, passages)
    rows = [at for at, p in enumerate(texts.pairs) if not (looking and p.poem in texts.apart)]
    chosen = [texts.pairs[row] for row in rows]
    lesson = Lesson(
        asking=ids([pair.caption for pair in chosen], CAPTION_TOKENS),
        answering=ids([pair.poem for pair in chosen], POEM_TOKENS),
        same=texts.same[rows],
        asking_taught=taught["asking"][rows],
        answering_taught=taught["answering"][rows],
        seen=texts.seen,
        said=said,
        said_taught=taught["said"],
        kept=passages.clone(),
    )
    look = looked_at(network, texts, ids) if looking else None
    be_taught(network, lesson, recipe, say, look or (lambda: None))
    network.take(None)  # what it learned on other words would mislead: it learns last, and anew
    own_text_tower(network)
    out.mkdir(parents=True, exist_ok=True)
    network.save_heads(out / HEADS)
    learned = {"larger": dataclasses.asdict(larger), "taught": dataclasses.asdict(recipe)}
    tell_recipes(out, recipes_of(heads), learned)
    return network


@torch.inference_mode()
def pooled_texts(network: CEClip, ids: Ids) -> Tensor:
    """The text tower's pooled features [n, E] of many texts."""
    parts = [
        pooled_by_length(lambda table, mask: network.text(table, mask).pooled, ids[at : at + 1024])
        for at in range(0, len(ids), 1024)
    ]
    return torch.cat(parts)


def looked_at(
    network: CEClip, texts: Texts, ids: Callable[[Sequence[str], int], Ids]
) -> Callable[[], None]:
    """Something to call: it says how captions find the poems that were set apart."""
    pairs = [pair for pair in texts.pairs if pair.poem in texts.apart]
    poems = sorted(texts.apart)
    at = {poem: row for row, poem in enumerate(poems)}
    right = np.array([at[pair.poem] for pair in pairs])
    asking = ids([pair.caption for pair in pairs], CAPTION_TOKENS)
    answering = ids(poems, POEM_TOKENS)

    def look() -> None:
        with torch.inference_mode():
            words = network.words_vector(pooled_texts(network, asking))
            passages = network.passage_vector(pooled_texts(network, answering))
            ranks = ranks_from_scores((words @ passages.T).numpy(), right)
        found = retrieval_metrics(ranks, (1, 5, 20))
        say(f"set apart: { {key: round(value, 1) for key, value in found.items()} }")

    return look


def main() -> None:
    """Read the arguments and teach."""
    parser = arguments(
        "Teach the compact bundle's text tower.", "data", "bundle", "larger", "kept", "out"
    )
    parser.add_argument("--heads", type=there, help="of a training, in place of the bundle's")
    parser.add_argument("--looking", action="store_true", help="leave out what is looked at")
    options = parser.parse_args()
    teach(
        changed(TaughtRecipe(), options.set),
        LargerRecipe(),
        data=options.data,
        bundle=options.bundle,
        folder=options.larger,
        kept=options.kept,
        out=options.out,
        heads=options.heads,
        looking=options.looking,
    )


if __name__ == "__main__":
    main()
