"""How much words weigh beside a picture, worked out instead of guessed.

Pictures that no training saw stand in for works with words about them: half of the words of one
caption, drawn at random, are what is known of the work, and another caption of the same picture
is what is to be found. Half, because what staff write of a work says less of what is to be seen
than a caption does. The words' share is the one that finds the caption best.
"""

from __future__ import annotations

import random

import numpy as np
import torch

from engine.model.ceclip import CEClip
from engine.model.text_towers import TextReader, padded
from engine.training.alignment import picture_vectors
from engine.training.metrics import ranks_from_scores
from engine.training.sets import TrainingData

SHARES = tuple(round(0.05 * step, 2) for step in range(21))


@torch.inference_mode()
def words_weight(network: CEClip, reader: TextReader, data: TrainingData, *, seed: int) -> float:
    """The share of the words, 0..1, as `Encoder.combine` takes it."""
    found = share_figures(network, reader, data, seed=seed)
    return max(found, key=lambda share: found[share])


@torch.inference_mode()
def share_figures(
    network: CEClip, reader: TextReader, data: TrainingData, *, seed: int
) -> dict[float, float]:
    """Each share with the mean reciprocal rank that it gives on the validation pictures."""
    network.eval()
    rng = random.Random(seed)  # noqa: S311 - a draw, not a secret
    captions = data.validation_pictures.captions
    halves = [_half(data.captions[ids[0]], rng) for ids in captions]
    words = network.words_vector(network.text(*padded(reader.ids(halves))).pooled)
    answers = network.passage_vector(data.caption_texts.pooled[[ids[-1] for ids in captions]])
    pictures = picture_vectors(network, data.validation_pictures)
    target = np.arange(len(captions))
    figures = {}
    for share in SHARES:
        # The mixture's length is the same for every candidate, so it changes no rank.
        scores = ((1 - share) * pictures + share * words) @ answers.T
        figures[share] = float(np.mean(1.0 / ranks_from_scores(scores.numpy(), target)))
    return figures


def _half(text: str, rng: random.Random) -> str:
    words = text.split()
    kept = sorted(rng.sample(range(len(words)), max(1, len(words) // 2)))
    return " ".join(words[at] for at in kept)
