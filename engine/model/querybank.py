"""How near a passage lies to queries in general, so that it can be taken off.

Some passages are near everything that is ever asked, and would come first for everything. What
tells them apart is a bank of typical queries, kept with the weights: the soft maximum of the
cosines that a passage has with them is its hubness (*Cross Modal Retrieval with Querybank
Normalisation*, Bogolin, Croitoru, Jin, Liu, Albanie, CVPR 2022). The second look takes a share of
it off the cosine; the index knows nothing of it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from engine.model.architecture import QuerybankConfig


class Querybank(nn.Module):
    """Typical pictures and typical words, as unit vectors, and how much hubness weighs."""

    pictures: Tensor  # [size, joint]
    words: Tensor  # [size, joint]
    weight: Tensor  # of hubness beside the cosine; 0: nothing is taken off

    def __init__(self, config: QuerybankConfig, joint: int) -> None:
        super().__init__()
        self.temperature = config.temperature
        for name in ("pictures", "words"):
            self.register_buffer(name, torch.zeros(config.size, joint))
        self.register_buffer("weight", torch.zeros(()))

    def forward(self, passages: Tensor, seen: float, told: float) -> Tensor:
        """Unit vectors [n, joint] to their hubness [n], for a query `seen` picture + `told` words.

        A query's vector is that sum, and so its cosines are; hubness follows them.
        """
        hubness = passages.new_zeros(len(passages))
        for share, bank in ((seen, self.pictures), (told, self.words)):
            if share:
                hubness = hubness + share * self._soft_maximum(passages @ bank.T)
        return hubness

    def _soft_maximum(self, cosines: Tensor) -> Tensor:
        summed = torch.logsumexp(cosines / self.temperature, dim=1)
        return self.temperature * (summed - math.log(cosines.shape[1]))
