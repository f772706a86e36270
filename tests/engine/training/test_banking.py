"""Typical queries: found among many, and weighed by what they help to find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from PIL import Image

from engine.model.architecture import QuerybankConfig
from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.model.pictures import PictureFormat, pixels
from engine.training.banking import bank_queries, centres, typical_pictures
from engine.training.reranking import Reading, fitted

Make = Callable[[int], CEClip]


def test_each_crowd_has_its_centre() -> None:
    draw = torch.Generator().manual_seed(2)
    middles = unit(torch.randn(4, 32, generator=draw))
    crowds = unit(middles.repeat(50, 1) + 0.03 * torch.randn(200, 32, generator=draw))
    found = centres(crowds, 4, seed=0)
    assert (middles @ found.T).amax(1) == pytest.approx(torch.ones(4), abs=0.01)
    assert found.norm(dim=1) == pytest.approx(torch.ones(4), abs=1e-5)
    assert torch.equal(found, centres(crowds, 4, seed=0))


def test_too_few_queries_are_refused() -> None:
    with pytest.raises(ValueError, match="3 queries are too few for a bank of 4"):
        centres(torch.eye(3), 4, seed=0)


def test_a_bank_is_of_the_network_and_weighs_nothing_at_first(make_network: Make) -> None:
    network, joint = make_network(1), 32
    draw = torch.Generator().manual_seed(3)
    pictures, words = (unit(torch.randn(20, joint, generator=draw)) for _ in range(2))
    config = QuerybankConfig(size=5)
    bank_queries(network, config, pictures, words, seed=0)
    assert network.architecture.querybank == config
    cosines, passages = torch.rand(6), unit(torch.randn(6, joint, generator=draw))
    assert torch.equal(network.nearness(cosines, network.hubness(passages, 1.0, 0.0)), cosines)


def test_every_picture_is_read_once_and_every_other_as_if_it_hung(make_network: Make) -> None:
    network = make_network(1)
    pictures = [
        (f"{at:02}.jpg", Image.effect_noise((64, 64), 40 + 9 * at).convert("RGB"))
        for at in range(11)
    ]
    names = [name for name, _ in pictures[:10]]
    found = typical_pictures(network, pictures, names)
    assert found.shape == (10, 32)
    form = PictureFormat.of(network.architecture.image)
    with torch.no_grad():
        whole = network.picture(pixels([image for _, image in pictures[:10]], form))[1]
    same = [torch.allclose(a, b, atol=1e-4) for a, b in zip(found, whole, strict=True)]
    assert same == [True, False] * 5


def test_hubness_is_weighed_by_what_it_helps_to_find() -> None:
    # Of every query the wrong text is as near as it is near to all; the right one is not.
    draw = torch.Generator().manual_seed(5)
    hubness = torch.rand(400, 10, generator=draw)
    true = torch.randn(400, 10, generator=draw) * 0.1
    true[:, 0] += 0.3
    reading = Reading(0.1 * torch.randn(400, 10, generator=draw), true + 0.6 * hubness, hubness)
    _, cosine, hub, _ = fitted([reading]).tolist()
    assert hub / cosine == pytest.approx(0.6, abs=0.08)
    without = Reading(reading.own, true, torch.zeros(400, 10))
    assert fitted([without])[1] > 0
