"""Photographs made to look a little like paintings.

A gallery hangs paintings, and there is no free set of paintings with captions to learn from. What
sets a painting apart for a tower trained on photographs is mostly its surface: no fine detail,
flat patches of few colours, a cast over everything, the weave of the canvas. Each of these is
put on by itself, at random, so that the adapter learns to look past them.
"""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps


def painterly(image: Image.Image, rng: random.Random) -> Image.Image:
    """The RGB picture after one brush and up to four other changes, drawn from `rng`."""
    brush = rng.choice((_strokes, _smooth, _blur, _strokes, _smooth))
    image = brush(image, rng)
    if rng.random() < 0.35:
        image = ImageOps.posterize(image, rng.choice((3, 4, 4, 5)))
    if rng.random() < 0.3:
        image = _few_colours(image, rng)
    tint = rng.random()
    if tint < 0.12:
        image = ImageOps.grayscale(image).convert("RGB")
    elif tint < 0.3:
        image = _sepia(image, rng)
    elif tint < 0.7:
        image = _cast(image, rng)
    if rng.random() < 0.5:
        image = ImageEnhance.Color(image).enhance(rng.uniform(0.4, 1.6))
        image = ImageEnhance.Contrast(image).enhance(rng.uniform(0.7, 1.3))
    if rng.random() < 0.6:
        image = _canvas(image, rng)
    if rng.random() < 0.5:
        image = ImageOps.mirror(image)
    return image


def _strokes(image: Image.Image, rng: random.Random) -> Image.Image:
    # The most common colour of a neighbourhood, seen at a lower resolution: flat, broad strokes.
    width, height = image.size
    scale = rng.uniform(0.5, 1.0)
    small = image.resize((max(8, int(width * scale)), max(8, int(height * scale))))
    small = small.filter(ImageFilter.ModeFilter(rng.choice((5, 7))))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def _smooth(image: Image.Image, rng: random.Random) -> Image.Image:
    for _ in range(rng.choice((1, 2))):
        image = image.filter(ImageFilter.MedianFilter(rng.choice((3, 5, 7))))
    return image


def _blur(image: Image.Image, rng: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 2.2)))


def _few_colours(image: Image.Image, rng: random.Random) -> Image.Image:
    return image.quantize(rng.choice((12, 24, 48)), Image.Quantize.MEDIANCUT).convert("RGB")


def _sepia(image: Image.Image, rng: random.Random) -> Image.Image:
    brown = ImageOps.colorize(ImageOps.grayscale(image), "#1c120a", "#f4e6c8", mid="#97754a")
    return Image.blend(image, brown, rng.uniform(0.4, 1.0))


def _cast(image: Image.Image, rng: random.Random) -> Image.Image:
    # Old varnish is warm and dark; some pictures are blue or green all over.
    colour = rng.choice(("#b08840", "#8a5a2a", "#5a7898", "#708860", "#a05048", "#d8c8a0"))
    return Image.blend(image, Image.new("RGB", image.size, colour), rng.uniform(0.08, 0.35))


def _canvas(image: Image.Image, rng: random.Random) -> Image.Image:
    noise = np.random.default_rng(rng.getrandbits(32))
    values = np.asarray(image, np.float32)
    height, width = values.shape[:2]
    weave = (
        np.sin(np.arange(width) * np.pi / 1.5)[None]
        + np.sin(np.arange(height) * np.pi / 1.5)[:, None]
    )
    grain = noise.normal(0.0, rng.uniform(3.0, 10.0), (height, width))
    values = values + (grain + weave * rng.uniform(0.0, 4.0))[..., None]
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
