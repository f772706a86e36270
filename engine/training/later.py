"""How a compact bundle is trained on: later layers of both towers, the adapter and the text maps.

`engine.training.train_on` is the command, `engine.training.later_data` what there is to learn from.

A step reads some pictures with captions of each, or captions with their poems and titles with
theirs, or all. A picture is held against all training captions, of which those not in the step
are remembered from when they last were. A part of its target goes to captions that the untrained
sentence encoder finds like its own, for many captions fit many pictures. A moving average of the
weights is what is kept. Where `image_rate` is 0 the pictures' vectors stay as they are and only
what reads texts learns; where `text_rate` is 0 only what sees pictures does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.text_towers import mean_of_tokens
from engine.training.alignment import Say, warm_cosine
from engine.training.larger_reader import read_by_length
from engine.training.late_features import EarlyTexts, bert, through
from engine.training.later_data import LaterData
from engine.training.losses import multiple_negatives
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.training.moving import MovingAverage

REPORT = 20  # steps from one line of progress to the next
CAPTION_TOKENS, POEM_TOKENS = 48, 96


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterRecipe:
    """How the later layers are trained."""

    steps: int = 340
    picture_every: int = 1  # steps from one batch of pictures to the next
    pictures: int = 128  # in such a batch
    captions: int = 2  # of each picture
    plain: float = 0.4  # share of pictures shown as they are, the rest in the other views
    views: tuple[str, ...] = ("painted", "cropped")
    least_window: float = 0.65  # of a picture's maps a window of at least this side is seen
    styled: float = 0.5  # share of pictures that get some of another's style
    poem_every: int = 3  # steps from one batch of poems to the next
    poems: int = 64  # captions with their poems in such a batch
    titles: int = 32  # titles with their poems in such a batch; 0: none
    title_pairs: int = 4500  # are drawn once from all there are
    first_text_layer: int = 4
    image_rate: float = 1.5e-4  # AdamW's, at its height; 0: the pictures' vectors stay
    adapter_rate: float = 4e-4
    text_rate: float = 5e-5  # 0: texts' vectors stay, and no poems are read
    map_rate: float = 1e-4  # of the two linear text maps
    weight_decay: float = 0.05
    warm_up: int = 20  # steps; a cosine back to 0 follows
    soft: float = 0.2  # of a picture's target goes to captions like its own
    soft_temperature: float = 0.05
    poem_weight: float = 1.0
    average: float = 0.99  # of the weights, a step
    scale: float = 30.0  # of the cosines at the start; learned
    seed: int = 3


class Later:
    """One training: the network, its data, and the captions as they were last read."""

    def __init__(self, network: CEClip, data: LaterData, recipe: LaterRecipe) -> None:
        self.network, self.data, self.recipe = network, data, recipe
        self.draw = torch.Generator().manual_seed(recipe.seed)
        self.log_scale = nn.Parameter(torch.tensor(math.log(recipe.scale)))
        network.freeze_towers()
        layers = network.text_tower.net.encoder.layer[recipe.first_text_layer :]
        maps = [*network.text_projection.parameters(), *network.words_projection.parameters()]
        for parameter in (*layers.parameters(), *maps):
            parameter.requires_grad_(recipe.text_rate > 0)
        data.late.requires_grad_(recipe.image_rate > 0)
        self.groups: list[dict[str, Any]] = [
            {"params": [self.log_scale], "lr": recipe.map_rate, "weight_decay": 0.0},
        ]
        if recipe.text_rate:
            self.groups += [
                {"params": list(layers.parameters()), "lr": recipe.text_rate},
                {"params": maps, "lr": recipe.map_rate, "weight_decay": 0.0},
            ]
        count = len(data.of_picture)
        self.fixed: Tensor | None = None
        if recipe.image_rate:
            adapter = network.adapter
            if adapter is None:
                raise ValueError("this network has no adapter to train")
            self.groups += [
                {"params": list(data.late.parameters()), "lr": recipe.image_rate},
                {"params": list(adapter.parameters()), "lr": recipe.adapter_rate},
            ]
        else:
            self.fixed = data.plain_vectors(network, 0, count)
        self.said = self.all_captions()  # the text tower's features, as long as it stays
        with torch.no_grad():
            self.remembered = network.passage_vector(self.said)

    def train(self, say: Say = print) -> None:
        """All steps; afterwards the network holds the moving average of its weights."""
        recipe = self.recipe
        optimiser = torch.optim.AdamW(self.groups, weight_decay=recipe.weight_decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: warm_cosine(step, recipe.warm_up, recipe.steps)
        )
        learning = [parameter for group in self.groups for parameter in group["params"]]
        average = MovingAverage(learning, recipe.average)
        losses: list[float] = []
        say(f"before: {self.validation()}")
        for step in range(recipe.steps):
            self.network.train()
            self.network.image_tower.eval()
            scale = self.log_scale.exp().clamp(max=100.0)
            loss = torch.zeros(())
            if step % recipe.picture_every == 0:
                loss = loss + self.picture_loss(scale)
            if recipe.text_rate and step % recipe.poem_every == 0:
                loss = loss + recipe.poem_weight * self.poem_loss(scale)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            schedule.step()
            average.add(step)
            losses.append(loss.item())
            if (step + 1) % REPORT == 0 or step + 1 == recipe.steps:
                with average.shown():
                    seen = self.validation()
                say(f"step {step + 1} loss {np.mean(losses):.3f} scale {scale.item():.1f} {seen}")
                losses.clear()
        average.settle()
        self.network.eval()

    def picture_loss(self, scale: Tensor) -> Tensor:
        """Pictures against all captions, captions against the pictures of the step."""
        recipe, data, network = self.recipe, self.data, self.network
        count = min(recipe.pictures, len(data.of_picture))
        rows = torch.randperm(len(data.of_picture), generator=self.draw)[:count].tolist()
        vectors = self.picture_vectors(rows)
        picked = data.some_captions(rows, recipe.captions, self.draw)
        flat = [caption for captions in picked for caption in captions]
        pooled = self.said[flat]
        if recipe.text_rate:
            pooled = self.pooled(data.captions, flat, CAPTION_TOKENS)
        fresh = network.passage_vector(pooled)
        logits = scale * vectors @ self.with_fresh(flat, fresh).T
        own = torch.zeros(logits.shape)
        for at, captions in enumerate(picked):
            own[at, captions] = 1.0 / len(captions)
        with torch.no_grad():
            alike = data.alike(picked, None, recipe.soft_temperature)
            target = (1 - recipe.soft) * own + recipe.soft * alike
        to_captions = -(target * functional.log_softmax(logits, dim=1)).sum(1).mean()
        whose = torch.arange(count).repeat_interleave(recipe.captions)
        to_pictures = functional.cross_entropy(scale * fresh @ vectors.T, whose)
        # A caption can stand in for its picture only if both ask for the same things.
        words = network.words_vector(pooled.view(count, recipe.captions, -1).mean(1))
        as_query = multiple_negatives(vectors, words, scale)
        with torch.no_grad():
            self.remembered[flat] = fresh.detach()
        return (to_captions + to_pictures + as_query) / 3

    def poem_loss(self, scale: Tensor) -> Tensor:
        """Captions with their poems, and titles with theirs, each against those of the step."""
        data, recipe = self.data, self.recipe
        losses = []
        for pairs, most in ((data.poem_pairs, recipe.poems), (data.title_pairs, recipe.titles)):
            count = min(most, len(pairs))
            if not count:
                continue
            rows = pairs[torch.randperm(len(pairs), generator=self.draw)[:count]]
            asking = self.pooled(self.data.texts, rows[:, 0].tolist(), POEM_TOKENS)
            answering = self.pooled(self.data.texts, rows[:, 1].tolist(), POEM_TOKENS)
            same = (rows[:, :1] == rows[:, 0]) | (rows[:, 1:] == rows[:, 1])
            queries = self.network.words_vector(asking)
            passages = self.network.passage_vector(answering)
            losses.append(multiple_negatives(queries, passages, scale, same))
        return torch.stack(losses).mean()

    def pooled(self, texts: EarlyTexts, rows: list[int], limit: int) -> Tensor:
        """The text tower's pooled features [B, E] of kept texts."""
        tower = bert(self.network)
        first, last = self.recipe.first_text_layer, len(tower.net.encoder.layer)

        def some(chosen: Sequence[int]) -> Tensor:
            hidden, mask = texts.batch([rows[at] for at in chosen], limit)
            return mean_of_tokens(through(tower, hidden, mask, first, last), mask)

        return read_by_length([texts.length(row) for row in rows], some)

    def picture_vectors(self, rows: list[int]) -> Tensor:
        """Unit vectors [B, joint] of training pictures, each in a view that is drawn."""
        if self.fixed is not None:
            return self.fixed[rows]
        maps = self.data.varied_maps(rows, self.recipe, self.draw)
        return self.network.adapted(self.data.late(maps))[1]

    def with_fresh(self, rows: list[int], fresh: Tensor) -> Tensor:
        """All captions' vectors, those of this step as they are now, with gradient."""
        return self.remembered.index_put((torch.tensor(rows),), fresh)

    @torch.no_grad()
    def all_captions(self) -> Tensor:
        """The text tower's pooled features [n, E] of all captions."""
        self.network.eval()
        total = len(self.data.captions.starts) - 1
        parts = [list(range(at, min(at + 512, total))) for at in range(0, total, 512)]
        return torch.cat([self.pooled(self.data.captions, rows, CAPTION_TOKENS) for rows in parts])

    @torch.no_grad()
    def validation(self) -> dict[str, float]:
        """First captions of the validation pictures among themselves."""
        self.network.eval()
        first = len(self.data.of_picture)
        last = first + len(self.data.of_validation)
        vectors = self.data.plain_vectors(self.network, first, last)
        firsts = [captions[0] for captions in self.data.of_validation]
        pooled = self.pooled(self.data.captions, firsts, CAPTION_TOKENS)
        scores = (vectors @ self.network.passage_vector(pooled).T).numpy()
        found = retrieval_metrics(ranks_from_scores(scores, np.arange(len(firsts))), (1, 5, 10))
        return {key: round(value, 1) for key, value in found.items()}
