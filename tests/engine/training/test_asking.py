"""Learning to ask: what was not shown is found better, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.training.asking import (
    REPORT,
    AskingRecipe,
    ByTitleRecipe,
    Titled,
    Told,
    learn_by_title,
    learn_to_ask,
)

RECIPE = AskingRecipe(epochs=30, batch=64, rate=5e-3, dropout=0.1, share=1.0)


def found(network: CEClip, asking: Tensor, poems: Tensor) -> float:
    """The share of captions whose own poem is among the first three."""
    with torch.no_grad():
        scores = network.words_vector(asking) @ network.passage_vector(poems).T
    best = scores.topk(3, dim=1).indices
    return float((best == torch.arange(len(asking))[:, None]).any(1).float().mean())


def test_unseen_captions_find_their_poems_better_and_only_the_words_map_moves(
    make_network: Callable[[int], CEClip],
) -> None:
    network = make_network(3)
    width = network.text_tower.pooled_width
    draw = torch.Generator().manual_seed(4)
    poems = torch.randn(300, width, generator=draw)
    # A caption says what its poem says in another key, which a linear map can learn.
    key = torch.randn(width, width, generator=draw) / width**0.5
    captions = poems @ key + 0.3 * torch.randn(300, width, generator=draw)
    said = torch.randn(80, 1, width, generator=draw).repeat(1, 2, 1)
    told = Told(captions[:200], poems[:200], torch.arange(200), torch.arange(200))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    untaught = found(network, captions[200:], poems[200:])
    lines: list[str] = []

    learn_to_ask(network, told, said, RECIPE, lines.append)

    assert found(network, captions[200:], poems[200:]) > untaught + 0.3
    moved = {name for name, value in network.state_dict().items() if not value.equal(before[name])}
    assert moved == {"words_projection.weight"}
    assert len(lines) == RECIPE.epochs
    assert not network.words_projection.weight.requires_grad


def test_poems_of_one_caption_are_no_mistakes(make_network: Callable[[int], CEClip]) -> None:
    # Nothing tells them apart: where each was the other's mistake, the loss would be infinite
    # or the map torn; it stays finite and finds both.
    network = make_network(3)
    width = network.text_tower.pooled_width
    poems = torch.randn(20, width, generator=torch.Generator().manual_seed(2))
    captions = poems[torch.arange(20) // 2 * 2]
    told = Told(captions, poems, torch.arange(20), torch.arange(20) // 2)
    said = poems.unsqueeze(1).repeat(1, 2, 1)
    lines: list[str] = []
    learn_to_ask(network, told, said, RECIPE, lines.append)
    losses = [float(line.rsplit(" ", 1)[1]) for line in lines]
    assert all(loss == loss and loss < 20 for loss in losses)  # noqa: PLR0124 - not a number
    assert losses[-1] < losses[0]


def test_the_map_that_is_kept_lies_between(make_network: Callable[[int], CEClip]) -> None:
    poems = torch.randn(40, make_network(3).text_tower.pooled_width)
    told = Told(poems.flip(1), poems, torch.arange(40), torch.arange(40))
    said = poems.unsqueeze(1).repeat(1, 2, 1)
    maps = []
    for share in (0.0, 0.25, 1.0):
        network = make_network(3)
        recipe = replace(RECIPE, epochs=2, share=share)
        learn_to_ask(network, told, said, recipe, lambda _line: None)
        maps.append(network.words_projection.weight)
    assert torch.equal(maps[0], make_network(3).words_projection.weight)
    torch.testing.assert_close(maps[1], torch.lerp(maps[0], maps[2], 0.25))


def test_unseen_titles_find_their_poems_better_remarks_or_not_and_captions_stay(
    make_network: Callable[[int], CEClip],
) -> None:
    network = make_network(3)
    width = network.text_tower.pooled_width
    draw = torch.Generator().manual_seed(4)

    def noise(count: int) -> Tensor:
        return torch.randn(count, width, generator=draw)

    verses, remark = noise(400), 1.5 * noise(1)
    # A title says the poem in another key; remarks say the same whatever the poem. What stays asks
    # for something else: it lies in half of the room, which titles leave empty.
    half = width // 2
    key = torch.randn(width, width, generator=draw) / width**0.5
    alone = verses @ key
    alone[:, half:] *= 0.1
    stays = noise(60)
    stays[:, :half] = 0.0
    with torch.no_grad():
        poems = network.passage_vector(verses)
        lay = network.words_vector(stays)
    titled = Titled(alone[:300], (alone + remark)[:300], poems[:300])
    before = {name: value.clone() for name, value in network.state_dict().items()}
    unseen = (alone[300:], (alone + remark)[300:])
    untaught = [found(network, each, verses[300:]) for each in unseen]
    lines: list[str] = []
    recipe = ByTitleRecipe(steps=200, titles=64, stays=30, rate=5e-3)

    learn_by_title(network, titled, stays, recipe, lines.append)

    taught = [found(network, each, verses[300:]) for each in unseen]
    assert all(now > then + 0.3 for now, then in zip(taught, untaught, strict=True))
    with torch.no_grad():
        assert (network.words_vector(stays) * lay).sum(1).mean() > 0.95
    moved = {name for name, value in network.state_dict().items() if not value.equal(before[name])}
    assert moved == {"words_projection.weight"}
    assert len(lines) == recipe.steps // REPORT
    assert not network.words_projection.weight.requires_grad


def test_none_of_the_way_is_where_it_was(make_network: Callable[[int], CEClip]) -> None:
    network = make_network(3)
    texts = torch.randn(20, network.text_tower.pooled_width)
    with torch.no_grad():
        titled = Titled(texts, texts, network.passage_vector(texts))
    before = network.words_projection.weight.clone()
    recipe = ByTitleRecipe(steps=20, titles=8, stays=8, share=0.0)
    learn_by_title(network, titled, texts, recipe, lambda _: None)
    assert torch.equal(network.words_projection.weight, before)
