"""Weights as they are stored: in half precision, and large matrices in whole steps.

A row of such a matrix is 8-bit numbers and one step that they are multiples of, which is half the
size again. A row's step is its largest weight by 127, so that no weight is off by more than half
of that.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

STEP = ".step"  # behind a tensor's name: the steps of its rows
LARGE = 1 << 14  # weights; less is not worth the bother
MOST = 127


def stored(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """By name, what goes into a file."""
    kept = {}
    for name, value in weights.items():
        weight = value.detach()
        if weight.dim() > 1 and weight.numel() >= LARGE:
            rows = weight.float().flatten(1)
            step = (rows.abs().amax(1) / MOST).clamp(min=torch.finfo(torch.float).tiny)
            whole = (rows / step[:, None]).round()
            kept[name] = whole.to(torch.int8).view(weight.shape).contiguous()
            kept[name + STEP] = step
        else:
            kept[name] = weight.half().contiguous()
    return kept


def restored(kept: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights again. Raises KeyError where a matrix of whole numbers has no steps."""
    weights = {}
    for name, value in kept.items():
        if value.dtype is torch.int8:
            step = kept[name + STEP]
            weights[name] = value.float() * step.view(-1, *[1] * (value.dim() - 1))
        elif not name.endswith(STEP):
            weights[name] = value
    return weights
