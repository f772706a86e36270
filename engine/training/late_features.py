"""What the layers that stay as they are say of pictures and texts, worked out once and kept.

Training the later layers of both towers reads the same pictures and texts again and again, and
the layers before them never change. So the maps before the first trained block, one file for each
view of the pictures, and the hidden states before the first trained text layer are kept on disk
and read from there; a run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageOps
from torch import Tensor

from engine.model.attention import ignoring
from engine.model.ceclip import CEClip
from engine.model.image_towers import EfficientNetTower
from engine.model.pictures import PictureFormat, pixels
from engine.model.text_towers import BertTower, padded
from engine.training.late_layers import FIRST_LATE_BLOCK, text_layers
from engine.training.painterly import painterly

View = Callable[[Image.Image, random.Random], Image.Image]
LONGEST = math.log(1.6)  # the longer side of a canvas to the shorter
Halves = npt.NDArray[np.float16]


def as_it_is(image: Image.Image, _rng: random.Random) -> Image.Image:
    """The photograph."""
    return image


def cropped(image: Image.Image, rng: random.Random) -> Image.Image:
    """A part of about half to all of the picture, of nearly its shape, mirrored half the time."""
    share, shape = rng.uniform(0.45, 1.0) ** 0.5, rng.uniform(0.8, 1.25) ** 0.5
    width = min(image.width, round(image.width * share * shape))
    height = min(image.height, round(image.height * share / shape))
    left, top = rng.randint(0, image.width - width), rng.randint(0, image.height - height)
    part = image.crop((left, top, left + width, top + height))
    return ImageOps.mirror(part) if rng.random() < 0.5 else part


def hung(image: Image.Image, rng: random.Random) -> Image.Image:
    """A part of a canvas's shape, which is seldom a square, made painterly."""
    shape = math.exp(rng.uniform(-LONGEST, LONGEST))  # width to height
    longest = rng.uniform(0.75, 1.0)  # of the picture's sides
    width = round(image.width * longest * min(1.0, shape))
    height = round(image.height * longest * min(1.0, 1 / shape))
    left, top = rng.randint(0, image.width - width), rng.randint(0, image.height - height)
    return painterly(image.crop((left, top, left + width, top + height)), rng)


VIEWS: dict[str, View] = {
    "plain": as_it_is,
    "painted": painterly,
    "cropped": cropped,
    "hung": hung,
}


def drawn(view: str, name: str) -> random.Random:
    """What a view of a picture is drawn by: it hangs on nothing but the two names."""
    return random.Random(f"{view}/{name}")  # noqa: S311 - a draw, not a secret


@torch.inference_mode()
def early_maps(fused: EfficientNetTower, squares: Tensor) -> Tensor:
    """Pixels [B, 3, S, S] to the maps that the first late block reads.

    [B, 120, 17, 17] for the compact bundle's squares of 260 pixels.
    """
    return fused.early(squares, FIRST_LATE_BLOCK)


def keep_maps(
    fused: EfficientNetTower,
    form: PictureFormat,
    pictures: Iterable[tuple[str, Image.Image]],
    names: Sequence[str],
    view: str,
    folder: Path,
    batch: int = 4,
) -> Halves:
    """The maps of these pictures in one view, [n, C, H, W] float16 on disk, in this order.

    What a view draws hangs on its name and the picture's, not on the order or on a stop.
    """
    path, done_path = folder / f"{view}.npy", folder / f"{view}.done.npy"
    folder.mkdir(parents=True, exist_ok=True)
    blank = torch.zeros(1, 3, form.size, form.size)
    shape = (len(names), *early_maps(fused, blank).shape[1:])
    fresh = not (path.exists() and done_path.exists())
    table = np.lib.format.open_memmap(
        path, mode="w+" if fresh else "r+", dtype=np.float16, shape=shape
    )
    done = np.zeros(len(names), bool) if fresh else np.load(done_path, allow_pickle=False)
    if table.shape != shape or done.shape != shape[:1]:
        raise ValueError(f"{path} holds other pictures; choose another folder to keep features in")
    place = {name: at for at, name in enumerate(names)}
    waiting: list[tuple[int, Image.Image]] = []

    def flush() -> None:
        maps = early_maps(fused, pixels([image for _, image in waiting], form)).half().numpy()
        places = [at for at, _ in waiting]
        table[places] = maps
        done[places] = True
        waiting.clear()

    for count, (name, image) in enumerate(pictures):
        at = place.get(name)
        if at is not None and not done[at]:
            waiting.append((at, VIEWS[view](image, drawn(view, name))))
        if len(waiting) == batch:
            flush()
        if count % 512 == 511:
            table.flush()
            np.save(done_path, done)
    if waiting:
        flush()
    table.flush()
    np.save(done_path, done)
    return table


@dataclass(frozen=True, slots=True)
class EarlyTexts:
    """Hidden states before the first trained text layer; texts lie one after the other."""

    states: Halves  # [all tokens, D]
    starts: npt.NDArray[np.int64]  # [n + 1], where each text begins

    def length(self, row: int) -> int:
        """How many tokens a text has."""
        return int(self.starts[row + 1] - self.starts[row])

    def batch(self, rows: Sequence[int], limit: int) -> tuple[Tensor, Tensor]:
        """States [B, T, D] float32 and mask [B, T] of these texts, at most `limit` tokens each."""
        lengths = [min(self.length(row), limit) for row in rows]
        table = torch.zeros(len(rows), max(lengths), self.states.shape[1])
        mask = torch.zeros(len(rows), max(lengths), dtype=torch.long)
        for at, (row, length) in enumerate(zip(rows, lengths, strict=True)):
            start = int(self.starts[row])
            table[at, :length] = torch.from_numpy(self.states[start : start + length]).float()
            mask[at, :length] = 1
        return table, mask


@torch.inference_mode()
def early_texts(
    tower: BertTower, ids: Sequence[Sequence[int]], first_layer: int, batch: int = 64
) -> EarlyTexts:
    """The hidden states [T, D] of each text before `first_layer`, in the order of `ids`."""
    starts = np.concatenate([[0], np.cumsum([len(row) for row in ids])]).astype(np.int64)
    states = np.zeros((int(starts[-1]), tower.width), np.float16)
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        table, mask = padded([ids[row] for row in rows])
        hidden = tower.net.embeddings(table)
        hidden = through(tower, hidden, mask, 0, first_layer)
        for row, values in zip(rows, hidden.half().numpy(), strict=True):
            states[starts[row] : starts[row + 1]] = values[: len(ids[row])]
    return EarlyTexts(states, starts)


def bert(network: CEClip) -> BertTower:
    """The network's text tower. Raises TypeError where it is another kind."""
    if not isinstance(network.text_tower, BertTower):
        raise TypeError("only the compact bundle's text tower is trained on kept states")
    return network.text_tower


def through(tower: BertTower, hidden: Tensor, mask: Tensor, first: int, last: int) -> Tensor:
    """Hidden states [B, T, D] through the layers from `first` up to, not with, `last`."""
    ignored = ignoring(mask, hidden.dtype)
    for layer in tower.net.encoder.layer[first:last]:
        hidden = layer(hidden, ignored)
    return hidden


def own_text_tower(network: CEClip) -> None:
    """From now on all layers of the text tower are the bundle's own, which its heads carry."""
    architecture = network.architecture
    layers = text_layers(0, len(bert(network).net.encoder.layer))
    network.architecture = replace(architecture, text=replace(architecture.text, ours=layers))
