"""The querybank: which queries are typical and what hubness weighs, once the vectors have settled.

Pictures: every training picture once, half of them as they are and half as they would hang in a
gallery. Words: what is said of pictures and of poems' pictures. Of each kind the centres of many
small clusters are kept, which measure hubness as well as all of them would, and lie evenly. What
hubness weighs is fitted for each kind by itself, where queries seek among all there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from engine.model.architecture import QuerybankConfig
from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.model.pictures import PictureFormat, pixels
from engine.model.querybank import Querybank, QueryKind
from engine.training.late_features import VIEWS, drawn
from engine.training.losses import minimise
from engine.training.reranking import Task

ROUNDS, TRIES = 20, 5  # of k-means; the best try is kept
AT_ONCE = 8  # pictures


def bank_queries(
    network: CEClip, config: QuerybankConfig, pictures: Tensor, words: Tensor, seed: int
) -> None:
    """Give the network a querybank of these unit vectors [n, joint]; it weighs nothing yet.

    Raises ValueError where there are fewer vectors of a kind than the bank is to hold.
    """
    bank = Querybank(config, network.architecture.joint)
    bank.pictures.copy_(centres(pictures, config.queries, seed))
    network.querybank = bank
    network.architecture = replace(network.architecture, querybank=config)
    bank_words(network, words, seed)


def bank_words(network: CEClip, words: Tensor, seed: int) -> None:
    """Put the centres of these unit vectors [n, joint] in place of the typical words there are.

    Raises ValueError where the network has no querybank, or there are fewer than it is to hold.
    """
    bank = network.querybank
    if bank is None:
        raise ValueError("there is no querybank to put words into")
    bank.words.copy_(centres(words, bank.words.shape[0], seed))


@dataclass(frozen=True, slots=True)
class Seeking:
    """Queries, the passages among which each seeks, and the row of the right one."""

    queries: Tensor  # [B, joint], unit vectors, as are
    passages: Tensor  # [n, joint]
    target: Tensor  # [B]


@torch.no_grad()
def seeking(network: CEClip, task: Task) -> Seeking:
    """A task by its vectors alone."""
    passages = network.passage_vector(task.texts.pooled[task.passages])
    return Seeking(task.asked.vectors, passages, task.target)


def weigh_hubness(network: CEClip, kind: QueryKind, sought: Sequence[Seeking]) -> float:
    """Fit what hubness among queries of this kind weighs, in place; gives the weight.

    By the ranking loss of these queries, all of this kind, each among all passages of its own. Less
    than nothing is never taken off. Raises ValueError where the network has no querybank.
    """
    bank = network.querybank
    if bank is None:
        raise ValueError("there is no querybank to weigh")
    with torch.no_grad():
        known = [
            (one.queries @ one.passages.T, bank.hubness(one.passages)[:, kind], one.target)
            for one in sought
        ]
    sizes = torch.tensor([20.0, 10.0])  # one step of each is about as much
    numbers = nn.Parameter(torch.ones(2))

    def loss() -> Tensor:
        scale, off = numbers * sizes
        return torch.stack(
            [
                functional.cross_entropy(scale * near - off * hub, right)
                for near, hub, right in known
            ]
        ).sum()

    minimise(loss, numbers)
    scale, off = (numbers.detach() * sizes).tolist()
    weight = max(float(off / scale), 0.0)
    bank.weights[kind] = weight
    return weight


@torch.no_grad()
def typical_pictures(
    network: CEClip, pictures: Iterable[tuple[str, Image.Image]], names: Collection[str]
) -> Tensor:
    """Unit vectors [n, joint] of the pictures of these names, every other one as if it hung."""
    form = PictureFormat.of(network.architecture.image)
    found: list[Tensor] = []
    waiting: list[Image.Image] = []

    def read() -> None:
        found.append(network.picture(pixels(waiting, form))[1])
        waiting.clear()

    views = ("plain", "hung")
    place = {name: at for at, name in enumerate(sorted(names))}
    for name, picture in pictures:
        if name in place:
            view = views[place[name] % len(views)]
            waiting.append(VIEWS[view](picture, drawn(view, name)))
        if len(waiting) == AT_ONCE:
            read()
    if waiting:
        read()
    return torch.cat(found)


def centres(vectors: Tensor, count: int, seed: int) -> Tensor:
    """The centres [count, joint] of so many clusters of unit vectors, of unit length."""
    if len(vectors) < count:
        raise ValueError(f"{len(vectors)} queries are too few for a bank of {count}")
    import faiss

    rows = np.ascontiguousarray(vectors.numpy(), np.float32)
    clusters = faiss.Kmeans(
        rows.shape[1],
        count,
        niter=ROUNDS,
        nredo=TRIES,
        spherical=True,
        seed=seed,
        min_points_per_centroid=1,
        max_points_per_centroid=len(rows),
    )
    clusters.train(rows)
    return unit(torch.from_numpy(np.array(clusters.centroids)))
