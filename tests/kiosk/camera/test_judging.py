"""What is worth a search, judged on real paintings as they are and as a camera might see them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from engine.picture import load_picture
from kiosk.camera.judging import judge
from kiosk.config import Settings
from kiosk.events import PictureFault
from kiosk.store.database import open_store


@pytest.fixture(scope="module")
def paintings(installed: Settings) -> list[tuple[str, Image.Image]]:
    with open_store(installed.store_path) as store:
        found = [
            (work.title, store.picture_path(work))
            for work in store.artworks.list()
            if work.image is not None
        ]
    assert len(found) >= 10
    return [(title, load_picture(Path(str(path)))) for title, path in found]


def lit(picture: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(factor)


def noisy(picture: Image.Image, spread: float) -> Image.Image:
    draw = np.random.default_rng(7)
    seen = np.asarray(picture, dtype=float)
    return Image.fromarray(np.clip(seen + draw.normal(0, spread, seen.shape), 0, 255).astype("u1"))


@pytest.mark.parametrize("light", [0.5, 1.0, 1.6])
def test_paintings_pass_in_any_fair_light(
    paintings: list[tuple[str, Image.Image]], light: float
) -> None:
    assert {title: judge(lit(picture, light)) for title, picture in paintings} == {
        title: None for title, _ in paintings
    }


def test_a_painting_in_the_dark_is_too_dark(paintings: list[tuple[str, Image.Image]]) -> None:
    faults = {title: judge(lit(picture, 1 / 15)) for title, picture in paintings}
    assert set(faults.values()) == {PictureFault.DARK}


def test_a_painting_behind_glare_is_too_bright(paintings: list[tuple[str, Image.Image]]) -> None:
    white = {
        title: judge(Image.blend(picture, Image.new("RGB", picture.size, "white"), 0.95))
        for title, picture in paintings
    }
    assert set(white.values()) == {PictureFault.BRIGHT}


@pytest.mark.parametrize("grey", [60, 128, 200])
@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_a_wall_is_empty_however_its_camera_rustles(grey: int, noise: float) -> None:
    wall = Image.new("RGB", (640, 480), (grey, grey, grey - 8))
    assert judge(noisy(wall, noise)) is PictureFault.EMPTY


def test_a_covered_lens_is_dark_even_with_noise() -> None:
    assert judge(noisy(Image.new("RGB", (640, 480), "black"), 8.0)) is PictureFault.DARK


def test_a_lamp_is_too_bright() -> None:
    assert judge(Image.new("RGB", (640, 480), (252, 253, 250))) is PictureFault.BRIGHT


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (5, 5), (4000, 30)])
def test_any_size_is_judged(size: tuple[int, int]) -> None:
    assert judge(Image.new("RGB", size, (90, 90, 90))) is PictureFault.EMPTY
