"""What reading the best closely does to their order: how it is settled, and how it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from engine.model.ceclip import CEClip
from engine.training.losses import minimise, one_positive, ranked_first
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.training.pairs import Asked, ask_pictures, ask_words, read_pairs
from engine.training.sets import PictureSet, PoemSet, TrainingData
from engine.training.text_features import TextStore

KS = (1, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Task:
    """Queries, the texts among which each seeks, and the column of the right one."""

    asked: Asked
    texts: TextStore
    passages: Tensor  # [n], rows of the texts
    target: Tensor  # [B]


@torch.no_grad()
def picture_task(network: CEClip, data: TrainingData, pictures: PictureSet, most: int) -> Task:
    """At most `most` of these pictures seek their first captions among those of all."""
    rows = torch.arange(min(most, len(pictures)))
    firsts = torch.tensor([ids[0] for ids in pictures.captions])
    asked = ask_pictures(network, pictures.features(rows))
    return Task(asked, data.caption_texts, firsts, rows)


@torch.no_grad()
def poem_task(network: CEClip, texts: TextStore, poems: PoemSet, most: int, seed: int) -> Task:
    """At most `most` captions, drawn by seed, seek their poems among all of the set."""
    verses, target = torch.unique(poems.poems, return_inverse=True)
    draw = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(poems), generator=draw)[:most]
    asked = ask_words(network, texts, poems.captions[rows].tolist())
    return Task(asked, texts, verses, target[rows])


@torch.no_grad()
def similarities(network: CEClip, task: Task) -> Tensor:
    """The bi-encoder's [B, n]."""
    passages = network.passage_vector(task.texts.pooled[task.passages])
    queries = network.as_queries(task.asked.vectors, task.asked.kind)
    return queries @ network.as_passages(passages).T


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of [B, depth] pairs of a query and a text."""

    own: Tensor  # the cross-encoder's logit without the similarity's part in it
    similarity: Tensor


@torch.no_grad()
def read_closely(network: CEClip, task: Task, columns: Tensor) -> Reading:
    """Read these columns [B, depth] of each query."""
    logits = []
    for at, chosen in enumerate(columns):
        query = _rows(task.asked, slice(at, at + 1))
        texts = task.passages[chosen].tolist()
        logits.append(read_pairs(network, query, task.texts, texts, len(texts)))
    similarity = similarities(network, task).gather(1, columns)
    return Reading(torch.cat(logits) - network.cross_encoder.trust * similarity, similarity)


@torch.no_grad()
def scores_of(network: CEClip, reading: Reading) -> Tensor:
    """The scores [B, depth] that the encoder gives."""
    return torch.sigmoid(reading.own + network.cross_encoder.trust * reading.similarity)


def settling_tasks(
    network: CEClip, data: TrainingData, *, seed: int, most: int = 1500
) -> tuple[Task, Task]:
    """What the weights are settled on: validation pictures, and captions with their poems."""
    return (
        picture_task(network, data, data.validation_pictures, most),
        poem_task(network, data.poem_texts, data.poems, most, seed),
    )


def settle(network: CEClip, tasks: Sequence[Task], *, depth: int = 50) -> dict[str, float]:
    """Weigh the cross-encoder's own logit against the similarity, in place; gives the weights.

    Stage 2 trains with a learning rate at which one number hardly moves, and on four texts where
    a kiosk has fifty. A factor for the logit, one for the similarity and a constant are fitted on
    these tasks, the best `depth` of the bi-encoder standing against the right one where it is among
    them, and folded into the weights.
    """
    network.eval()
    head = network.cross_encoder
    readings = [_against_the_best(network, task, depth) for task in tasks]
    own, similarity, constant = fitted(readings).tolist()
    with torch.no_grad():
        head.out.weight.mul_(own)
        head.out.bias.mul_(own).add_(constant)
        head.trust.fill_(similarity)
    return {"own": own, "similarity": similarity, "constant": constant}


def fitted(readings: Sequence[Reading]) -> Tensor:
    """The weights of logit and similarity, and the constant: [3]; column 0 is right.

    First the order, by the ranking loss; then how sure a score may be, by binary cross-entropy
    with one factor for all. Both losses are convex, so there is one best choice and it is found.
    """
    sizes = torch.tensor([1.0, 20.0])  # one step of each is about as much
    weights = nn.Parameter(torch.ones(2))
    sure = nn.Parameter(torch.tensor([1.0, 0.0]))

    def logits(reading: Reading) -> Tensor:
        own, similarity = weights * sizes
        weighed: Tensor = own * reading.own + similarity * reading.similarity
        return weighed

    def order() -> Tensor:
        return torch.stack([ranked_first(logits(reading)) for reading in readings]).sum()

    def confidence() -> Tensor:
        with torch.no_grad():
            each = [logits(reading) for reading in readings]
        return torch.stack([one_positive(sure[0] * z + sure[1]) for z in each]).sum()

    minimise(order, weights)
    minimise(confidence, sure)
    factor, constant = sure.detach()
    return torch.cat([weights.detach() * sizes * factor, constant[None]])


def _against_the_best(network: CEClip, task: Task, depth: int) -> Reading:
    """The right one in column 0, then the wrong ones among the best `depth`.

    Only queries whose right one is among the best are kept: the others never reach the
    cross-encoder, and beside wrong ones that were chosen for their similarity they would teach that
    a high one is a bad sign.
    """
    near = similarities(network, task)
    found = near.topk(min(depth, near.shape[1]), dim=1).indices
    kept = (found == task.target[:, None]).any(dim=1)
    found, right = found[kept], task.target[kept][:, None]
    others = found[found != right].view(len(found), -1)
    reachable = Task(_rows(task.asked, kept), task.texts, task.passages, task.target[kept])
    return read_closely(network, reachable, torch.cat([right, others], dim=1))


def _rows(asked: Asked, rows: slice | Tensor) -> Asked:
    tokens, mask, vectors = asked.tokens[rows], asked.mask[rows], asked.vectors[rows]
    return replace(asked, tokens=tokens, mask=mask, vectors=vectors)


def reranked_figures(
    network: CEClip, data: TrainingData, depth: int = 50, most: int = 1000
) -> dict[str, float]:
    """Both hold-outs before and after the best `depth` are read closely."""
    network.eval()
    tasks = {
        "picture": picture_task(network, data, data.held_out_pictures, most),
        "poem": poem_task(network, data.poem_texts, data.held_out_poems, most, seed=0),
    }
    figures: dict[str, float] = {}
    for name, task in tasks.items():
        scores = similarities(network, task).numpy().copy()
        figures |= _named(f"{name} ", scores, task)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        read = scores_of(network, read_closely(network, task, torch.from_numpy(best)))
        # Lifted above the rest, which keeps the bi-encoder's order.
        np.put_along_axis(scores, best, 10.0 + read.numpy(), axis=1)
        figures |= _named(f"{name} reranked ", scores, task)
    return figures


def _named(name: str, scores: np.ndarray, task: Task) -> dict[str, float]:
    found = retrieval_metrics(ranks_from_scores(scores, task.target.numpy()), KS)
    return {name + key: value for key, value in found.items()}
