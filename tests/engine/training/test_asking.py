"""Learning to ask: what was not shown is found better, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.training.asking import (
    REPORT,
    AskingRecipe,
    ByTitleRecipe,
    Stays,
    Titled,
    Told,
    ask,
    learn_by_title,
    learn_to_ask,
)
from engine.training.text_features import TextStore

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


def stored(*kinds: Tensor) -> TextStore:
    """Texts [n, D] of one token of each kind: what is said, then what is remarked."""
    tokens = torch.stack(kinds, dim=1)
    count, each, _ = tokens.shape
    starts = torch.arange(count + 1) * each
    return TextStore(tokens.mean(dim=1), tokens.flatten(0, 1).half(), starts)


@dataclass(frozen=True)
class Lesson:
    """Titles that say their poem in another key, and what they do not: half of the room is theirs,
    the other half that of what is told of works. Remarks say the same of anything."""

    network: CEClip
    verses: Tensor
    alone: Tensor
    remark: Tensor
    told: Tensor

    def titled(self, rows: slice) -> Titled:
        with torch.no_grad():
            poems = self.network.passage_vector(self.verses[rows])
        alone = self.alone[rows]
        return Titled(stored(alone), stored(alone, self.remark.expand_as(alone)), poems)

    @property
    def stays(self) -> Stays:
        among = stored(self.told, self.remark.expand_as(self.told))
        return Stays(stored(self.told), among, [stored(0.5 * self.told)])


@pytest.fixture
def lesson(make_network: Callable[[int], CEClip]) -> Lesson:
    network = make_network(3)
    width = network.text_tower.pooled_width
    draw = torch.Generator().manual_seed(4)

    def noise(count: int) -> Tensor:
        return torch.randn(count, width, generator=draw)

    verses, remark, told = noise(400), 1.5 * noise(1), noise(60)
    half = width // 2
    alone = verses @ noise(width) / width**0.5
    alone[:, half:] *= 0.1
    told[:, :half] = 0.0
    return Lesson(network, verses, alone, remark, told)


BY_TITLE = ByTitleRecipe(
    steps=200, titles=64, told=30, keep=20, unheard=5, hidden=8, rate=5e-3, shares_rate=2e-2
)


def titles_found(network: CEClip, titles: TextStore, poems: Tensor) -> float:
    """The share of titles whose own poem is among the first three."""
    best = (ask(network, titles) @ poems.T).topk(3, dim=1).indices
    return float((best == torch.arange(len(best))[:, None]).any(1).float().mean())


def test_unseen_titles_find_their_poems_better_remarks_or_not_and_what_is_told_stays(
    lesson: Lesson,
) -> None:
    network, stays, unseen = lesson.network, lesson.stays, lesson.titled(slice(300, 400))
    asking = (unseen.alone, unseen.remarked)
    lay, heard = ask(network, stays.told), ask(network, stays.interrupted)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    untaught = [titles_found(network, each, unseen.poems) for each in asking]
    lines: list[str] = []

    learn_by_title(network, lesson.titled(slice(300)), stays, BY_TITLE, lines.append)

    taught = [titles_found(network, each, unseen.poems) for each in asking]
    assert all(now > then + 0.3 for now, then in zip(taught, untaught, strict=True))
    assert (ask(network, stays.told) * lay).sum(1).mean() > 0.95
    # A work that is told of among remarks asks as it does without them.
    assert (heard * lay).sum(1).mean() < 0.8
    assert (ask(network, stays.interrupted) * lay).sum(1).mean() > 0.95
    after = network.state_dict()
    moved = {name for name, value in before.items() if not value.equal(after[name])}
    assert moved == {"words_projection.weight"}
    assert {name.split(".")[0] for name in after.keys() - before.keys()} == {"word_shares"}
    assert len(lines) == BY_TITLE.steps // REPORT
    assert not network.words_projection.weight.requires_grad


def test_shares_that_were_learned_go_on(lesson: Lesson) -> None:
    recipe = replace(BY_TITLE, steps=1, rate=0.0, shares_rate=0.0)
    titled = lesson.titled(slice(300))
    learn_by_title(lesson.network, titled, lesson.stays, BY_TITLE, lambda _: None)
    learned = [one.clone() for one in lesson.network.state_dict().values()]
    learn_by_title(lesson.network, titled, lesson.stays, recipe, lambda _: None)
    assert all(map(torch.equal, learned, lesson.network.state_dict().values()))
