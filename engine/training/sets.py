"""Training data as tensors: pictures in several versions, texts by row, and who belongs to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.model.image_towers import PictureFeatures
from engine.training.text_features import TextStore


@dataclass(frozen=True, slots=True)
class PictureSet:
    """Pictures with their captions; each picture in one or more versions of itself."""

    tokens: Tensor  # [V, n, P, D], float16: version 0 is the photograph, the rest painterly
    pooled: Tensor  # [V, n, E]
    captions: Sequence[Sequence[int]]  # per picture, rows of the text store

    def __len__(self) -> int:
        return len(self.captions)

    def features(self, rows: Tensor, version: Tensor | int = 0) -> PictureFeatures:
        """Features of these pictures [B], each in its version ([B], or one for all)."""
        return PictureFeatures(
            self.tokens[version, rows].float(), self.pooled[version, rows].float()
        )

    def draw_versions(self, count: int, plain: float, generator: torch.Generator) -> Tensor:
        """For each of `count` pictures a version: the photograph with probability `plain`."""
        versions = len(self.tokens)
        if versions == 1:
            return torch.zeros(count, dtype=torch.long)
        drawn = torch.randint(1, versions, (count,), generator=generator)
        return torch.where(torch.rand(count, generator=generator) < plain, 0, drawn)


@dataclass(frozen=True, slots=True)
class PoemSet:
    """Sentences that stand in for pictures and the poems that belong to them, as rows."""

    captions: Tensor  # [n], rows of the text store
    poems: Tensor  # [n]

    def __len__(self) -> int:
        return len(self.poems)


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything a training reads: two text stores, and both sets on both sides of the cut."""

    captions: Sequence[str]  # what the rows of `caption_texts` say
    caption_texts: TextStore
    poem_texts: TextStore
    pictures: PictureSet
    validation_pictures: PictureSet
    held_out_pictures: PictureSet
    poems: PoemSet
    held_out_poems: PoemSet
