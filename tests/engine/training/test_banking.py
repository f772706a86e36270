"""Typical queries: found among many, and weighed by what they help to find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from engine.model.architecture import QuerybankConfig
from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.model.pictures import PictureFormat, pixels
from engine.model.querybank import QueryKind
from engine.training.banking import (
    bank_queries,
    bank_words,
    centres,
    seeking,
    typical_pictures,
    weigh_hubness,
)
from engine.training.pairs import Asked
from engine.training.reranking import Task, similarities
from engine.training.text_features import TextStore

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
    config = QuerybankConfig(queries=5)
    bank_queries(network, config, pictures, words, seed=0)
    assert network.architecture.querybank == config
    passages = network.as_passages(unit(torch.randn(6, joint, generator=draw)))
    queries = network.as_queries(pictures, QueryKind.PICTURE)
    assert torch.allclose(queries @ passages.T, pictures @ passages[:, :joint].T, atol=1e-6)


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


def test_typical_words_are_replaced_and_pictures_stay(make_network: Make) -> None:
    network, joint = make_network(1), 32
    draw = torch.Generator().manual_seed(3)
    pictures, words, others = (unit(torch.randn(20, joint, generator=draw)) for _ in range(3))
    bank_queries(network, QuerybankConfig(queries=5), pictures, words, seed=0)
    assert network.querybank is not None
    before = network.querybank.pictures.clone()
    bank_words(network, others, seed=0)
    assert torch.equal(network.querybank.pictures, before)
    assert torch.equal(network.querybank.words, centres(others, 5, seed=0))


@pytest.mark.parametrize("kind", list(QueryKind))
def test_hubness_is_weighed_by_what_it_helps_to_find(make_network: Make, kind: QueryKind) -> None:
    # Half of the texts lie towards all queries of one kind; none of them is ever the right one.
    network, joint = make_network(1), 32
    draw = torch.Generator().manual_seed(5)

    def noise(count: int) -> Tensor:
        return torch.randn(count, joint, generator=draw)

    middle = unit(noise(1))
    right = unit(noise(200))
    texts = torch.cat([right, unit(right + 0.8 * middle)])
    queries = unit(right + 1.2 * middle + 0.4 * noise(200) / joint**0.5)
    others = unit(noise(200))
    both = (queries, others) if kind is QueryKind.PICTURE else (others, queries)
    bank_queries(network, QuerybankConfig(queries=50), *both, seed=0)
    network.text_projection.weight = nn.Parameter(torch.eye(joint))
    store = TextStore(texts, torch.zeros(0, 1), torch.zeros(401, dtype=torch.long))
    rows = torch.arange(400)
    asked = Asked(torch.zeros(200, 1, 1), torch.ones(200, 1), queries, kind)
    task = Task(asked, store, rows, rows[:200])

    def found() -> float:
        near = similarities(network, task)
        return (near.argmax(1) == task.target).float().mean().item()

    before = found()
    weight = weigh_hubness(network, kind, [seeking(network, task)])
    assert network.querybank is not None
    assert network.querybank.weights[kind] == pytest.approx(weight)
    assert network.querybank.weights[1 - kind] == 0
    assert weight > 0.2
    assert found() > before + 0.1


def test_what_has_no_bank_cannot_be_weighed(make_network: Make) -> None:
    with pytest.raises(ValueError, match="no querybank to weigh"):
        weigh_hubness(make_network(1), QueryKind.WORDS, [])
    with pytest.raises(ValueError, match="no querybank to put words into"):
        bank_words(make_network(1), torch.eye(32), seed=0)
