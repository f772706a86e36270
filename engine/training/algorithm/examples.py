"""What a training sees: pairs as rows, on their sides of the split, and what is wrong on purpose.

Everything drawn here follows from the recipe's seed and the epoch alone, never from what was
drawn before, so a training that is taken up in the middle sees what it would have seen.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from engine.data.pairs import (
    CAPTIONS,
    PAIRS,
    PoemPair,
    read_captions,
    read_pairs,
    read_split,
    sides,
    write_split,
)
from engine.data.splitting import draw_split, normal
from engine.errors import InputError
from engine.training.algorithm.recipe import DataRecipe, Recipe


@dataclass(frozen=True, slots=True)
class Examples:
    """Pairs of a picture (or its caption) and a poem, by row."""

    images: Sequence[Path]  # distinct pictures
    texts: Sequence[str]  # distinct poems
    captions: Sequence[str]  # distinct captions; empty where pictures ask
    image_of: Sequence[int]  # [n]; a row of `captions` where captions ask
    text_of: Sequence[int]  # [n]
    train: Sequence[int]  # pair rows
    validation: Sequence[int]
    test: int  # how many pairs are held out
    vanished: int  # how many pairs were left out because their picture, or caption, is not there
    digest: str  # of all of it


@dataclass(frozen=True, slots=True)
class Step:
    """The pairs of one step of the optimiser, [B], and the texts that each is read with."""

    pairs: Sequence[int]  # pair rows
    texts: Sequence[Sequence[int]]  # for each pair, the right text's row and then the wrong ones'


def read_examples(folder: Path, recipe: Recipe) -> Examples:
    """The pairs in `folder`; its split is followed, or drawn by seed and written down there.

    Raises `InputError` where nothing is left to learn from.
    """
    everything = read_pairs(folder)
    split = read_split(folder)
    if split is None:
        split = draw_split(everything, recipe.seed, recipe.data.hold_out)
        write_split(folder, split)
    train, test = sides(everything, split)
    asks = captions_to_learn_from(folder) if recipe.data.asks == "caption" else {}
    usable = [one for one in train if _can_ask(one, asks, recipe.data)]
    if recipe.data.share < 1.0:
        usable = _share(usable, recipe.data.share, recipe.seed)
    inner = draw_split(usable, recipe.seed + 1, recipe.data.validation)
    validation = set(inner.test)
    if len(usable) - len(validation) < 2 or (recipe.data.validation and len(validation) < 2):
        raise InputError(
            f"{folder} leaves {len(usable) - len(validation)} pairs to learn from and "
            f"{len(validation)} to choose by ({len(train) - len(usable)} have no "
            f"{recipe.data.asks}); both need two and more."
        )
    asked = [asks[one.id] if asks else one.image for one in usable]
    askers = list(dict.fromkeys(asked))
    texts = list(dict.fromkeys(one.text for one in usable))
    image_at = {asker: row for row, asker in enumerate(askers)}
    text_at = {text: row for row, text in enumerate(texts)}
    rows = [(one.id, str(asker), one.text) for one, asker in zip(usable, asked, strict=True)]
    told = json.dumps([*rows, sorted(validation)], ensure_ascii=False)
    return Examples(
        images=[] if asks else [one for one in askers if isinstance(one, Path)],
        texts=texts,
        captions=[one for one in askers if isinstance(one, str)],
        image_of=[image_at[asker] for asker in asked],
        text_of=[text_at[one.text] for one in usable],
        train=[row for row, one in enumerate(usable) if one.id not in validation],
        validation=[row for row, one in enumerate(usable) if one.id in validation],
        test=len(test),
        vanished=len(train) - len(usable) if recipe.data.share == 1.0 else 0,
        digest=hashlib.sha256(told.encode()).hexdigest(),
    )


def _can_ask(pair: PoemPair, captions: dict[str, str], data: DataRecipe) -> bool:
    return pair.id in captions if data.asks == "caption" else pair.image.is_file()


def captions_to_learn_from(folder: Path) -> dict[str, str]:
    """Captions by the pair's id. Raises `InputError` where there are none."""
    found = read_captions(folder)
    if not found:
        raise InputError(
            f"{folder / PAIRS} has no captions; a stand-in needs the key {CAPTIONS[0]!r}."
        )
    return found


def _share(pairs: list[PoemPair], share: float, seed: int) -> list[PoemPair]:
    kept = random.Random(seed).sample(range(len(pairs)), round(len(pairs) * share))  # noqa: S311
    return [pairs[at] for at in sorted(kept)]


def draw_steps(examples: Examples, recipe: Recipe, stage: str, epoch: int) -> list[Step]:
    """All steps of one epoch: pairs in random order, each with its right and wrong texts."""
    order = list(examples.train)
    random.Random(f"{recipe.seed}/{stage}/{epoch}").shuffle(order)  # noqa: S311
    lot = f"{recipe.seed}/{stage}/{epoch}" if recipe.data.redraw else str(recipe.seed)
    read = read_with(examples, order, recipe.data.negatives, lot)
    cuts = range(0, len(order), recipe.batch)
    # A last batch of one pair has nothing to rank it against.
    return [
        Step(order[at : at + recipe.batch], read[at : at + recipe.batch])
        for at in cuts
        if len(order) - at > 1
    ]


def read_with(
    examples: Examples, pairs: Sequence[int], wrong: int, lot: str
) -> list[tuple[int, ...]]:
    """For each pair its own text and `wrong` texts that belong to other pictures."""
    own: dict[int, set[int]] = {}
    for image, text in zip(examples.image_of, examples.text_of, strict=True):
        own.setdefault(image, set()).add(text)
    among = _side_of(examples, pairs)
    letters = [normal(examples.texts[text]) for text in among]
    drawn = []
    for pair in pairs:
        right = examples.text_of[pair]
        not_these = own[examples.image_of[pair]]
        draw = random.Random(f"{lot}/{pair}")  # noqa: S311 - a draw, not a secret
        spelled = normal(examples.texts[right])
        # A sample with room for those that turn out to be right after all.
        several = draw.sample(range(len(among)), min(len(among), wrong + len(not_these) + 2))
        found = [
            among[at] for at in several if among[at] not in not_these and letters[at] != spelled
        ]
        if not found:
            raise InputError("There is one poem only; a training needs others to tell it from.")
        # A set smaller than what is asked for gives the same ones again.
        drawn.append((right, *(found[at % len(found)] for at in range(wrong))))
    return drawn


def _side_of(examples: Examples, pairs: Sequence[int]) -> list[int]:
    return sorted({examples.text_of[pair] for pair in pairs})


def seed_of(*what: object) -> int:
    """A seed of 63 bits for torch, from anything that can be written down."""
    return int.from_bytes(hashlib.sha256(repr(what).encode()).digest()[:8], "big") >> 1


def set_dice(*what: object) -> None:
    """Let what torch draws from here on follow from `what` alone."""
    torch.manual_seed(seed_of(*what))
