"""What reading the best closely does to their order: how it is settled, and how it is measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from engine.model.ceclip import CEClip
from engine.training.losses import one_positive, ranked_first
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


@torch.inference_mode()
def picture_task(network: CEClip, data: TrainingData, pictures: PictureSet, most: int) -> Task:
    """At most `most` of these pictures seek their first captions among those of all."""
    rows = torch.arange(min(most, len(pictures)))
    firsts = torch.tensor([ids[0] for ids in pictures.captions])
    asked = ask_pictures(network, pictures.features(rows))
    return Task(asked, data.caption_texts, firsts, rows)


@torch.inference_mode()
def poem_task(network: CEClip, data: TrainingData, poems: PoemSet, most: int, seed: int) -> Task:
    """At most `most` captions, drawn by seed, seek their poems among all of the set."""
    verses, target = torch.unique(poems.poems, return_inverse=True)
    draw = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(poems), generator=draw)[:most]
    asked = ask_words(network, data.poem_texts, poems.captions[rows].tolist())
    return Task(asked, data.poem_texts, verses, target[rows])


@torch.inference_mode()
def similarities(network: CEClip, task: Task) -> Tensor:
    """The bi-encoder's cosines [B, n]."""
    return task.asked.vectors @ network.passage_vector(task.texts.pooled[task.passages]).T


@torch.inference_mode()
def read_closely(network: CEClip, task: Task, columns: Tensor) -> Tensor:
    """The cross-encoder's logits [B, depth] for these columns of each query."""
    rows = []
    for at, chosen in enumerate(columns):
        one = slice(at, at + 1)
        query = Asked(task.asked.tokens[one], task.asked.mask[one], task.asked.vectors[one])
        texts = task.passages[chosen].tolist()
        rows.append(read_pairs(network, query, task.texts, texts, len(texts)))
    return torch.cat(rows)


def settle(
    network: CEClip, data: TrainingData, *, seed: int, depth: int = 50, most: int = 300
) -> dict[str, float]:
    """Weigh the cross-encoder's own logit against the cosine, in place; gives both weights.

    Stage 2 trains with a learning rate at which one number hardly moves, and on four texts where
    a kiosk has fifty. Three numbers (a factor for the logit, one for the cosine, a constant) are
    fitted on validation pictures and on caption-poem pairs, the best `depth` of the bi-encoder
    standing against the right one, and folded into the weights.
    """
    network.eval()
    tasks = (
        picture_task(network, data, data.validation_pictures, most),
        poem_task(network, data, data.poems, most, seed),
    )
    samples = [_against_the_best(network, task, depth) for task in tasks]
    head = network.cross_encoder
    before = head.trust.detach().clone()
    # As logarithms, so that neither part can count backwards.
    logs = nn.Parameter(torch.stack([torch.zeros(()), before.clamp(min=1.0).log()]))
    constant = nn.Parameter(torch.zeros(()))
    optimiser = torch.optim.LBFGS([logs, constant], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        own, cosine = logs.exp()
        each = [own * (read - before * near) + cosine * near + constant for read, near in samples]
        total = sum((one_positive(z) + ranked_first(z) for z in each), torch.zeros(()))
        total.backward()  # type: ignore[no-untyped-call]
        return total.item()

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        own, cosine = logs.exp()
        head.out.weight.mul_(own)
        head.out.bias.mul_(own).add_(constant)
        head.trust.copy_(cosine)
    return {"own": own.item(), "cosine": cosine.item(), "constant": constant.item()}


def _against_the_best(network: CEClip, task: Task, depth: int) -> tuple[Tensor, Tensor]:
    """Logits and cosines [B, 1 + depth], the right one in column 0."""
    near = similarities(network, task).clone()
    right = task.target[:, None]
    others = near.scatter(1, right, -2.0)
    best = others.topk(min(depth, near.shape[1] - 1), dim=1).indices
    columns = torch.cat([right, best], dim=1)
    return read_closely(network, task, columns).clone(), near.gather(1, columns)


def reranked_figures(
    network: CEClip, data: TrainingData, depth: int = 50, most: int = 1000
) -> dict[str, float]:
    """Both hold-outs before and after the best `depth` are read closely."""
    network.eval()
    tasks = {
        "picture": picture_task(network, data, data.held_out_pictures, most),
        "poem": poem_task(network, data, data.held_out_poems, most, seed=0),
    }
    figures: dict[str, float] = {}
    for name, task in tasks.items():
        scores = similarities(network, task).numpy().copy()
        figures |= _named(f"{name} ", scores, task)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        logits = read_closely(network, task, torch.from_numpy(best))
        # Lifted above the rest, which keeps the bi-encoder's order.
        np.put_along_axis(scores, best, 10.0 + torch.sigmoid(logits).numpy(), axis=1)
        figures |= _named(f"{name} reranked ", scores, task)
    return figures


def _named(name: str, scores: np.ndarray, task: Task) -> dict[str, float]:
    found = retrieval_metrics(ranks_from_scores(scores, task.target.numpy()), KS)
    return {name + key: value for key, value in found.items()}
