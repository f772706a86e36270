"""How a picture becomes the square that a tower reads."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.model.pictures import FITS, PictureFormat, pixels, square


def wide() -> Image.Image:
    """Green in the middle, red at its left end and blue at its right."""
    image = Image.new("RGB", (300, 60), "green")
    image.paste("red", (0, 0, 30, 60))
    image.paste("blue", (270, 0, 300, 60))
    return image


def has(image: Image.Image, red: int, green: int, blue: int) -> bool:
    distance = np.abs(np.asarray(image, np.int64) - [red, green, blue]).max(axis=2)
    return bool((distance < 40).any())


@pytest.mark.parametrize("fit", FITS)
def test_it_is_square(fit: str) -> None:
    assert square(wide(), 48, fit).size == (48, 48)


@pytest.mark.parametrize(("fit", "kept"), [("stretch", True), ("pad", True), ("crop", False)])
def test_the_whole_painting_is_there_unless_it_is_cropped(fit: str, kept: bool) -> None:
    made = square(wide(), 48, fit)
    assert has(made, 0, 128, 0)
    assert has(made, 255, 0, 0) is kept
    assert has(made, 0, 0, 255) is kept


def test_colours_are_normalised_channel_by_channel() -> None:
    form = PictureFormat(8, "stretch", (0.5, 0.25, 0.0), (0.5, 0.5, 2.0))
    values = pixels([Image.new("RGB", (20, 10), (255, 0, 51)), wide()], form)
    assert values.shape == (2, 3, 8, 8)
    assert values[0, :, 3, 3].tolist() == pytest.approx([1.0, -0.5, 0.1], abs=1e-6)
