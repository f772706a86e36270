"""What trainings in tests learn from: noise with words to it."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image

SENTENCE = "the sea is dark and deep a dog runs in snow gold sun sets on boats moon"


def photograph(seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
    return Image.fromarray(noise).resize((64, 48), Image.Resampling.BICUBIC)


def sentence(draw: random.Random) -> str:
    return " ".join(draw.choices(SENTENCE.split(), k=7))
