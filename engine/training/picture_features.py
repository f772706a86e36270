"""What the frozen image tower says of every training picture, worked out once and kept.

A tower pass costs some 40 ms a picture and never changes, so training reads these files instead.
The folder is named for the tower and the square it reads; a run that was interrupted goes on where
it stopped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.model.image_towers import EfficientNetTower
from engine.model.pictures import PictureFormat, pixels

Change = Callable[[Image.Image, random.Random], Image.Image]


def extract(
    tower: EfficientNetTower,
    form: PictureFormat,
    pictures: Iterable[tuple[str, Image.Image]],
    folder: Path,
    *,
    change: Change | None = None,
    seed: int = 0,
    chunk: int = 256,
    batch: int = 4,
) -> None:
    """Write `NNN.npz` (names, tokens float16 [n, P, D], pooled float16 [n, E]) into the folder.

    `change` is applied to each picture with a generator seeded by `seed` and the picture's name,
    so the result does not depend on the order or on where a run stopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting: list[tuple[str, Image.Image]] = []
    number = 0

    def flush() -> None:
        nonlocal number
        path = folder / f"{number:03d}.npz"
        number += 1
        if path.exists() or not waiting:
            return
        tokens, pooled = [], []
        for at in range(0, len(waiting), batch):
            images = [
                _changed(name, image, change, seed) for name, image in waiting[at : at + batch]
            ]
            with torch.inference_mode():
                features = tower(pixels(images, form))
            tokens.append(features.tokens.half().numpy())
            pooled.append(features.pooled.half().numpy())
        part = path.with_suffix(".part")
        with part.open("wb") as handle:
            np.savez(
                handle,
                names=np.array([name for name, _ in waiting]),
                tokens=np.concatenate(tokens),
                pooled=np.concatenate(pooled),
            )
        part.rename(path)

    for item in pictures:
        waiting.append(item)
        if len(waiting) == chunk:
            flush()
            waiting.clear()
    flush()


def read(folder: Path, names: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """The kept features of these pictures, in this order: tokens [n, P, D], pooled [n, E]."""
    rows: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as kept:
            found = zip(kept["names"].tolist(), kept["tokens"], kept["pooled"], strict=True)
            rows.update({name: (tokens, pooled) for name, tokens, pooled in found})
    tokens = torch.from_numpy(np.stack([rows[name][0] for name in names]))
    pooled = torch.from_numpy(np.stack([rows[name][1] for name in names]))
    return tokens, pooled


def _changed(name: str, image: Image.Image, change: Change | None, seed: int) -> Image.Image:
    if change is None:
        return image
    return change(image, random.Random(f"{seed}/{name}"))  # noqa: S311 - a draw, not a secret
