"""A moving average of weights while they learn: what is kept in the end, and looked at before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor


class MovingAverage:
    """The average of some parameters, as they were after each step."""

    def __init__(self, parameters: Sequence[Tensor], kept: float) -> None:
        """A step keeps `kept` of the average; the first ones less, to forget the beginning."""
        self._parameters, self._kept = list(parameters), kept
        self._means = [parameter.detach().clone() for parameter in parameters]

    @torch.no_grad()
    def add(self, step: int) -> None:
        """Take in the weights after step number `step`, from 0."""
        kept = min(self._kept, (1 + step) / (10 + step))
        for mean, parameter in zip(self._means, self._parameters, strict=True):
            mean.lerp_(parameter, 1 - kept)

    @torch.no_grad()
    def settle(self) -> None:
        """Set the parameters to their averages for good."""
        for parameter, mean in zip(self._parameters, self._means, strict=True):
            parameter.copy_(mean)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The parameters are their averages for as long as this lasts."""
        own = [parameter.detach().clone() for parameter in self._parameters]
        self.settle()
        try:
            yield
        finally:
            with torch.no_grad():
                for parameter, value in zip(self._parameters, own, strict=True):
                    parameter.copy_(value)
