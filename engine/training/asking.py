"""The map of words that ask, learned last: among all poems there are, and not a few.

By captions: while the towers learn, a caption is held against the few dozen poems of its step, and
sharply; that teaches it to tell its own from the likeliest, and little of the order below. Here
everything else stays as it is: texts are read once, and one linear map learns to place a caption
near its poem among all training poems, softly (`scale`), and near another caption of the same
picture among one of each, so that words go on asking for what is to be seen. All the way there,
words that ask for nothing ("Please scan your ticket") come as near to some poem as a description
does. So what is kept lies between what was and what was learned (`share`).

By titles: a poet's own title, alone or before a museum's remarks, finds its poem among all that
have one, sharply; what has learned to ask already stays where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.training.alignment import Say

REPORT = 20  # steps from one line of progress to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingRecipe:
    """How the map of words is learned."""

    epochs: int = 16  # over the captions of poems
    batch: int = 512
    rate: float = 5e-4  # Adam's
    dropout: float = 0.3  # of a text's features
    scale: float = 10.0  # of the cosines of captions and poems
    caption_scale: float = 20.0  # of those of two captions
    caption_weight: float = 1.0
    share: float = 0.5  # of the way from the map there was to the one that is learned
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Captions and the poems that belong to them, as the text tower's pooled features."""

    asking: Tensor  # [n, E]
    poems: Tensor  # [m, E], each once
    right: Tensor  # [n], the row of a caption's poem
    same: Tensor  # [n], the same number for the same caption


def learn_to_ask(
    network: CEClip, told: Told, said: Tensor, recipe: AskingRecipe, say: Say = print
) -> None:
    """Learn `words_projection` in place; `said` [pictures, captions, E] is what is said of each."""
    with torch.no_grad():
        poems = network.passage_vector(unit(told.poems))
        firsts = network.passage_vector(unit(said[:, 0]))

    def asked(pooled: Tensor) -> Tensor:
        return network.words_vector(functional.dropout(unit(pooled), recipe.dropout))

    with _learning(network, recipe) as optimiser:
        for epoch in range(recipe.epochs):
            losses = []
            order = torch.randperm(len(told.asking))
            for start in range(0, len(order), recipe.batch):
                rows = order[start : start + recipe.batch]
                words, right = asked(told.asking[rows]), told.right[rows]
                to_poems = functional.cross_entropy(recipe.scale * words @ poems.T, right)
                # Two captions of one poem, and two poems of one caption, are no mistakes.
                alike = (right[:, None] == right) | (told.same[rows][:, None] == told.same[rows])
                alike.fill_diagonal_(False)
                among = (recipe.scale * poems[right] @ words.T).masked_fill(alike, float("-inf"))
                to_words = functional.cross_entropy(among, torch.arange(len(rows)))

                pictures = torch.randperm(len(said))[: recipe.batch]
                other = torch.randint(1, said.shape[1], (len(pictures),))
                scores = recipe.caption_scale * asked(said[pictures, other]) @ firsts.T
                loss = to_poems + to_words
                loss = loss + recipe.caption_weight * functional.cross_entropy(scores, pictures)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                losses.append(loss.item())
            say(f"epoch {epoch + 1} loss {sum(losses) / len(losses):.3f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTitleRecipe:
    """How the map of words is learned by titles."""

    steps: int = 120
    titles: int = 1024  # in a step
    remarked: float = 0.5  # share of them that stand before a museum's remarks
    stays: int = 768  # texts in a step that stay
    keep: float = 20.0  # how much staying weighs
    scale: float = 30.0  # of the cosines of titles and poems
    dropout: float = 0.1  # of a text's features
    rate: float = 1e-3  # Adam's
    share: float = 1.0  # of the way from the map there was to the one that is learned
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Titled:
    """Titles and their poems, row by row."""

    alone: Tensor  # [n, E], the text tower's pooled features
    remarked: Tensor  # [n, E], likewise, with remarks behind the title
    poems: Tensor  # [n, joint], unit vectors as they are searched, without hubness


def learn_by_title(
    network: CEClip, titled: Titled, stays: Tensor, recipe: ByTitleRecipe, say: Say = print
) -> None:
    """Learn `words_projection` in place; `stays` [m, E] are texts that are to ask as they do."""
    with torch.no_grad():
        lay = network.words_vector(unit(stays))

    def asked(pooled: Tensor) -> Tensor:
        return network.words_vector(functional.dropout(unit(pooled), recipe.dropout))

    with _learning(network, recipe) as optimiser:
        for step in range(recipe.steps):
            rows = torch.randint(len(titled.poems), (recipe.titles,))
            remarked = (torch.rand(len(rows)) < recipe.remarked)[:, None]
            words = asked(torch.where(remarked, titled.remarked[rows], titled.alone[rows]))
            found = functional.cross_entropy(recipe.scale * words @ titled.poems.T, rows)
            some = torch.randint(len(stays), (recipe.stays,))
            moved = (1 - (asked(stays[some]) * lay[some]).sum(dim=1)).mean()
            loss = found + recipe.keep * moved
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            if (step + 1) % REPORT == 0:
                say(f"step {step + 1} titles {found.item():.3f}, moved {moved.item():.3f}")


@contextmanager
def _learning(
    network: CEClip, recipe: AskingRecipe | ByTitleRecipe
) -> Iterator[torch.optim.Optimizer]:
    """The map of words learns in here, and goes the recipe's share of the way."""
    torch.manual_seed(recipe.seed)
    network.eval()
    linear = network.words_projection
    before = [parameter.detach().clone() for parameter in linear.parameters()]
    linear.requires_grad_(True)
    yield torch.optim.Adam(linear.parameters(), lr=recipe.rate)
    linear.requires_grad_(False)
    with torch.no_grad():
        for learned, old in zip(linear.parameters(), before, strict=True):
            learned.copy_(torch.lerp(old, learned, recipe.share))
