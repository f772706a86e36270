"""How the text tower learns what titles of artworks show (`engine.training.titles`).

A step holds titles and parts of captions, and texts that are to stay where they are:

1. a title comes to lie between where it lay and what is to be seen under it, as a passage and as
   words that ask; a part of a caption, between where it lay and its caption;
2. of everything that titles show, a title finds its own;
3. captions, poems and the titles of poems keep their tokens and their vectors, so that pictures,
   the cross-encoder and the late interaction, which know them, need not learn anew.

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
KEPT_TOKENS = 64  # of a text that stays; the cross-encoder reads no more
BATCH = 96  # texts of like length that are read together


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesRecipe:
    """How titles are learned."""

    steps: int = 300
    drawn: int = 8000  # titles are drawn once
    parts: int = 4000  # parts of captions, likewise
    titles_read: int = 96  # in a step
    parts_read: int = 48
    kept: int = 8000  # captions and titles that stay, drawn once
    kept_poems: int = 2000
    kept_read: int = 96  # in a step
    kept_poems_read: int = 12
    share: float = 0.5  # of what is to be seen in where a title comes to lie
    find: float = 0.25  # of 2 beside 1
    scale: float = 20.0  # of its cosines
    keep: float = 5.0  # of 3, for captions and titles, and for poems
    rate: float = 2e-4  # AdamW's, at its height
    weight_decay: float = 0.01
    warm_up: int = 10  # steps; a cosine back to 0 follows
    average: float = 0.98  # of the weights, a step
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesLesson:
    """What is read, as the tower's ids, and where it is to lie: unit vectors."""

    titles: Ids
    passages: Tensor  # [titles, joint]
    words: Tensor  # [titles, joint]
    own: Tensor  # [titles, sights], 1 where a sight is one of a title's
    sights: Tensor  # [sights, joint], as passages
    parts: Ids  # of captions
    part_passages: Tensor
    part_words: Tensor
    kept: Ids  # captions and titles
    kept_tokens: EarlyTexts  # as the tower reads them
    poems: Ids
    poem_tokens: EarlyTexts


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
    weights = torch.tensor([1.0, recipe.find, recipe.keep, recipe.keep])
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
            say(f"titles: step {step + 1} lying, finding, captions and poems moved: {found}")
            losses.clear()
    average.settle()
    network.requires_grad_(False)


def _losses(
    network: CEClip, lesson: TitlesLesson, recipe: TitlesRecipe, draw: torch.Generator
) -> list[Tensor]:
    titles = _some(len(lesson.titles), recipe.titles_read, draw)
    parts = _some(len(lesson.parts), recipe.parts_read, draw)
    read = network.text(
        *padded([*(lesson.titles[at] for at in titles), *(lesson.parts[at] for at in parts)])
    )
    passages, words = network.passage_vector(read.pooled), network.words_vector(read.pooled)
    lying = _apart(passages, torch.cat([lesson.passages[titles], lesson.part_passages[parts]]))
    asking = _apart(words, torch.cat([lesson.words[titles], lesson.part_words[parts]]))
    own = functional.normalize(lesson.own[titles], p=1, dim=1)
    logits = recipe.scale * passages[: len(titles)] @ lesson.sights.T
    finding = -(own * functional.log_softmax(logits, dim=1)).sum(1).mean()
    stays = [
        (lesson.kept, lesson.kept_tokens, _some(len(lesson.kept), recipe.kept_read, draw)),
        (lesson.poems, lesson.poem_tokens, _some(len(lesson.poems), recipe.kept_poems_read, draw)),
    ]
    moved = [_moved(network, *stay) for stay in stays]
    return [lying + asking, finding, *moved]


def _moved(network: CEClip, ids: Ids, tokens: EarlyTexts, rows: Sequence[int]) -> Tensor:
    """How far these texts have moved from what is kept of them: their tokens, and as a whole."""
    parts = []
    for places, some in by_length([ids[row] for row in rows], BATCH):
        read = network.text(*padded(some))
        before, mask = tokens.batch([rows[place] for place in places], KEPT_TOKENS)
        read_tokens, kept_tokens = read.tokens[mask.bool()], before[mask.bool()]
        each = 1 - functional.cosine_similarity(read_tokens, kept_tokens, dim=-1).mean()
        whole = network.passage_vector(mean_of_tokens(before, mask))
        moved = each + _apart(network.passage_vector(read.pooled), whole)
        parts.append(moved * len(some) / len(rows))
    return torch.stack(parts).sum()


def _apart(one: Tensor, other: Tensor) -> Tensor:
    return (1 - (one * other).sum(-1)).mean()


def _some(count: int, wanted: int, draw: torch.Generator) -> list[int]:
    return torch.randperm(count, generator=draw)[:wanted].tolist()


def standing(network: CEClip, lesson: TitlesLesson, pooled: Tensor) -> float:
    """The share of the titles, in percent, that find one of their sights first of all.

    `pooled` [titles, E] is what the text tower says of them.
    """
    with torch.inference_mode():
        found = (network.passage_vector(pooled) @ lesson.sights.T).argmax(dim=1)
    return 100 * lesson.own.gather(1, found[:, None]).mean().item()
