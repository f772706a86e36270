"""Captions that stand in for vanished pictures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.bundles import read_bundle
from engine.errors import InputError
from engine.loading import load_encoder
from engine.model.heads import unit
from engine.picture import load_picture
from engine.training.algorithm.curves import read_curve
from engine.training.algorithm.objective import blurred
from engine.training.algorithm.run import train
from engine.training.algorithm.shapes import write_shapes
from engine.training.algorithm.sources import Inputs, PictureFeatures
from engine.training.algorithm.stand_in import caption_vectors, measure_gap
from engine.training.algorithm.starting import new_network

STAND_IN = {
    "weights__clip": None,
    "batch": 16,
    "micro_batch": 8,
    "warm_up__epochs": 2,
    "warm_up__rate": 2e-3,
    "fine_tune__epochs": 0,
}


@pytest.fixture
def captioned(tmp_path: Path) -> Path:
    folder = tmp_path / "captioned"
    write_shapes(folder, 60, seed=3)
    return folder


@pytest.fixture
def plan(tiny: Path, recipe: Any) -> Any:
    changes = STAND_IN | {"weights__clip": f"local-dir:{tiny / 'clip'}"}
    return lambda **more: recipe("stand-in", **(changes | more))


def quiet(_sentence: str) -> None:
    pass


def test_the_gap_is_the_difference_of_the_means_and_moving_closes_it(
    captioned: Path, tmp_path: Path, plan: Any
) -> None:
    network, reader = new_network(plan())
    network.eval()
    gap = measure_gap(network, reader, captioned, None, tmp_path / "kept", lambda *_: None)
    assert gap.pictures == 60
    assert gap.length > 0.3  # the tiny towers' two regions lie apart as CLIP's do
    assert gap.before is not None
    assert gap.after is not None
    assert gap.after > gap.before + 0.2
    # By hand, from the files.
    rows = [json.loads(line) for line in (captioned / "pairs.jsonl").read_text().splitlines()]
    said = caption_vectors(network, reader, [row["caption"] for row in rows], tmp_path / "again")
    with torch.no_grad():
        from engine.model.pictures import pixels
        from engine.training.algorithm.sources import picture_format

        images = [load_picture(captioned / row["image"]) for row in rows]
        seen = unit(network.image_tower(pixels(images, picture_format(network))).pooled)
    assert torch.allclose(gap.vector, seen.mean(0) - said.mean(0), atol=1e-3)


def test_any_pictures_will_do_for_the_gap(captioned: Path, tmp_path: Path, plan: Any) -> None:
    network, reader = new_network(plan())
    elsewhere = tmp_path / "elsewhere"
    shutil.move(captioned / "images", elsewhere)
    with pytest.raises(InputError, match="give a folder of any pictures as --pictures"):
        measure_gap(network, reader, captioned, None, tmp_path / "kept", lambda *_: None)
    gap = measure_gap(network, reader, captioned, elsewhere, tmp_path / "kept", lambda *_: None)
    assert gap.length > 0.3
    assert gap.before is None


def test_noise_is_as_long_as_it_is_said_to_be() -> None:
    torch.manual_seed(1)
    vectors = unit(torch.randn(50, 200))
    inputs = Inputs(PictureFeatures(vectors.new_empty(50, 0, 1), vectors), (vectors, vectors))
    noisy = blurred(inputs, 0.5).pictures
    assert isinstance(noisy, PictureFeatures)
    lengths = (noisy.pooled - vectors).norm(dim=1)
    assert lengths.mean() == pytest.approx(0.5, rel=0.05)
    assert blurred(inputs, 0.0) is inputs


def test_without_a_picture_it_learns_and_then_answers_one(
    captioned: Path, tiny: Path, tmp_path: Path, plan: Any
) -> None:
    picture = load_picture(captioned / "images" / "0001.png")
    shutil.rmtree(captioned / "images")
    out = tmp_path / "out"
    trained = train(plan(), captioned, out, pictures=tiny / "pairs" / "images", say=quiet)
    assert trained is not None
    assert {row["stage"] for row in read_curve(out / "steps.csv")} == {"warm-up"}
    bundle = read_bundle(trained.bundle)
    assert bundle.manifest["training"]["gap"]["length"] > 0.3
    encoder = load_encoder(bundle)
    scores = encoder.score(encoder.picture(picture), ["See the red moon", "O the golden peak"])
    assert ((scores > 0) & (scores < 1)).all()


def test_noise_differs_from_look_to_look_and_returns_with_the_seed(
    captioned: Path, tmp_path: Path, plan: Any
) -> None:
    told = []
    for name, noise in (("a", 0.5), ("b", 0.5), ("c", 0.0)):
        train(plan(stand_in__noise=noise), captioned, tmp_path / name, say=quiet)
        told.append([row["loss"] for row in read_curve(tmp_path / name / "steps.csv")])
    assert told[0] == told[1] != told[2]
