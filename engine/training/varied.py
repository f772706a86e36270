"""Kept maps of a picture, varied anew each time they are shown.

The views that are kept were each drawn once, and the later layers come to know them by heart: of
400 training pictures three in four found their caption first, of 400 others two in five. What can
be done to the maps themselves costs next to nothing and is never twice the same:

- mirrored;
- a window of them, stretched to the whole (a crop, a little nearer);
- another picture's style: mean and spread of each channel between the picture's own and another's
  (*Domain Generalization with MixStyle*, Zhou, Yang, Qiao, Xiang, ICLR 2021). A channel's mean and
  spread tell more of how something is painted than of what.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def varied(
    maps: Tensor, draw: torch.Generator, *, least: float = 0.65, styled: float = 0.5
) -> Tensor:
    """Maps [B, C, H, W], each mirrored or not, in a window of its own, in a style of its own.

    `least` is the least side of a window, as a share of the whole; `styled` the share of maps that
    get some of another's style.
    """
    return restyled(windowed(maps, draw, least=least), draw, share=styled)


def windowed(maps: Tensor, draw: torch.Generator, *, least: float) -> Tensor:
    """A window of each, drawn, mirrored half the time, and stretched to the whole."""
    count = len(maps)
    side = least + (1 - least) * torch.rand(count, 2, generator=draw)
    middle = (1 - side) * (2 * torch.rand(count, 2, generator=draw) - 1)
    mirror = 1.0 - 2.0 * (torch.rand(count, generator=draw) < 0.5).float()
    where = torch.zeros(count, 2, 3)
    where[:, 0, 0] = side[:, 0] * mirror
    where[:, 1, 1] = side[:, 1]
    where[:, :, 2] = middle
    grid = functional.affine_grid(where, list(maps.shape), align_corners=False)
    seen = functional.grid_sample(maps, grid, padding_mode="border", align_corners=False)
    return seen.contiguous(memory_format=torch.channels_last)


def restyled(maps: Tensor, draw: torch.Generator, *, share: float) -> Tensor:
    """A share of the maps with some of another's mean and spread in every channel."""
    count = len(maps)
    mean = maps.mean(dim=(2, 3), keepdim=True)
    spread = maps.std(dim=(2, 3), keepdim=True) + 1e-5
    other = torch.randperm(count, generator=draw)
    # Rather nearly its own or nearly the other's than between: a beta distribution of two halves.
    own = torch.rand(count, generator=draw).mul(torch.pi / 2).sin().square().view(-1, 1, 1, 1)
    kept = (torch.rand(count, generator=draw) >= share).float().view(-1, 1, 1, 1)
    own = torch.maximum(own, kept)
    to_mean = own * mean + (1 - own) * mean[other]
    to_spread = own * spread + (1 - own) * spread[other]
    return (maps - mean) / spread * to_spread + to_mean
