"""From a picture to the square of numbers that an image tower reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageOps

from engine.model.architecture import ImageTowerConfig

FITS = ("stretch", "pad", "crop")


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """How a picture is made square; part of the manifest, because weights are trained to it."""

    size: int  # pixels of the square's side
    fit: str  # "stretch" and "pad" keep the whole painting; "crop" loses what lies at the edges
    mean: tuple[float, float, float]  # subtracted from the colours, which run 0..1
    std: tuple[float, float, float]  # and then divided by this

    @classmethod
    def of(cls, image: ImageTowerConfig) -> PictureFormat:
        """As the image tower of this architecture takes it."""
        (r, g, b), (red, green, blue) = image.mean, image.std
        return cls(image.size, image.fit, (r, g, b), (red, green, blue))


def square(image: Image.Image, size: int, fit: str) -> Image.Image:
    """The picture as RGB, `size` by `size`."""
    image = image.convert("RGB")
    side = (size, size)
    if fit == "stretch":
        return image.resize(side, Image.Resampling.BICUBIC)
    if fit == "pad":
        grey = (127, 127, 127)  # the middle of the tower's range, so the margin says little
        return ImageOps.pad(image, side, Image.Resampling.BICUBIC, color=grey)
    return ImageOps.fit(image, side, Image.Resampling.BICUBIC)


def pixels(images: Sequence[Image.Image], form: PictureFormat) -> torch.Tensor:
    """Pictures as a tensor [B, 3, size, size], float32, normalised, channels last in memory."""
    squares = [np.asarray(square(image, form.size, form.fit), np.float32) for image in images]
    values = torch.from_numpy(np.stack(squares)) / 255.0
    values = (values - torch.tensor(form.mean)) / torch.tensor(form.std)
    return values.permute(0, 3, 1, 2)  # a view: the memory stays channels last
