"""Stage 2: the cross-encoder learns to put right what the bi-encoder ranks wrongly.

Three kinds of pairs, one positive and some negatives each, most of them hard negatives from the
bi-encoder's own best:

1. picture -> caption;
2. caption -> poem;
3. picture -> poem. Nobody has written down which poem fits these pictures, so the network's own
   judgement of (caption, poem), where it reads words on both sides, is what it is to say when it
   sees the picture instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.training.alignment import picture_vectors, warm_cosine
from engine.training.losses import one_positive, ranked_first
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.training.sets import PictureSet, TrainingData
from engine.training.text_features import TextStore

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingRecipe:
    """How stage 2 is trained."""

    steps: int = 1200  # each with one batch of each kind
    batch: int = 24  # positives of a kind in a step
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch of queries as the cross-encoder takes them, each repeated for its passages."""

    tokens: Tensor  # [B, L, W]
    mask: Tensor  # [B, L]
    vectors: Tensor  # [B, joint]


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
    hard_captions = _hard_captions(network, data, recipe.picture_depth)
    hard_poems = _hard_poems(network, data, recipe.poem_depth)
    for step in range(recipe.steps):
        for part in parts:
            part.train()
        loss = (
            _caption_loss(network, data, recipe, hard_captions, draw)
            + _poem_loss(network, data, recipe, hard_poems, draw)
            + recipe.taught * _taught_loss(network, data, recipe, draw)
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        if (step + 1) % 100 == 0 or step + 1 == recipe.steps:
            trust = network.cross_encoder.trust.item()
            say(f"step {step + 1} loss {loss.item():.3f} trust {trust:.1f}")
    network.eval()


def _caption_loss(
    network: CEClip,
    data: TrainingData,
    recipe: CrossingRecipe,
    hard: Tensor,
    draw: torch.Generator,
) -> Tensor:
    pictures = data.pictures
    rows = torch.randperm(len(pictures), generator=draw)[: recipe.batch]
    others = _negatives(rows, hard, len(pictures), recipe, draw)
    owners = torch.cat([rows[:, None], others], dim=1)  # pictures whose captions are read
    texts = [_one_of(pictures.captions[row], draw) for row in owners.flatten().tolist()]
    asked = _ask_pictures(network, pictures, rows, recipe.plain, draw)
    logits = _read(network, asked, data.caption_texts, texts, owners.shape[1])
    return one_positive(logits) + recipe.ranking * ranked_first(logits)


def _poem_loss(
    network: CEClip,
    data: TrainingData,
    recipe: CrossingRecipe,
    hard: Tensor,
    draw: torch.Generator,
) -> Tensor:
    poems = data.poems
    rows = torch.randperm(len(poems), generator=draw)[: recipe.batch]
    others = _negatives(rows, hard, len(poems), recipe, draw)
    verses = poems.poems[torch.cat([rows[:, None], others], dim=1)]
    asked = _ask_words(network, data.poem_texts, poems.captions[rows].tolist())
    logits = _read(network, asked, data.poem_texts, verses.flatten().tolist(), verses.shape[1])
    return one_positive(logits) + recipe.ranking * ranked_first(logits)


def _taught_loss(
    network: CEClip, data: TrainingData, recipe: CrossingRecipe, draw: torch.Generator
) -> Tensor:
    pictures, poems = data.pictures, data.poems
    rows = torch.randperm(len(pictures), generator=draw)[: recipe.batch]
    captions = [_one_of(pictures.captions[row], draw) for row in rows.tolist()]
    # Half of the poems are near, half are any: a score has to be right on both.
    with torch.no_grad():
        queries = network.words_vector(data.caption_texts.pooled[captions])
        passages = network.passage_vector(data.poem_texts.pooled[poems.poems])
        best = (queries @ passages.T).topk(recipe.poem_depth, dim=1).indices
    width = 1 + recipe.negatives
    near = best.gather(1, torch.randint(recipe.poem_depth, (len(rows), width // 2), generator=draw))
    far = torch.randint(len(poems), (len(rows), width - width // 2), generator=draw)
    verses = poems.poems[torch.cat([near, far], dim=1)].flatten().tolist()
    with torch.no_grad():
        network.eval()
        teacher = _ask_words(network, data.caption_texts, captions)
        taught = torch.sigmoid(_read(network, teacher, data.poem_texts, verses, width))
        network.train()
    asked = _ask_pictures(network, pictures, rows, recipe.plain, draw)
    logits = _read(network, asked, data.poem_texts, verses, width)
    return functional.binary_cross_entropy_with_logits(logits, taught)


def _ask_pictures(
    network: CEClip, pictures: PictureSet, rows: Tensor, plain: float, draw: torch.Generator
) -> Asked:
    with torch.no_grad():
        network.eval()  # the adapter is done learning: no dropout in it
        versions = pictures.draw_versions(len(rows), plain, draw)
        tokens, vectors = network.adapted(pictures.features(rows, versions))
        network.train()
    mask = torch.ones(tokens.shape[:2], dtype=torch.long)
    return Asked(network.image_mapping(tokens), mask, vectors)


def _ask_words(network: CEClip, texts: TextStore, rows: list[int]) -> Asked:
    tokens, mask = texts.batch(rows, network.architecture.cross.query_words)
    with torch.no_grad():
        vectors = network.words_vector(texts.pooled[rows])
    return Asked(network.text_mapping(tokens), mask, vectors)


def _read(network: CEClip, asked: Asked, texts: TextStore, rows: list[int], each: int) -> Tensor:
    """Logits [B, each]: query i with the `each` texts whose rows stand at i * each."""
    tokens, mask = texts.batch(rows, network.architecture.cross.passage_tokens)
    with torch.no_grad():
        passages = network.passage_vector(texts.pooled[rows])
    vectors = asked.vectors.repeat_interleave(each, dim=0)
    logits: Tensor = network.cross_encoder(
        asked.tokens.repeat_interleave(each, dim=0),
        asked.mask.repeat_interleave(each, dim=0),
        network.text_mapping(tokens),
        mask,
        (vectors * passages).sum(dim=1),
    )
    return logits.view(-1, each)


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


@torch.inference_mode()
def reranked_figures(
    network: CEClip, data: TrainingData, depth: int = 50, at_most: int = 1000
) -> dict[str, float]:
    """Both hold-outs before and after the best `depth` are read closely."""
    network.eval()
    pictures, poems = data.held_out_pictures, data.held_out_poems
    rows = torch.arange(min(at_most, len(pictures)))
    firsts = torch.tensor([ids[0] for ids in pictures.captions])
    tokens, vectors = network.adapted(pictures.features(rows))
    mask = torch.ones(tokens.shape[:2], dtype=torch.long)
    asked = Asked(network.image_mapping(tokens), mask, vectors)
    found = _rerank(network, asked, data.caption_texts, firsts, rows, depth)
    verses, target = torch.unique(poems.poems, return_inverse=True)
    chosen = torch.arange(len(poems))[:at_most]
    asked = _ask_words(network, data.poem_texts, poems.captions[chosen].tolist())
    read = _rerank(network, asked, data.poem_texts, verses, target[chosen], depth)
    return {f"picture {key}": value for key, value in found.items()} | {
        f"poem {key}": value for key, value in read.items()
    }


def _rerank(
    network: CEClip, asked: Asked, texts: TextStore, passages: Tensor, target: Tensor, depth: int
) -> dict[str, float]:
    scores = (asked.vectors @ network.passage_vector(texts.pooled[passages]).T).numpy().copy()
    before = retrieval_metrics(ranks_from_scores(scores, target.numpy()), (1, 5, 10, 20))
    best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    for at in range(len(scores)):
        one = slice(at, at + 1)
        query = Asked(asked.tokens[one], asked.mask[one], asked.vectors[one])
        logits = _read(network, query, texts, passages[best[at]].tolist(), best.shape[1])
        scores[at, best[at]] = 10.0 + torch.sigmoid(logits[0]).numpy()
    after = retrieval_metrics(ranks_from_scores(scores, target.numpy()), (1, 5, 10, 20))
    return {f"{key}": value for key, value in before.items()} | {
        f"reranked {key}": value for key, value in after.items()
    }
