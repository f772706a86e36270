"""All layers of the text tower, taught by a larger reader (`engine.training.larger_reader`).

A step holds captions with their poems, and captions of photographs, which have no poem:

1. a caption finds its own poem among those of the step;
2. it finds the others in the order in which the larger reader puts them, and so do the captions of
   photographs, and the poems find those captions;
3. as a passage, a caption or title comes to lie where the tower as it was had put it, so that
   pictures, which were brought near to captions once, need not learn anew;
4. a caption finds the other caption of its photograph: words ask for what is to be seen.

Wrong ones are those of the step alone: held against texts as they were last read, layers that all
learn drive every text away from what is remembered of it. The table of words stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.training.alignment import Say, warm_cosine
from engine.training.larger_reader import Ids, pooled_by_length
from engine.training.late_features import bert
from engine.training.losses import multiple_negatives

TAUGHT_SCALE = 20.0  # of the larger reader's cosines; it learned with the same


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtRecipe:
    """How the text tower is taught."""

    epochs: int = 5  # over the captions of poems
    pairs: int = 256  # captions with their poems in a step
    seen: int = 192  # photographs in a step, two captions of each
    rate: float = 1e-4  # AdamW's, at its height
    map_rate: float = 5e-4  # of the two linear maps
    weight_decay: float = 0.01
    warm_up: int = 8  # steps
    scale: float = 20.0  # of the cosines
    order: float = 1.0  # of 2 beside 1
    keep: float = 20.0  # of 3
    seen_weight: float = 0.5  # of 4
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is read, as the tower's ids, and what the larger reader finds of it."""

    asking: Ids  # captions of poems, each pair's
    answering: Ids  # their poems
    same: Tensor  # [pairs, 2], the same numbers for the same caption and the same poem
    asking_taught: Tensor  # [pairs, width], unit vectors of the larger reader
    answering_taught: Tensor
    seen: Sequence[Sequence[int]]  # rows of `said` for each photograph
    said: Ids  # captions of photographs, then titles
    said_taught: Tensor  # [captions and titles, width]
    kept: Tensor  # [captions and titles, joint], where they lay as passages


def be_taught(
    network: CEClip,
    lesson: Lesson,
    recipe: TaughtRecipe,
    say: Say = print,
    each_epoch: Callable[[], object] = lambda: None,
) -> None:
    """Train the text tower and both of its maps in place."""
    torch.manual_seed(recipe.seed)
    draw = torch.Generator().manual_seed(recipe.seed)
    network.freeze_towers()
    network.eval()
    tower = bert(network)
    tower.net.encoder.requires_grad_(True)
    maps = [*network.text_projection.parameters(), *network.words_projection.parameters()]
    for parameter in maps:
        parameter.requires_grad_(True)
    log_scale = nn.Parameter(torch.tensor(math.log(recipe.scale)))
    layers = list(tower.net.encoder.parameters())
    optimiser = torch.optim.AdamW(
        [
            {"params": layers, "lr": recipe.rate},
            {"params": [*maps, log_scale], "lr": recipe.map_rate, "weight_decay": 0.0},
        ],
        weight_decay=recipe.weight_decay,
    )
    each = max(1, len(lesson.asking) // recipe.pairs)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: warm_cosine(step, recipe.warm_up, each * recipe.epochs)
    )
    for epoch in range(recipe.epochs):
        tower.train()
        order = torch.randperm(len(lesson.asking), generator=draw)
        losses = []
        for start in range(0, each * recipe.pairs, recipe.pairs):
            parts = _losses(
                network, lesson, recipe, order[start : start + recipe.pairs], log_scale, draw
            )
            loss = torch.stack(parts).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*layers, *maps, log_scale], 1.0)
            optimiser.step()
            schedule.step()
            losses.append([part.item() for part in parts])
        found = ", ".join(f"{value:.3f}" for value in np.mean(losses, axis=0))
        say(f"taught: epoch {epoch + 1} pairs, order, kept, seen: {found}")
        network.eval()
        each_epoch()
    network.requires_grad_(False)


def _losses(
    network: CEClip,
    lesson: Lesson,
    recipe: TaughtRecipe,
    rows: Tensor,
    log_scale: Tensor,
    draw: torch.Generator,
) -> list[Tensor]:
    photographs = torch.randperm(len(lesson.seen), generator=draw)[: recipe.seen].tolist()
    two = [_two(lesson.seen[photograph], draw) for photograph in photographs]
    ones, others = [one for one, _ in two], [other for _, other in two]
    # What belongs to no photograph, the titles, lies behind all captions.
    titles = len(lesson.said) - sum(len(captions) for captions in lesson.seen)
    first = len(lesson.said) - titles
    drawn = torch.randperm(titles, generator=draw)[: recipe.seen // 2] + first
    beside = [*ones, *others, *drawn.tolist()]
    pairs = rows.tolist()
    read = pooled_by_length(
        lambda ids, mask: network.text(ids, mask).pooled,
        [
            *(lesson.asking[row] for row in pairs),
            *(lesson.answering[row] for row in pairs),
            *(lesson.said[row] for row in beside),
        ],
    )
    asking, answering = read[: len(pairs)], read[len(pairs) : 2 * len(pairs)]
    said = read[2 * len(pairs) :]
    words, poems = network.words_vector(asking), network.passage_vector(answering)
    ids = lesson.same[rows]
    same = (ids[:, None] == ids[None]).any(-1)
    scale = log_scale.exp()
    own = multiple_negatives(words, poems, scale, same)

    told = network.words_vector(said[: len(ones)])
    teacher = (lesson.asking_taught[rows], lesson.answering_taught[rows], lesson.said_taught[ones])
    ordered = (
        _in_order(words @ poems.T, teacher[0] @ teacher[1].T, scale)
        + _in_order(told @ poems.T, teacher[2] @ teacher[1].T, scale)
        + _in_order(poems @ told.T, teacher[1] @ teacher[2].T, scale)
    ) / 3

    passages = network.passage_vector(said)
    moved = (1 - (passages * lesson.kept[beside]).sum(-1)).mean()
    seen = multiple_negatives(told, passages[len(ones) : 2 * len(ones)], scale)
    return [own, recipe.order * ordered, recipe.keep * moved, recipe.seen_weight * seen]


def _in_order(cosines: Tensor, taught: Tensor, scale: Tensor) -> Tensor:
    """How far an order of the step's texts [B, n] is from the larger reader's, at its sharpness."""
    target = torch.softmax(TAUGHT_SCALE * taught, dim=1)
    return functional.kl_div(
        functional.log_softmax(scale * cosines, dim=1), target, reduction="batchmean"
    )


def _two(captions: Sequence[int], draw: torch.Generator) -> tuple[int, int]:
    order = torch.randperm(len(captions), generator=draw).tolist()
    return captions[order[0]], captions[order[-1]]


def fit_map(linear: nn.Module, pooled: Tensor, wanted: Tensor, ridge: float = 1e-3) -> None:
    """Begin a map [E to joint] where it brings pooled texts nearest to the vectors wanted."""
    texts = unit(pooled)
    gram = texts.T @ texts + ridge * len(texts) / texts.shape[1] * torch.eye(texts.shape[1])
    (weight,) = linear.parameters()
    with torch.no_grad():
        weight.copy_(torch.linalg.solve(gram, texts.T @ wanted).T)
