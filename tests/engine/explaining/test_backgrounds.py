"""What pictures in general carry, and from how much more on a thing is named."""

from __future__ import annotations

import numpy as np
import pytest

from engine.explaining import Background, measure_background
from engine.explaining.backgrounds import FEWEST, pictured
from tests.engine.explaining.test_reasons import AddsUp

PLACE = {concept.key: place for place, concept in enumerate(pictured())}


def picture(**near: float) -> np.ndarray:
    axis = np.zeros(len(PLACE), np.float32)
    for key, cosine in near.items():
        axis[PLACE[key]] = cosine
    return axis


def test_means_are_those_of_the_pictures() -> None:
    background, _ = measure_background(AddsUp(), [(picture(sea=0.4), ""), (picture(), "")])
    assert background.means["sea"] == pytest.approx(0.2)
    assert background.means["dog"] == 0.0
    assert background.threshold is None


def test_a_threshold_that_names_what_is_described() -> None:
    pictures = [(picture(sea=0.5), "The sea.") for _ in range(FEWEST)]
    pictures += [(picture(dog=0.1), "A field.") for _ in range(FEWEST)]
    background, measured = measure_background(AddsUp(), pictures)
    assert background.threshold is not None
    assert background.threshold == pytest.approx(0.15)
    assert measured == {"named": FEWEST, "right": 1.0}


def test_none_where_the_model_names_what_is_not_there() -> None:
    pictures = [(picture(sea=0.5), "A dog.") for _ in range(FEWEST)]
    pictures += [(picture(), "A dog.") for _ in range(FEWEST)]
    background, measured = measure_background(AddsUp(), pictures)
    assert background.threshold is None
    assert measured == {"named": FEWEST, "right": 0.0}


def test_no_pictures_no_background() -> None:
    assert measure_background(AddsUp(), [])[0] == Background()


def test_it_is_kept_as_plain_facts() -> None:
    kept = Background({"sea": 0.25}, 0.125)
    assert Background.of_json(kept.to_json()) == kept
    assert Background.of_json(Background().to_json()) == Background()
    with pytest.raises(KeyError):
        Background.of_json({})
