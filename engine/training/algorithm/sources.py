"""Where a batch comes from: pixels and ids for towers that learn, kept features for frozen ones.

In warm-up the towers are frozen, so what they say of a picture or a poem never changes: it is
worked out once and kept on the disk under the towers' fingerprint, and an epoch costs the
cross-encoder only (Algorithm 1, stage 1).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engine.bundles import Progress
from engine.model.ceclip import CEClip
from engine.model.image_towers import PictureFeatures
from engine.model.pictures import PictureFormat, pixels
from engine.model.text_towers import TextFeatures, TextReader, cut, padded
from engine.picture import load_picture
from engine.training.text_features import TextStore, text_store

CHUNK = 32  # pictures that the frozen tower reads at once


@dataclass(frozen=True, slots=True)
class Inputs:
    """A micro-batch before the network: one entry a pair, one a text (see `Source.fetch`)."""

    pictures: Tensor | PictureFeatures  # pixels [m, 3, S, S], or what the frozen tower said
    texts: tuple[Tensor, Tensor] | TextFeatures  # ids and mask [t, T], or likewise

    def to(self, device: torch.device) -> Inputs:
        """The same on a device."""
        if isinstance(self.pictures, PictureFeatures):
            pictures: Tensor | PictureFeatures = PictureFeatures(
                self.pictures.tokens.to(device), self.pictures.pooled.to(device)
            )
        else:
            pictures = self.pictures.to(device)
        if isinstance(self.texts, TextFeatures):
            texts = self.texts
            return Inputs(
                pictures,
                TextFeatures(
                    texts.tokens.to(device), texts.mask.to(device), texts.pooled.to(device)
                ),
            )
        ids, mask = self.texts
        return Inputs(pictures, (ids.to(device), mask.to(device)))


class Source(Protocol):
    """Gives what a micro-batch is made from."""

    def fetch(self, askers: Sequence[int], texts: Sequence[int]) -> Inputs:
        """For rows of pictures (or captions) and rows of texts, in their order."""
        ...


class LiveSource:
    """Pixels and ids: the towers read them anew each time, because they learn."""

    def __init__(self, images: Sequence[Path], form: PictureFormat, ids: Sequence[list[int]]):
        self._images = images
        self._form = form
        self._ids = ids

    def fetch(self, askers: Sequence[int], texts: Sequence[int]) -> Inputs:
        """Pictures are opened here; `PictureError` names one that cannot be read."""
        return Inputs(
            pixels([load_picture(self._images[row]) for row in askers], self._form),
            padded([self._ids[row] for row in texts]),
        )


class KeptSource:
    """What frozen towers said of each picture and each text."""

    def __init__(self, tokens: np.ndarray, pooled: np.ndarray, texts: TextStore, limit: int):
        self._tokens = tokens  # [n, P, D] float16, mapped from the disk
        self._pooled = pooled  # [n, E] float32
        self._texts = texts
        self._limit = limit

    def fetch(self, askers: Sequence[int], texts: Sequence[int]) -> Inputs:
        """Features in single precision."""
        return Inputs(self._pictures(askers), kept_texts(self._texts, texts, self._limit))

    def _pictures(self, rows: Sequence[int]) -> PictureFeatures:
        tokens = torch.from_numpy(np.asarray(self._tokens[list(rows)], np.float32))
        return PictureFeatures(tokens, torch.from_numpy(self._pooled[list(rows)]))


def kept_texts(store: TextStore, rows: Sequence[int], limit: int) -> TextFeatures:
    """These texts' features from the store."""
    tokens, mask = store.batch(rows, limit)
    return TextFeatures(tokens, mask, store.pooled[list(rows)])


def picture_format(network: CEClip) -> PictureFormat:
    """The square that the network's image tower reads."""
    return PictureFormat.of(network.architecture.image)


def text_ids(reader: TextReader, texts: Sequence[str], limit: int) -> list[list[int]]:
    """Ids of each text; a longer one is cut, as published, and keeps its end mark."""
    rows = reader.ids(texts)
    return [cut(row, limit) for row in rows]


def towers_fingerprint(network: CEClip) -> str:
    """Changes with a weight of either tower, and with the square that pictures are made."""
    digest = hashlib.sha256(repr(picture_format(network)).encode())
    for tower in (network.image_tower, network.text_tower):
        for name, value in sorted(tower.state_dict().items()):
            digest.update(name.encode())
            digest.update(value.detach().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def keep_pictures(
    network: CEClip, images: Sequence[Path], folder: Path, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens [n, P, D] and pooled [n, E] of these pictures; a run that was killed goes on.

    They lie in `folder` under the names of the pictures, so other pictures get other files.
    """
    names = hashlib.sha256("\0".join(map(str, images)).encode()).hexdigest()[:16]
    tokens_at, pooled_at = folder / f"{names}-tokens.npy", folder / f"{names}-pooled.npy"
    count_at = folder / f"{names}-done.json"
    form, device = picture_format(network), next(network.parameters()).device
    if not count_at.exists():
        folder.mkdir(parents=True, exist_ok=True)
        features = _read(network, form, images[:1], device)
        for path, one, kind in (
            (tokens_at, features.tokens, np.float16),
            (pooled_at, features.pooled, np.float32),
        ):
            shape = (len(images), *one.shape[1:])
            np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape).flush()
        count_at.write_text("0")
    done = int(json.loads(count_at.read_text()))
    tokens = np.load(tokens_at, mmap_mode="r+" if done < len(images) else "r")
    pooled = np.load(pooled_at, mmap_mode="r+" if done < len(images) else "r")
    for at in range(done, len(images), CHUNK):
        features = _read(network, form, images[at : at + CHUNK], device)
        tokens[at : at + CHUNK] = features.tokens.half().cpu().numpy()
        pooled[at : at + CHUNK] = features.pooled.float().cpu().numpy()
        tokens.flush()
        pooled.flush()
        done = min(at + CHUNK, len(images))
        # The count is written last: it never promises what is not on the disk.
        fresh = count_at.with_suffix(".new")
        fresh.write_text(str(done))
        fresh.replace(count_at)
        progress("reading pictures", done, len(images))
    return tokens, np.asarray(pooled)


@torch.inference_mode()
def _read(
    network: CEClip, form: PictureFormat, images: Sequence[Path], device: torch.device
) -> PictureFeatures:
    network.image_tower.eval()
    values = pixels([load_picture(path) for path in images], form)
    features: PictureFeatures = network.image_tower(values.to(device))
    return features


def keep_texts(
    network: CEClip, reader: TextReader, texts: Sequence[str], limit: int, folder: Path
) -> TextStore:
    """Features of these texts, from the folder where they are there."""
    network.text_tower.eval()
    return text_store(network, reader, texts, limit, folder)
