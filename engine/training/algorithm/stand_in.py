"""Where pictures have vanished: a caption's text embedding, with noise, stands for the picture's.

CLIP's texts and pictures lie in two regions of the joint space, a *modality gap* apart (Liang et
al. 2022). The gap is the difference of their means; a caption's vector is moved by it, and while
training noise is added (Nukrai et al. 2022), so that the cross-encoder learns from a cloud about
each caption and is at home when a picture comes. Any pictures will do to measure the gap, since
only their mean is needed: those of the pairs that are still there, or a folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.bundles import Progress
from engine.data.pairs import read_pairs
from engine.errors import InputError
from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.model.image_towers import PictureFeatures
from engine.model.text_towers import TextReader
from engine.training.algorithm.examples import captions_to_learn_from
from engine.training.algorithm.sources import Inputs, keep_pictures, keep_texts, kept_texts
from engine.training.text_features import TextStore

MOST_PICTURES = 2000  # a mean needs no more
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif")


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap between captions and pictures, and what moving the captions by it did."""

    vector: Tensor  # [joint]
    pictures: int  # so many it was measured on
    before: float | None  # mean cosine of a caption and its own picture; None without such pairs
    after: float | None  # and with the caption moved

    @property
    def length(self) -> float:
        """Of the vector; two opposite unit vectors would be 2 apart."""
        return float(self.vector.norm())

    def to_json(self) -> dict[str, float | int | None]:
        """For the record of the training."""
        rounded = {
            name: None if value is None else round(value, 4)
            for name, value in (("before", self.before), ("after", self.after))
        }
        return {"length": round(self.length, 4), "pictures": self.pictures, **rounded}


class StandInSource:
    """Captions' vectors where pictures' would be; texts as the frozen tower read them."""

    def __init__(self, askers: Tensor, texts: TextStore, limit: int) -> None:
        self._askers = askers  # [captions, joint], moved across the gap, unit
        self._texts = texts
        self._limit = limit

    def fetch(self, askers: Sequence[int], texts: Sequence[int]) -> Inputs:
        """Features in single precision; a caption has no patches, so there are no tokens."""
        vectors = self._askers[list(askers)]
        nothing = vectors.new_empty(len(vectors), 0, 1)
        return Inputs(
            PictureFeatures(nothing, vectors), kept_texts(self._texts, texts, self._limit)
        )


def stand_in_source(
    network: CEClip,
    reader: TextReader,
    captions: Sequence[str],
    texts: Sequence[str],
    gap: Gap | None,
    folder: Path,
) -> StandInSource:
    """Captions read by the frozen text tower, moved by the gap where there is one."""
    limit = network.architecture.text.context
    vectors = caption_vectors(network, reader, captions, folder)
    if gap is not None:
        vectors = unit(vectors + gap.vector)
    return StandInSource(vectors, keep_texts(network, reader, texts, limit, folder), limit)


@torch.inference_mode()
def caption_vectors(
    network: CEClip, reader: TextReader, captions: Sequence[str], folder: Path
) -> Tensor:
    """Unit vectors [n, joint] of captions as words that ask."""
    limit = network.architecture.text.context
    pooled = keep_texts(network, reader, captions, limit, folder).pooled
    device = next(network.parameters()).device
    return network.words_vector(pooled.to(device)).float().cpu().clone()


@torch.inference_mode()
def measure_gap(
    network: CEClip,
    reader: TextReader,
    pairs: Path,
    pictures: Path | None,
    folder: Path,
    progress: Progress,
) -> Gap:
    """The gap between the captions of `pairs` and their pictures, or those of a folder.

    Raises `InputError` where there is no picture to measure it on.
    """
    captions = captions_to_learn_from(pairs)
    if pictures is None:
        owned = {one.id: one.image for one in read_pairs(pairs) if one.image.is_file()}
        both = sorted(set(owned) & set(captions))[:MOST_PICTURES]
        images, said = [owned[one] for one in both], [captions[one] for one in both]
    else:
        found = (path for path in pictures.rglob("*") if path.suffix.lower() in SUFFIXES)
        images, said = sorted(found)[:MOST_PICTURES], sorted(set(captions.values()))
    if not images:
        raise InputError(
            "There is no picture to measure the gap between captions and pictures on; give a "
            "folder of any pictures as --pictures FOLDER, or set stand-in.correct-gap = false."
        )
    pooled = keep_pictures(network, images, folder, progress)[1]
    seen = unit(torch.from_numpy(pooled).float())
    told = caption_vectors(network, reader, said, folder)
    vector = seen.mean(0) - told.mean(0)
    before = after = None
    if pictures is None:
        before = float((seen * told).sum(1).mean())
        after = float((seen * unit(told + vector)).sum(1).mean())
    return Gap(vector, len(images), before, after)
