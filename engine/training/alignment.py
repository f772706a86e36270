"""Stage 1: pictures, captions and poems into one space, towers frozen.

Each step reads a batch of pictures with one caption each and, now and then, a batch of captions
with poems. The text map starts as the identity, so that what the sentence encoder knows of words
is kept where nothing speaks against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.model.ceclip import CEClip
from engine.model.image_towers import PictureFeatures
from engine.training.losses import multiple_negatives
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.training.sets import PictureSet, PoemSet, TrainingData
from engine.training.text_features import TextStore

Say = Callable[[str], None]

REPORT = 50  # steps from one line of progress to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentRecipe:
    """How stage 1 is trained."""

    steps: int = 450  # batches of pictures
    batch: int = 256  # pictures a step, and caption-poem pairs
    rate: float = 6e-4  # AdamW's learning rate at its height, for the adapter
    text_rate: float = 1e-4  # the same for the two linear maps
    weight_decay: float = 0.1
    warm_up: int = 60  # steps until the rate is at its height; a cosine back to 0 follows
    plain: float = 0.5  # share of pictures shown as they are, the rest painterly
    noise: float = 0.4  # of a feature's own spread, added to what the tower says
    poem_epochs: float = 6.0  # how often each caption-poem pair is seen in all; more overfits
    poem_weight: float = 0.5  # of the poem loss beside the pictures'
    scale: float = 20.0  # of the cosines at the start; learned
    seed: int = 7


def align(network: CEClip, data: TrainingData, recipe: AlignmentRecipe, say: Say = print) -> None:
    """Train the adapter and the two text maps of `network` in place."""
    adapter = network.adapter
    if adapter is None:
        raise ValueError("this network has no adapter to align")
    torch.manual_seed(recipe.seed)
    draw = torch.Generator().manual_seed(recipe.seed)
    log_scale = nn.Parameter(torch.tensor(math.log(recipe.scale)))
    maps = [*network.text_projection.parameters(), *network.words_projection.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": list(adapter.parameters()), "lr": recipe.rate},
        {"params": maps, "lr": recipe.text_rate, "weight_decay": 0.0},
        {"params": [log_scale], "lr": recipe.rate, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: warm_cosine(step, recipe.warm_up, recipe.steps)
    )
    poem_steps = round(recipe.poem_epochs * len(data.poems) / recipe.batch)
    network.train()
    losses: list[float] = []
    for step in range(recipe.steps):
        scale = log_scale.exp().clamp(max=100.0)
        loss = _picture_loss(network, data.pictures, data.caption_texts, recipe, scale, draw)
        # Poem batches are spread evenly over the steps.
        if (step + 1) * poem_steps // recipe.steps > step * poem_steps // recipe.steps:
            loss = loss + recipe.poem_weight * _poem_loss(
                network, data.poems, data.poem_texts, recipe.batch, scale, draw
            )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for group in groups for p in group["params"]], 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % REPORT == 0 or step + 1 == recipe.steps:
            seen = validation_figures(network, data)
            say(f"step {step + 1} loss {np.mean(losses):.3f} scale {scale.item():.1f} {seen}")
            losses.clear()
            network.train()
    network.eval()


def _picture_loss(
    network: CEClip,
    pictures: PictureSet,
    texts: TextStore,
    recipe: AlignmentRecipe,
    scale: Tensor,
    draw: torch.Generator,
) -> Tensor:
    count = min(recipe.batch, len(pictures))
    rows = torch.randperm(len(pictures), generator=draw)[:count]
    features = pictures.features(rows, pictures.draw_versions(count, recipe.plain, draw))
    features = noisy(features, recipe.noise, draw)
    captions = [pictures.captions[row] for row in rows.tolist()]
    picked = [ids[int(torch.randint(len(ids), (), generator=draw))] for ids in captions]
    pooled = texts.pooled[picked]
    # All captions of a picture together say best what it shows.
    gist = torch.stack([texts.pooled[ids].mean(dim=0) for ids in map(list, captions)])
    same = _same(torch.tensor(picked))
    _, vectors = network.adapted(features)
    as_passage = multiple_negatives(vectors, network.passage_vector(pooled), scale, same)
    # A caption can stand in for its picture only if both ask for the same things.
    as_query = multiple_negatives(vectors, network.words_vector(gist), scale, same)
    return (as_passage + as_query) / 2


def _poem_loss(
    network: CEClip,
    poems: PoemSet,
    texts: TextStore,
    batch: int,
    scale: Tensor,
    draw: torch.Generator,
) -> Tensor:
    rows = torch.randperm(len(poems), generator=draw)[: min(batch, len(poems))]
    captions, verses = poems.captions[rows], poems.poems[rows]
    queries = network.words_vector(texts.pooled[captions])
    passages = network.passage_vector(texts.pooled[verses])
    return multiple_negatives(queries, passages, scale, _same(captions) | _same(verses))


def noisy(features: PictureFeatures, noise: float, draw: torch.Generator) -> PictureFeatures:
    """The features with normal noise on them, `noise` times each one's spread in the batch."""
    if noise == 0:
        return features
    made = [
        values + noise * values.std(dim=0, keepdim=True) * torch.randn(values.shape, generator=draw)
        for values in (features.tokens, features.pooled)
    ]
    return PictureFeatures(*made)


def _same(rows: Tensor) -> Tensor:
    return rows[:, None] == rows[None, :]


def warm_cosine(step: int, warm_up: int, steps: int) -> float:
    """The share of the learning rate at a step: a straight rise, then half a cosine to 0."""
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1.0 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


@torch.inference_mode()
def picture_vectors(network: CEClip, pictures: PictureSet, version: int = 0) -> Tensor:
    """Unit vectors [n, joint] of a whole set."""
    network.eval()
    parts = torch.split(torch.arange(len(pictures)), 512)
    return torch.cat([network.adapted(pictures.features(rows, version))[1] for rows in parts])


@torch.inference_mode()
def validation_figures(network: CEClip, data: TrainingData) -> dict[str, float]:
    """First captions of the validation pictures: what a recipe may be chosen by."""
    pictures = data.validation_pictures
    firsts = [ids[0] for ids in pictures.captions]
    passages = network.passage_vector(data.caption_texts.pooled[firsts])
    scores = (picture_vectors(network, pictures) @ passages.T).numpy()
    found = retrieval_metrics(ranks_from_scores(scores, np.arange(len(firsts))), (1, 5, 10))
    return {key: round(value, 1) for key, value in found.items()}


@torch.inference_mode()
def alignment_figures(network: CEClip, data: TrainingData) -> dict[str, float]:
    """The bi-encoder on both hold-outs: first captions of pictures; poems of captions."""
    network.eval()
    pictures, poems = data.held_out_pictures, data.held_out_poems
    firsts = [ids[0] for ids in pictures.captions]
    passages = network.passage_vector(data.caption_texts.pooled[firsts])
    scores = (picture_vectors(network, pictures) @ passages.T).numpy()
    found = retrieval_metrics(ranks_from_scores(scores, np.arange(len(firsts))), (1, 5, 10))
    verses, target = torch.unique(poems.poems, return_inverse=True)
    asked = network.words_vector(data.poem_texts.pooled[poems.captions])
    answers = network.passage_vector(data.poem_texts.pooled[verses])
    ranks = ranks_from_scores((asked @ answers.T).numpy(), target.numpy())
    poem_figures = retrieval_metrics(ranks, (1, 5, 20))
    return {f"picture {key}": round(value, 1) for key, value in found.items()} | {
        f"poem {key}": round(value, 1) for key, value in poem_figures.items()
    }
