"""Both stages on made-up data that has something to learn in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.encoder import load_encoder, text_reader
from engine.training.alignment import AlignmentRecipe, align, alignment_figures, warm_cosine
from engine.training.crossing import CrossingRecipe, cross
from engine.training.pairs import ask_words
from engine.training.reranking import (
    Task,
    read_closely,
    reranked_figures,
    scores_of,
    settle,
    settling_tasks,
)
from engine.training.sets import PictureSet, PoemSet, TrainingData
from engine.training.text_features import TextStore, text_store

SUBJECTS = 12
Make = Callable[[int], CEClip]


def texts(count: int, spread: float, draw: torch.Generator) -> TextStore:
    """Three tokens a text around its subject; text i is about subject i % SUBJECTS."""
    subjects = torch.randn(SUBJECTS, 32, generator=torch.Generator().manual_seed(99))
    about = subjects[torch.arange(count) % SUBJECTS]
    tokens = about[:, None] + spread * torch.randn(count, 3, 32, generator=draw)
    return TextStore(tokens.mean(1), tokens.flatten(0, 1).half(), torch.arange(count + 1) * 3)


def pictures(count: int, versions: int, draw: torch.Generator) -> PictureSet:
    looks = torch.randn(SUBJECTS, 4, 1280, generator=torch.Generator().manual_seed(98))
    about = looks[torch.arange(count) % SUBJECTS]
    noise = torch.randn(versions, count, 4, 1280, generator=draw)
    pooled = torch.randn(versions, count, 1000, generator=draw)
    captions = [[at, at + SUBJECTS] for at in range(count)]
    return PictureSet((about + 0.5 * noise).half(), pooled.half(), captions)


@pytest.fixture
def data() -> TrainingData:
    draw = torch.Generator().manual_seed(1)
    rows = torch.arange(36)
    return TrainingData(
        captions=["the sea is dark and deep"] * 72,
        caption_texts=texts(72, 0.3, draw),
        poem_texts=texts(72, 0.3, draw),
        pictures=pictures(48, 2, draw),
        validation_pictures=pictures(24, 1, draw),
        held_out_pictures=pictures(12, 1, draw),
        poems=PoemSet(rows, rows + 36),
        held_out_poems=PoemSet(rows[:12], rows[:12] + 12),
    )


def losses(said: list[str]) -> list[float]:
    return [float(found[1]) for line in said if (found := re.search(r"loss ([\d.]+)", line))]


def flat(network: CEClip) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


def test_alignment_learns_and_the_towers_stay(make_network: Make, data: TrainingData) -> None:
    network = make_network(1)
    network.freeze_towers()
    towers = {k: v.clone() for k, v in network.state_dict().items() if "_tower." in k}
    before = alignment_figures(network, data)
    said: list[str] = []
    align(
        network, data, AlignmentRecipe(steps=150, batch=12, warm_up=5, poem_epochs=2), said.append
    )
    after = alignment_figures(network, data)
    assert losses(said)[-1] < losses(said)[0]
    assert after["picture R@1"] > before["picture R@1"] + 30
    state = network.state_dict()
    assert all(torch.equal(state[name], value) for name, value in towers.items())


def test_the_cross_encoder_learns_and_the_vectors_stay(
    make_network: Make, data: TrainingData
) -> None:
    network = make_network(1)
    network.freeze_towers()
    vectors = alignment_figures(network, data)
    kept = {k: v.clone() for k, v in network.state_dict().items() if k.startswith("adapter.")}
    said: list[str] = []
    recipe = CrossingRecipe(
        steps=100, batch=6, picture_depth=20, poem_depth=20, warm_up=5, rate=1e-3, taught=0
    )
    cross(network, data, recipe, said.append)
    assert losses(said)[-1] < losses(said)[0]
    assert alignment_figures(network, data) == vectors
    assert all(torch.equal(network.state_dict()[name], value) for name, value in kept.items())


def test_only_what_is_read_closely_changes_its_place(
    make_network: Make, data: TrainingData
) -> None:
    network = make_network(1)
    one = reranked_figures(network, data, depth=1)
    all_of_them = reranked_figures(network, data, depth=12)
    for kind in ("picture", "poem"):
        for key in ("R@1", "R@5", "mean_rank", "median_rank"):
            assert one[f"{kind} reranked {key}"] == one[f"{kind} {key}"]
        # With all read closely, the last place is the cross-encoder's to give.
        assert all_of_them[f"{kind} reranked R@20"] == 100.0


def test_settling_makes_the_order_no_worse_on_what_it_is_fitted_to(
    make_network: Make, data: TrainingData
) -> None:
    network = make_network(1)
    head = network.cross_encoder
    with torch.no_grad():  # a cross-encoder that shouts nonsense over a cosine that is right
        head.out.weight.mul_(30.0)
        head.trust.fill_(0.5)
    near = alignment_figures(network, data)["poem R@1"]
    shouted = reranked_figures(network, data, depth=12)
    weights = settle(network, settling_tasks(network, data, seed=1), depth=10)
    settled = reranked_figures(network, data, depth=12)
    assert near > 90.0
    assert shouted["poem reranked R@1"] < 50.0
    assert settled["poem reranked R@1"] > 85.0
    assert head.trust.item() == pytest.approx(weights["similarity"])


def test_training_and_the_encoder_give_the_same_scores(
    make_network: Make, tiny_bundle: tuple[Path, dict[str, Any]]
) -> None:
    network = make_network(3)
    head = network.cross_encoder
    with torch.no_grad():
        head.trust.fill_(4.0)
    folder, manifest = tiny_bundle
    network.save_heads(folder / "heads.safetensors")
    network.load_heads(folder / "heads.safetensors")  # the same rounding on both sides
    reader = text_reader(network, folder)
    said = ["a dog runs", "the sea is dark", "gold sun sets on the sea", "moon and night"]
    store = text_store(network, reader, said, 12, folder / "kept")
    asked = ask_words(network, store, [0])
    task = Task(asked, store, torch.arange(1, 4), torch.tensor([0]))
    scores = scores_of(network, read_closely(network, task, torch.tensor([[0, 1, 2]])))[0]
    encoder = load_encoder(folder, manifest)
    expected = encoder.score(encoder.words(said[0]), said[1:])
    assert scores.tolist() == pytest.approx(expected.tolist(), abs=2e-3)


def test_seeds_give_equal_weights(make_network: Make, data: TrainingData) -> None:
    def trained(seed: int) -> Tensor:
        network = make_network(1)
        network.freeze_towers()
        align(network, data, AlignmentRecipe(steps=3, batch=8, seed=seed), lambda _: None)
        recipe = CrossingRecipe(steps=2, batch=4, picture_depth=9, poem_depth=9, seed=seed)
        cross(network, data, recipe, lambda _: None)
        return flat(network)

    first, second, other = trained(5), trained(5), trained(6)
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_the_rate_rises_and_falls() -> None:
    shares = [warm_cosine(step, 10, 100) for step in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == pytest.approx(1.0)
    assert shares[9:] == sorted(shares[9:], reverse=True)
    assert shares[-1] < 0.01
