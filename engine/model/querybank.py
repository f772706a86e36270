"""How near a passage lies to queries in general, so that it can be taken off.

Some passages are near everything that is ever asked, and would come first for everything. What
tells them apart is a bank of typical queries, kept with the weights: the soft maximum of the
cosines that a passage has with them is its hubness (*Cross Modal Retrieval with Querybank
Normalisation*, Bogolin, Croitoru, Jin, Liu, Albanie, CVPR 2022).

Hubness is taken off by the dot product that would be worked out anyway: a passage's vector ends
with its hubness among pictures and its hubness among words, and a query's ends with what each
weighs for it, below nought. So the index, the short list and a server's database correct hubness
and know nothing of it.
"""

from __future__ import annotations

import math
from enum import IntEnum

import torch
from torch import Tensor, nn

from engine.model.architecture import QuerybankConfig


class QueryKind(IntEnum):
    """What asks; also the place of hubness among its like behind a passage's vector."""

    PICTURE = 0
    WORDS = 1


class Querybank(nn.Module):
    """Typical pictures and typical words, as unit vectors, and how much hubness among each weighs.

    A weight of 0.5 takes half of the hubness off the cosine; of 0, nothing.
    """

    pictures: Tensor  # [queries, joint]
    words: Tensor  # [queries, joint]
    weights: Tensor  # [2], by QueryKind

    def __init__(self, config: QuerybankConfig, joint: int) -> None:
        super().__init__()
        self.temperature = config.temperature
        for name in ("pictures", "words"):
            self.register_buffer(name, torch.zeros(config.queries, joint))
        self.register_buffer("weights", torch.zeros(len(QueryKind)))

    def hubness(self, passages: Tensor) -> Tensor:
        """Of passages, unit vectors [n, joint]: among pictures and among words, [n, 2]."""
        among = [self._soft_maximum(passages @ bank.T) for bank in (self.pictures, self.words)]
        return torch.stack(among, dim=1)

    def as_passages(self, vectors: Tensor) -> Tensor:
        """Unit vectors [n, joint] and behind them their hubness: [n, joint + 2]."""
        return torch.cat([vectors, self.hubness(vectors)], dim=1)

    def as_queries(self, vectors: Tensor, kind: QueryKind) -> Tensor:
        """Unit vectors [n, joint] and behind them what takes hubness off: [n, joint + 2]."""
        weights = torch.zeros_like(self.weights)
        weights[kind] = -self.weights[kind]
        return torch.cat([vectors, weights.expand(len(vectors), -1)], dim=1)

    def _soft_maximum(self, cosines: Tensor) -> Tensor:
        summed = torch.logsumexp(cosines / self.temperature, dim=1)
        return self.temperature * (summed - math.log(cosines.shape[1]))
