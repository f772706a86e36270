"""A larger sentence encoder, which learns the pairs first and then teaches the one that is shipped.

MPNet of 12 layers (`all-mpnet-base-v2`, Apache-2.0) is five times too large for a kiosk. Trained
as a whole on captions and their poems it finds more of them than MiniLM does, and what it has
learned passes into MiniLM's layers (`engine.training.taught`). Its weights are used while
training and go into no bundle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.model.attention import TransformerShape
from engine.model.ceclip import read_tensors
from engine.model.heads import unit
from engine.model.mpnet import MPNet
from engine.model.passages import places_by_length
from engine.model.text_towers import BertReader, cut, mean_of_tokens, padded
from engine.training.alignment import Say, warm_cosine
from engine.training.late_layers import product_type
from engine.training.losses import multiple_negatives

Ids = Sequence[Sequence[int]]
FILES = ("config.json", "model.safetensors", "tokenizer.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargerRecipe:
    """How the larger reader learns."""

    epochs: int = 3
    apart: int = 6  # one poem in so many is not learned: what it finds of those is not by heart
    batch: int = 128  # captions with their poems
    rate: float = 5e-5  # AdamW's, at its height
    weight_decay: float = 0.01
    warm_up: int = 10  # steps
    scale: float = 20.0  # of the cosines
    seed: int = 0


class LargerReader(nn.Module):
    """MPNet, whose last layer, averaged over a text's tokens, is the text's vector."""

    def __init__(self, folder: Path) -> None:
        """From a folder with `FILES`. BundleError where one is broken, OSError where it is gone."""
        super().__init__()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        shape = TransformerShape(
            vocabulary=config["vocab_size"],
            width=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            feedforward=config["intermediate_size"],
            places=config["max_position_embeddings"],
            norm_eps=config["layer_norm_eps"],
        )
        self.net = MPNet(shape)
        weights = read_tensors(folder / "model.safetensors")
        wanted = self.net.state_dict()
        self.net.load_state_dict({name: weights[name] for name in wanted})
        self.reader = BertReader(folder / "tokenizer.json", shape.places - 2)
        self.net.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [B, T] to pooled vectors [B, width]."""
        tokens = self.net(self.net.embeddings.word_embeddings(ids), mask).float()
        return mean_of_tokens(tokens, mask)

    def ids(self, texts: Sequence[str], limit: int) -> list[list[int]]:
        """The ids of each text, cut to `limit` with its end mark kept."""
        return [cut(row, limit) for row in self.reader.ids(texts)]

    @torch.inference_mode()
    def vectors(self, ids: Ids) -> Tensor:
        """Unit vectors [n, width] of many texts."""
        self.eval()
        parts = [
            pooled_by_length(self, ids[at : at + 1024], batch=64) for at in range(0, len(ids), 1024)
        ]
        return unit(torch.cat(parts))


def pooled_by_length(read: Callable[[Tensor, Tensor], Tensor], ids: Ids, batch: int = 32) -> Tensor:
    """What `read` (ids and mask [B, T] to [B, E]) says of each text, texts of like length together.

    Matrix products are in bfloat16 where the processor has it.
    """

    def some(rows: Sequence[int]) -> Tensor:
        return read(*padded([ids[row] for row in rows])).float()

    form = product_type()
    with torch.autocast("cpu", dtype=form, enabled=form is not torch.float32):
        return read_by_length([len(text) for text in ids], some, batch)


def read_by_length(
    lengths: Sequence[int], some: Callable[[Sequence[int]], Tensor], batch: int = 32
) -> Tensor:
    """What `some` says of all rows, asked for rows of like length, at most `batch` at a time."""
    order = list(places_by_length(lengths, batch))
    read = torch.cat([some(places) for places in order])
    return read[torch.tensor([*chain.from_iterable(order)]).argsort()]


def learn_pairs(
    larger: LargerReader,
    asking: Ids,
    answering: Ids,
    same: Tensor,
    recipe: LargerRecipe,
    say: Say = print,
) -> None:
    """Train it in place on captions and their poems, row by row; the table of words stays.

    `same` [pairs, 2] has the same numbers for the same caption and for the same poem: those are no
    mistakes of each other.
    """
    torch.manual_seed(recipe.seed)
    learning = [parameter for parameter in larger.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=recipe.rate, weight_decay=recipe.weight_decay)
    each = len(asking) // recipe.batch
    total = max(1, each) * recipe.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: warm_cosine(step, recipe.warm_up, total)
    )
    for epoch in range(recipe.epochs):
        larger.train()
        losses = []
        order = torch.randperm(len(asking))
        for start in range(0, max(1, each) * recipe.batch, recipe.batch):
            rows = order[start : start + recipe.batch]
            queries, passages = (
                unit(pooled_by_length(larger, [texts[row] for row in rows.tolist()]))
                for texts in (asking, answering)
            )
            alike = (same[rows][:, None] == same[rows]).any(-1)
            loss = multiple_negatives(queries, passages, recipe.scale, alike)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        say(f"larger reader: epoch {epoch + 1} loss {sum(losses) / len(losses):.3f}")
    larger.eval().requires_grad_(False)
