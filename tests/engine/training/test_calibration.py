"""Words against the picture, weighed on scenes with made-up pictures and a tiny network."""

from __future__ import annotations

import json
import lzma
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.model.encoder import Encoder
from engine.model.weighing import WordsWeight
from engine.training.calibration import (
    HALF,
    MOST,
    Scene,
    share_figures,
    validation_scenes,
    words_calibration,
)
from engine.training.data import read_captions
from engine.training.reading import CAPTIONS, PICTURES

COLOURS = ("navy", "gold", "darkred", "white", "green", "black")
SAID = (
    "the sea is dark and deep",
    "gold sun sets on the sea",
    "a dog runs in snow",
    "moon and night",
    "the boats",
    "night is deep",
)


POEMS = tuple(f"{said} and {said}" for said in SAID)


@pytest.fixture
def scenes() -> list[Scene]:
    """Six pictures of one colour each, and five captions, of which the last says the same."""
    return [
        Scene(Image.new("RGB", (40, 40), colour), [f"{said} {at}" for at in range(4)] + [said])
        for colour, said in zip(COLOURS, SAID, strict=True)
    ]


def test_the_best_weighing_is_the_one_that_finds_most(
    encoder: Encoder, scenes: list[Scene]
) -> None:
    figures = share_figures(encoder, scenes, POEMS, seed=1)
    assert len(figures) == len(MOST) * len(HALF)
    assert all(0 < figure <= 1 for figure in figures.values())
    found = words_calibration(encoder, scenes, POEMS, seed=1)
    best = WordsWeight(found["words_weight"], found["words_half"])
    assert figures[best] == max(figures.values())


def test_words_that_name_what_is_sought_win_over_a_picture_that_does_not(
    encoder: Encoder, scenes: list[Scene]
) -> None:
    """All pictures alike: then words alone tell the poems apart, and more of them is better."""
    blind = [replace(scene, picture=scenes[0].picture) for scene in scenes]
    figures = share_figures(encoder, blind, POEMS, seed=1)
    assert figures[WordsWeight(1.0)] > figures[WordsWeight(0.0)]
    assert words_calibration(encoder, blind, POEMS, seed=1)["words_weight"] > 0


def test_scenes_are_the_validation_pictures_made_painterly(tmp_path: Path) -> None:
    names = [f"{at}.jpg" for at in range(1500)]
    rows = [
        json.dumps({"image": name, "caption": f"{name} {at}"}) for name in names for at in range(5)
    ]
    (tmp_path / CAPTIONS).write_bytes(lzma.compress("\n".join(rows).encode()))
    wanted = read_captions(tmp_path / CAPTIONS).validation
    assert wanted
    with tarfile.open(tmp_path / PICTURES, "w") as archive:
        for name in names:
            file = BytesIO()
            Image.new("RGB", (8, 8), "navy").save(file, "JPEG")
            member = tarfile.TarInfo(name)
            member.size = len(file.getvalue())
            archive.addfile(member, BytesIO(file.getvalue()))
    scenes = validation_scenes(tmp_path, seed=2)
    assert [tuple(scene.captions) for scene in scenes] == [
        tuple(wanted[name]) for name in names if name in wanted
    ]
    plain = np.asarray(Image.new("RGB", (8, 8), "navy"))
    assert any(not np.array_equal(np.asarray(scene.picture), plain) for scene in scenes)
