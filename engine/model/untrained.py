"""A bundle's sentence encoder as its package ships it: what training is to be better than."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import normalize

from engine.bundles import Bundle
from engine.model.architecture import read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import text_reader
from engine.model.text_towers import padded

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Words that ask."""

    vector: Floats  # [dimensions], length 1


class UntrainedSentences:
    """Ranks texts for words by the package's own vectors; words ask as they answer.

    Serves `engine.evaluation.evaluate`, which asks nothing else of an encoder without reranking.
    """

    reranks = False

    def __init__(self, bundle: Bundle) -> None:
        self._network = CEClip(read_architecture(bundle.manifest))
        self._network.load_towers(bundle.folder)
        self._network.eval()
        self._reader = text_reader(self._network, bundle.folder)

    @torch.inference_mode()
    def passages(self, texts: Sequence[str], *, batch_size: int = 32, **_: Any) -> Floats:
        """Unit vectors [n, dimensions]."""
        ids = self._reader.ids(texts)
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        vectors = np.zeros((len(ids), self._network.text_tower.pooled_width), np.float32)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            pooled = self._network.text(*padded([ids[row] for row in rows])).pooled
            vectors[rows] = normalize(pooled, dim=-1).numpy()
        return vectors

    def words(self, text: str) -> Asked:
        """Words that ask."""
        return Asked(self.passages([text])[0])
