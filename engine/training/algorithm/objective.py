"""The loss of one step and its gradient, exact for the whole batch whatever the memory.

1. Without gradient, micro-batch by micro-batch, every pair's vectors are worked out, and those of
   all processes are brought together: [B, d] for pictures and for poems.
2. The ranking losses see the whole batch, every other poem of it being a negative (Section 4.3);
   their gradient is taken with respect to the vectors alone.
3. With gradient, micro-batch by micro-batch: the vectors again, which carry their share of that
   gradient back into the network, and the cross-entropy of the scores.

So 64 pairs are ranked among 64 even where 4 fit into memory (Gao et al. 2021 call it gradient
caching); plain accumulation would rank them among 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.amp.grad_scaler import GradScaler
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.model.image_towers import PictureFeatures
from engine.model.text_towers import TextFeatures
from engine.training.algorithm.examples import set_dice
from engine.training.algorithm.parallel import Together
from engine.training.algorithm.recipe import LossRecipe
from engine.training.algorithm.sources import Inputs
from engine.training.losses import multiple_negatives

KINDS = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """Pairs of a step that are worked on at once."""

    inputs: Inputs  # m pictures; their m right texts and then m x n wrong ones
    first: int  # the place of its first pair in the step
    count: int  # m
    dice: tuple[object, ...]  # what dropout and noise follow from


@dataclass(frozen=True, slots=True)
class Losses:
    """One step's loss, each part weighed as in the sum."""

    total: float
    ranking: float
    scores: float
    towers: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A micro-batch after the towers and the mappings."""

    vectors: dict[str, tuple[Tensor, Tensor]]  # by loss: unit vectors of pictures and poems
    picture: tuple[Tensor, Tensor] | None  # mapped tokens [m, P, W] and mask
    text: tuple[Tensor, Tensor] | None  # mapped tokens [t, T, W] and mask
    cosines: Tensor | None  # of pair and text, [m * (1 + n)]


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """Mixed precision, or nothing."""
    if precision == "full":
        return nullcontext()
    return torch.autocast(device.type, KINDS[precision])


class Objective:
    """Works out losses and gradients of `network`, in place, with other processes."""

    def __init__(
        self,
        network: CEClip,
        weights: LossRecipe,
        precision: str,
        towers_learn: bool,
        together: Together,
        noise: float = 0.0,
    ) -> None:
        self._network = network
        self._weights = weights
        self._precision = precision
        self._together = together
        self._noise = noise  # on what stands in for a picture, as a share of its length
        cross = network.architecture.cross is not None
        self._parts = {
            name: weight
            for name, weight, wanted in (
                ("ranking", weights.ranking, cross),
                ("towers", weights.towers, towers_learn),
            )
            if weight and wanted
        }
        self._reads = bool(cross and weights.scores)

    def backward(
        self, batches: Sequence[MicroBatch], pairs: int, same: Tensor, scaler: GradScaler
    ) -> Losses:
        """Add the step's gradient to the network's parameters.

        `batches` are this process's share of the step, `pairs` the size of all of it, and `same`
        [B, B] says which pairs have a picture or a poem in common and are no mistakes.
        """
        tables = self._tables(batches, pairs)
        losses: dict[str, Tensor] = {}
        device = self._together.device
        with torch.enable_grad():
            for name, (pictures, poems) in tables.items():
                loss = multiple_negatives(pictures, poems, self._weights.scale, same.to(device))
                losses[name] = self._parts[name] * loss
                losses[name].backward()  # type: ignore[no-untyped-call]
        scores = torch.zeros((), device=device)
        for batch in batches:
            scores += self._one(batch, pairs, tables, scaler)
        self._together.total(scores)
        told = {name: loss.item() for name, loss in losses.items()}
        entropy = scores.item()
        return Losses(
            total=sum(told.values()) + entropy,
            ranking=told.get("ranking", 0.0),
            scores=entropy,
            towers=told.get("towers", 0.0),
        )

    def _tables(
        self, batches: Sequence[MicroBatch], pairs: int
    ) -> dict[str, tuple[Tensor, Tensor]]:
        """By loss, every pair's two vectors [B, d], as leaves that gather a gradient."""
        tables: dict[str, tuple[Tensor, Tensor]] = {}
        if not self._parts:
            return tables
        device, architecture = self._together.device, self._network.architecture
        for name in self._parts:
            width = architecture.joint if name == "towers" else architecture.cross_encoder.width
            tables[name] = (
                torch.zeros(pairs, width, device=device),
                torch.zeros(pairs, width, device=device),
            )
        for batch in batches:
            set_dice(*batch.dice)
            with torch.no_grad(), autocast(device, self._precision):
                inputs = blurred(batch.inputs.to(device), self._noise)
                seen = see(self._network, inputs, batch.count, self._parts, False)
            rows = slice(batch.first, batch.first + batch.count)
            for name, found in seen.vectors.items():
                for table, vectors in zip(tables[name], found, strict=True):
                    table[rows] = vectors
        for two in tables.values():
            for table in two:
                self._together.total(table).requires_grad_()
        return tables

    def _one(
        self,
        batch: MicroBatch,
        pairs: int,
        tables: dict[str, tuple[Tensor, Tensor]],
        scaler: GradScaler,
    ) -> Tensor:
        """Bring one micro-batch's gradient into the network; gives its part of the scores' loss."""
        set_dice(*batch.dice)
        device = self._together.device
        with autocast(device, self._precision):
            inputs = blurred(batch.inputs.to(device), self._noise)
            seen = see(self._network, inputs, batch.count, self._parts, self._reads)
            logits = read(self._network, seen) if self._reads else None
        rows = slice(batch.first, batch.first + batch.count)
        pull = torch.zeros((), device=device)
        for name, found in seen.vectors.items():
            for table, vectors in zip(tables[name], found, strict=True):
                if table.grad is not None:
                    pull = pull + (vectors * table.grad[rows]).sum()
        part = torch.zeros((), device=device)
        if logits is not None:
            part = self._weights.scores * entropy(logits) * (batch.count / pairs)
        whole = pull + part
        if whole.requires_grad:
            scaler.scale(whole).backward()  # type: ignore[no-untyped-call]
        return part.detach()


def blurred(inputs: Inputs, noise: float) -> Inputs:
    """The inputs with noise on each picture's vector, `noise` long where the vector is 1 long."""
    pictures = inputs.pictures
    if not noise or not isinstance(pictures, PictureFeatures):
        return inputs
    vectors = unit(pictures.pooled)
    vectors = vectors + noise / vectors.shape[1] ** 0.5 * torch.randn_like(vectors)
    return Inputs(PictureFeatures(pictures.tokens, vectors), inputs.texts)


def entropy(logits: Tensor) -> Tensor:
    """Binary cross-entropy of [m, 1 + n] logits, label 1 in column 0 and 0 elsewhere (Figure 3)."""
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1.0
    return functional.binary_cross_entropy_with_logits(logits, labels)


def see(
    network: CEClip,
    inputs: Inputs,
    pairs: int,
    parts: Sequence[str] | dict[str, float],
    closely: bool,
) -> Seen:
    """Towers and mappings. Not `closely`: only what the vectors of the right pairs need."""
    pictures = inputs.pictures
    features = pictures if isinstance(pictures, PictureFeatures) else network.image_tower(pictures)
    tokens, asked = network.adapted(features)
    if isinstance(inputs.texts, TextFeatures):
        texts = inputs.texts
        if not closely:
            texts = TextFeatures(texts.tokens[:pairs], texts.mask[:pairs], texts.pooled[:pairs])
    else:
        ids, mask = inputs.texts
        texts = network.text(ids, mask) if closely else network.text(ids[:pairs], mask[:pairs])
    answers = network.passage_vector(texts.pooled)
    vectors: dict[str, tuple[Tensor, Tensor]] = {}
    if "towers" in parts:
        vectors["towers"] = (asked.float(), answers[:pairs].float())
    picture = text = cosines = None
    if network.architecture.cross is not None and (closely or "ranking" in parts):
        mapped = network.image_mapping(tokens)
        picture = mapped, torch.ones(mapped.shape[:2], dtype=torch.long, device=mapped.device)
        text = network.mapped_text(texts)
        if "ranking" in parts:
            right = (text[0][:pairs], text[1][:pairs])
            vectors["ranking"] = (mean(*picture), mean(*right))
        if closely:
            each = len(answers) // pairs
            by_pair = by_rows(answers, pairs)
            cosines = (asked.unsqueeze(1) * by_pair).sum(-1).float().view(pairs, each)
    elif closely:
        by_pair = by_rows(answers, pairs)
        cosines = (asked.unsqueeze(1) * by_pair).sum(-1).float()
    return Seen(vectors, picture, text, cosines)


def by_rows(values: Tensor, pairs: int) -> Tensor:
    """Of m right ones and then m x n wrong ones: [m, 1 + n, ...], the right one first."""
    right, wrong = values[:pairs].unsqueeze(1), values[pairs:]
    return torch.cat([right, wrong.view(pairs, -1, *values.shape[1:])], dim=1)


def read(network: CEClip, seen: Seen) -> Tensor:
    """Logits [m, 1 + n] of what was seen closely; without a cross-encoder the cosines."""
    if seen.cosines is None:
        raise ValueError("these pairs were not looked at closely")
    if seen.picture is None or seen.text is None:
        return seen.cosines
    (asked, asked_mask), (told, told_mask) = seen.picture, seen.text
    pairs, each = seen.cosines.shape
    logits: Tensor = network.cross_encoder(
        asked.repeat_interleave(each, dim=0),
        asked_mask.repeat_interleave(each, dim=0),
        by_rows(told, pairs).flatten(0, 1),
        by_rows(told_mask, pairs).flatten(0, 1),
        seen.cosines.flatten(),
    )
    return logits.float().view(pairs, each)


def mean(tokens: Tensor, mask: Tensor) -> Tensor:
    """Mean pooling over what the mask keeps, as a unit vector [B, W] (Section 4.3)."""
    kept = mask.unsqueeze(-1).to(tokens.dtype)
    return unit(((tokens * kept).sum(1) / kept.sum(1).clamp(min=1.0)).float())
