"""How the text tower learns what titles of artworks show (`engine.training.titles`).

A step holds titles, parts of captions and descriptions, and texts that are to stay where they are:

1. a title comes to lie between where it lay and what is to be seen under it, as a passage and as
   words that ask; a part of a caption, between where it lay and its caption; and a description
   with a museum's remarks, between where it lay and what its picture's captions say;
2. of everything that titles show, a title finds its own;
3. captions, several of one picture as one text, poems and the titles of poems keep their tokens
   and their vectors, so that pictures, the cross-encoder and the late interaction, which know
   them, need not learn anew.

The table of words and both maps stay as they are. Nothing is left out at random, or the third part
would be noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.model.passages import by_length
from engine.model.text_towers import mean_of_tokens, padded
from engine.training.alignment import Say, warm_cosine
from engine.training.larger_reader import Ids
from engine.training.late_features import EarlyTexts, bert
from engine.training.moving import MovingAverage

REPORT = 50  # steps from one line of progress to the next
KEPT_TOKENS = 64  # of a caption or poem that stays; the cross-encoder reads no more
BATCH = 96  # texts of like length that are read together


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesRecipe:
    """How titles are learned."""

    steps: int = 300
    drawn: int = 8000  # titles are drawn once
    parts: int = 4000  # parts of captions, likewise
    described: int = 3000  # descriptions
    titles_read: int = 96  # in a step
    parts_read: int = 48
    described_read: int = 24
    kept: int = 8000  # captions and titles that stay, drawn once
    kept_poems: int = 2000
    kept_long: int = 2000  # several captions of one picture
    kept_read: int = 96  # in a step
    kept_poems_read: int = 12
    kept_long_read: int = 12
    share: float = 0.5  # of what is to be seen in where a title comes to lie; 0: where it lay
    described_share: float = 0.5  # of captions in where a description comes to lie
    find: float = 0.25  # of 2 beside 1
    scale: float = 20.0  # of its cosines
    keep: float = 5.0  # of 3, for each kind of what stays
    rate: float = 2e-4  # AdamW's, at its height
    weight_decay: float = 0.01
    warm_up: int = 10  # steps; a cosine back to 0 follows
    average: float = 0.98  # of the weights, a step
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Lying:
    """Texts that learn, as the tower's ids, and where they are to lie: unit vectors [n, joint]."""

    ids: Ids
    passages: Tensor
    words: Tensor


@dataclass(frozen=True, slots=True)
class Staying:
    """Texts that stay, as the tower's ids, and their tokens as it has read them."""

    ids: Ids
    tokens: EarlyTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesLesson:
    """What is read, and what is to come of it."""

    titles: Lying
    own: Tensor  # [titles, sights], 1 where a sight is one of a title's
    sights: Tensor  # [sights, joint], as passages
    parts: Lying  # of captions
    described: Lying
    kept: Staying  # captions and titles
    poems: Staying
    long: Staying  # several captions of one picture


def between(lay: Tensor, seen: Tensor, share: float) -> Tensor:
    """Where a text comes to lie: unit vectors, that far on the way from one to the other."""
    return unit((1 - share) * lay + share * seen)


def learn_titles(
    network: CEClip, lesson: TitlesLesson, recipe: TitlesRecipe, say: Say = print
) -> None:
    """Train the text tower's layers in place; afterwards they are the moving average."""
    draw = torch.Generator().manual_seed(recipe.seed)
    network.eval()
    network.requires_grad_(False)
    layers = list(bert(network).net.encoder.requires_grad_(True).parameters())
    optimiser = torch.optim.AdamW(layers, lr=recipe.rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: warm_cosine(step, recipe.warm_up, recipe.steps)
    )
    average = MovingAverage(layers, recipe.average)
    weights = torch.tensor([1.0, recipe.find, *3 * [recipe.keep]])
    losses: list[list[float]] = []
    for step in range(recipe.steps):
        parts = torch.stack(_losses(network, lesson, recipe, draw))
        optimiser.zero_grad()
        (weights * parts).sum().backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(layers, 1.0)
        optimiser.step()
        schedule.step()
        average.add(step)
        losses.append(parts.tolist())
        if (step + 1) % REPORT == 0 or step + 1 == recipe.steps:
            found = ", ".join(f"{value:.4f}" for value in np.mean(losses, axis=0))
            say(f"step {step + 1} lying, finding; captions, poems, long ones moved: {found}")
            losses.clear()
    average.settle()
    network.requires_grad_(False)


def _losses(
    network: CEClip, lesson: TitlesLesson, recipe: TitlesRecipe, draw: torch.Generator
) -> list[Tensor]:
    titles = _some(lesson.titles.ids, recipe.titles_read, draw)
    parts = _some(lesson.parts.ids, recipe.parts_read, draw)
    described = _some(lesson.described.ids, recipe.described_read, draw)
    passages, short = _lying(network, [(lesson.titles, titles), (lesson.parts, parts)])
    _, long = _lying(network, [(lesson.described, described)])
    own = functional.normalize(lesson.own[titles], p=1, dim=1)
    logits = recipe.scale * passages[: len(titles)] @ lesson.sights.T
    finding = -(own * functional.log_softmax(logits, dim=1)).sum(1).mean()
    stays = [
        (lesson.kept, recipe.kept_read),
        (lesson.poems, recipe.kept_poems_read),
        (lesson.long, recipe.kept_long_read),
    ]
    count = len(titles) + len(parts) + len(described)
    lying = (short * (len(titles) + len(parts)) + long * len(described)) / count
    moved = [_moved(network, stay, _some(stay.ids, read, draw)) for stay, read in stays]
    return [lying, finding, *moved]


def _lying(
    network: CEClip, learning: Sequence[tuple[Lying, Sequence[int]]]
) -> tuple[Tensor, Tensor]:
    """These rows' vectors as passages, and how far all are from where they are to lie."""
    read = network.text(*padded([texts.ids[row] for texts, rows in learning for row in rows]))
    passages, words = network.passage_vector(read.pooled), network.words_vector(read.pooled)
    as_passages = torch.cat([texts.passages[rows] for texts, rows in learning])
    as_words = torch.cat([texts.words[rows] for texts, rows in learning])
    return passages, _apart(passages, as_passages) + _apart(words, as_words)


def _moved(network: CEClip, texts: Staying, rows: Sequence[int]) -> Tensor:
    """How far these texts have moved from what is kept of them: their tokens, and as a whole."""
    parts = []
    for places, ids in by_length([texts.ids[row] for row in rows], BATCH):
        read = network.text(*padded(ids))
        before, mask = texts.tokens.batch([rows[place] for place in places], len(ids[-1]))
        read_tokens, kept_tokens = read.tokens[mask.bool()], before[mask.bool()]
        each = 1 - functional.cosine_similarity(read_tokens, kept_tokens, dim=-1).mean()
        lay = mean_of_tokens(before, mask)
        whole = _apart(network.passage_vector(read.pooled), network.passage_vector(lay))
        asking = _apart(network.words_vector(read.pooled), network.words_vector(lay))
        parts.append((each + whole + asking) * len(ids) / len(rows))
    return torch.stack(parts).sum()


def _apart(one: Tensor, other: Tensor) -> Tensor:
    return (1 - (one * other).sum(-1)).mean()


def _some(texts: Ids, wanted: int, draw: torch.Generator) -> list[int]:
    return torch.randperm(len(texts), generator=draw)[:wanted].tolist()


def standing(network: CEClip, lesson: TitlesLesson, pooled: Tensor) -> float:
    """The share of the titles, in percent, that find one of their sights first of all.

    `pooled` [titles, E] is what the text tower says of them.
    """
    with torch.inference_mode():
        found = (network.passage_vector(pooled) @ lesson.sights.T).argmax(dim=1)
    return 100 * lesson.own.gather(1, found[:, None]).mean().item()
