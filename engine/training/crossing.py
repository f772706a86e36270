"""Stage 2: the cross-encoder learns to put right what the bi-encoder ranks wrongly.

Three kinds of pairs, one positive and some negatives each, most of them hard negatives from the
bi-encoder's own best:

1. picture -> caption;
2. caption -> poem;
3. picture -> poem. Nobody has written down which poem fits these pictures, so the network's own
   judgement of (caption, poem), where it reads words on both sides, is what it is to say when it
   sees the picture instead.

The adapter has learned its training pictures by heart to a degree, and a cross-encoder that is
trained on its similarities would trust them too much. So each training picture is blurred with
noise in its features, just as much as makes it no easier to tell than a picture not seen before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.training.alignment import REPORT, noisy, picture_vectors, warm_cosine
from engine.training.losses import one_positive, ranked_first
from engine.training.metrics import ranks_from_scores
from engine.training.pairs import Asked, ask_pictures, ask_words, read_pairs
from engine.training.sets import PictureSet, TrainingData

Say = Callable[[str], None]

NOISES = tuple(round(0.1 * step, 1) for step in range(21))  # times a feature's own spread


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingRecipe:
    """How stage 2 is trained."""

    steps: int = 400  # each with a batch of the first kind
    batch: int = 24  # pictures in a step
    poem_every: int = 1  # steps from one batch of the second kind (and of the third) to the next
    poem_batch: int = 12  # captions with poems, which are longer
    poem_tokens: int = 64  # of a poem, so many are read in training; half of all have no more
    taught_from: float = 0.5  # share of the steps after which the third kind joins in
    negatives: int = 3  # for each positive, as in Algorithm 1
    hard: int = 2  # of these, so many from the bi-encoder's best
    picture_depth: int = 250  # hard captions come from so many best of the training captions
    poem_depth: int = 200  # hard poems likewise
    rate: float = 3e-4  # AdamW's learning rate at its height
    weight_decay: float = 0.05
    warm_up: int = 100  # steps
    plain: float = 0.5  # share of pictures shown as they are, the rest painterly
    ranking: float = 0.5  # of the ranking loss beside binary cross-entropy
    taught: float = 0.5  # of the third kind beside the first two
    seed: int = 11


def cross(network: CEClip, data: TrainingData, recipe: CrossingRecipe, say: Say = print) -> None:
    """Train the mappings and the cross-encoder of `network` in place; the vectors stay."""
    torch.manual_seed(recipe.seed)
    draw = torch.Generator().manual_seed(recipe.seed)
    parts = (network.image_mapping, network.text_mapping, network.cross_encoder)
    parameters = [p for part in parts for p in part.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: warm_cosine(step, recipe.warm_up, recipe.steps)
    )
    blur = honest_noise(network, data, draw)
    say(f"noise {blur} makes training pictures as hard to tell as unseen ones")
    hard_captions = _hard_captions(network, data, recipe.picture_depth)
    hard_poems = _hard_poems(network, data, recipe.poem_depth)
    losses: list[float] = []
    for step in range(recipe.steps):
        for part in parts:
            part.train()
        loss = _caption_loss(network, data, recipe, hard_captions, blur, draw)
        losses.append(loss.item())
        if step % recipe.poem_every == 0:
            loss = loss + _poem_loss(network, data, recipe, hard_poems, draw)
            if step >= recipe.taught_from * recipe.steps:  # there has to be a teacher first
                loss = loss + recipe.taught * _taught_loss(network, data, recipe, blur, draw)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        if (step + 1) % REPORT == 0 or step + 1 == recipe.steps:
            trust = network.cross_encoder.trust.item()
            say(f"step {step + 1} caption loss {np.mean(losses):.3f} trust {trust:.1f}")
            losses.clear()
    network.eval()


def _caption_loss(
    network: CEClip,
    data: TrainingData,
    recipe: CrossingRecipe,
    hard: Tensor,
    blur: float,
    draw: torch.Generator,
) -> Tensor:
    pictures = data.pictures
    rows = torch.randperm(len(pictures), generator=draw)[: recipe.batch]
    others = _negatives(rows, hard, len(pictures), recipe, draw)
    owners = torch.cat([rows[:, None], others], dim=1)  # pictures whose captions are read
    texts = [_one_of(pictures.captions[row], draw) for row in owners.flatten().tolist()]
    asked = _ask_pictures(network, pictures, rows, recipe.plain, blur, draw)
    logits = read_pairs(network, asked, data.caption_texts, texts, owners.shape[1])
    return one_positive(logits) + recipe.ranking * ranked_first(logits)


def _poem_loss(
    network: CEClip,
    data: TrainingData,
    recipe: CrossingRecipe,
    hard: Tensor,
    draw: torch.Generator,
) -> Tensor:
    poems = data.poems
    rows = torch.randperm(len(poems), generator=draw)[: recipe.poem_batch]
    others = _negatives(rows, hard, len(poems), recipe, draw)
    verses = poems.poems[torch.cat([rows[:, None], others], dim=1)]
    asked = ask_words(network, data.poem_texts, poems.captions[rows].tolist())
    read, each = verses.flatten().tolist(), verses.shape[1]
    logits = read_pairs(network, asked, data.poem_texts, read, each, recipe.poem_tokens)
    return one_positive(logits) + recipe.ranking * ranked_first(logits)


def _taught_loss(
    network: CEClip,
    data: TrainingData,
    recipe: CrossingRecipe,
    blur: float,
    draw: torch.Generator,
) -> Tensor:
    pictures, poems = data.pictures, data.poems
    rows = torch.randperm(len(pictures), generator=draw)[: recipe.poem_batch]
    captions = [_one_of(pictures.captions[row], draw) for row in rows.tolist()]
    # Half of the poems are near, half are any: a score has to be right on both.
    with torch.no_grad():
        queries = network.words_vector(data.caption_texts.pooled[captions])
        passages = network.passage_vector(data.poem_texts.pooled[poems.poems])
        depth = min(recipe.poem_depth, len(poems))
        best = (queries @ passages.T).topk(depth, dim=1).indices
    width, limit = 1 + recipe.negatives, recipe.poem_tokens
    near = best.gather(1, torch.randint(depth, (len(rows), width // 2), generator=draw))
    far = torch.randint(len(poems), (len(rows), width - width // 2), generator=draw)
    verses = poems.poems[torch.cat([near, far], dim=1)].flatten().tolist()
    with torch.no_grad():
        network.eval()
        teacher = ask_words(network, data.caption_texts, captions)
        taught = torch.sigmoid(read_pairs(network, teacher, data.poem_texts, verses, width, limit))
        network.train()
    asked = _ask_pictures(network, pictures, rows, recipe.plain, blur, draw)
    logits = read_pairs(network, asked, data.poem_texts, verses, width, limit)
    return functional.binary_cross_entropy_with_logits(logits, taught)


def _ask_pictures(
    network: CEClip,
    pictures: PictureSet,
    rows: Tensor,
    plain: float,
    blur: float,
    draw: torch.Generator,
) -> Asked:
    versions = pictures.draw_versions(len(rows), plain, draw)
    return ask_pictures(network, noisy(pictures.features(rows, versions), blur, draw))


@torch.inference_mode()
def honest_noise(network: CEClip, data: TrainingData, draw: torch.Generator) -> float:
    """The least noise that makes training pictures no easier than the validation pictures."""
    network.eval()
    unseen = _reciprocal(network, data, data.validation_pictures, 0.0, draw)
    for noise in NOISES:
        if _reciprocal(network, data, data.pictures, noise, draw) <= unseen:
            return noise
    return NOISES[-1]


def _reciprocal(
    network: CEClip, data: TrainingData, pictures: PictureSet, noise: float, draw: torch.Generator
) -> float:
    """Mean reciprocal rank of first captions, among as many pictures as validation has."""
    rows = torch.arange(min(len(pictures), len(data.validation_pictures)))
    vectors = network.adapted(noisy(pictures.features(rows), noise, draw))[1]
    firsts = [pictures.captions[row][0] for row in rows.tolist()]
    scores = vectors @ network.passage_vector(data.caption_texts.pooled[firsts]).T
    return float(np.mean(1.0 / ranks_from_scores(scores.numpy(), rows.numpy())))


def _negatives(
    rows: Tensor, hard: Tensor, count: int, recipe: CrossingRecipe, draw: torch.Generator
) -> Tensor:
    """For each row its wrong ones [B, negatives], the hard ones first; never the row itself."""
    picks = torch.randint(hard.shape[1], (len(rows), recipe.hard), generator=draw)
    near = hard[rows].gather(1, picks)
    step = torch.randint(1, count, (len(rows), recipe.negatives - recipe.hard), generator=draw)
    return torch.cat([near, (rows[:, None] + step) % count], dim=1)


@torch.inference_mode()
def _hard_captions(network: CEClip, data: TrainingData, depth: int) -> Tensor:
    """For each training picture the pictures whose captions seem nearest to it, [n, depth]."""
    firsts = [ids[0] for ids in data.pictures.captions]
    passages = network.passage_vector(data.caption_texts.pooled[firsts])
    scores = picture_vectors(network, data.pictures) @ passages.T
    scores.fill_diagonal_(-2.0)
    return scores.topk(min(depth, len(firsts) - 1), dim=1).indices.clone()


@torch.inference_mode()
def _hard_poems(network: CEClip, data: TrainingData, depth: int) -> Tensor:
    """For each training caption the pairs whose poems seem nearest to it, [n, depth]."""
    poems, texts = data.poems, data.poem_texts
    queries = network.words_vector(texts.pooled[poems.captions])
    scores = queries @ network.passage_vector(texts.pooled[poems.poems]).T
    scores[poems.poems[:, None] == poems.poems[None, :]] = -2.0
    return scores.topk(min(depth, len(poems) - 1), dim=1).indices.clone()


def _one_of(rows: Sequence[int], draw: torch.Generator) -> int:
    return rows[int(torch.randint(len(rows), (), generator=draw))]
