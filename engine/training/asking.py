"""The map of words that ask, learned last: among all poems there are, and not a few.

By captions: while the towers learn, a caption is held against the few dozen poems of its step, and
sharply; that teaches it to tell its own from the likeliest, and little of the order below. Here
everything else stays as it is: texts are read once, and one linear map learns to place a caption
near its poem among all training poems, softly (`scale`), and near another caption of the same
picture among one of each, so that words go on asking for what is to be seen. All the way there,
words that ask for nothing ("Please scan your ticket") come as near to some poem as a description
does. So what is kept lies between what was and what was learned (`share`).

By titles: a poet's own title, alone and before a museum's remarks, finds its poem among all that
have one, sharply. Here each word's share in what is asked for is learned, too: what is told of a
work asks the same with a museum's remarks between as without them. What has learned to ask already
stays where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.heads import unit
from engine.training.alignment import Say
from engine.training.text_features import TextStore

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

    linear = network.words_projection
    before = [parameter.detach().clone() for parameter in linear.parameters()]
    with _learning(network, recipe.seed, linear):
        optimiser = torch.optim.Adam(linear.parameters(), lr=recipe.rate)
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
    with torch.no_grad():
        for learned, old in zip(linear.parameters(), before, strict=True):
            learned.copy_(torch.lerp(old, learned, recipe.share))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTitleRecipe:
    """How words learn to ask by titles."""

    steps: int = 400
    titles: int = 160  # in a step, and as many with remarks
    told: int = 128  # in a step, and as many of each other kind of text that stays
    scale: float = 20.0  # of the cosines of titles and poems
    keep: float = 1000.0  # how much staying weighs
    unheard: float = 40.0  # how much it weighs that remarks change nothing
    hidden: int = 64  # width of the MLP that tells the shares
    rate: float = 5e-4  # AdamW's for the map, at first; it falls to nothing
    shares_rate: float = 3e-3  # likewise for the shares
    weight_decay: float = 1e-3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Titled:
    """Titles and their poems, row by row."""

    alone: TextStore
    remarked: TextStore  # with remarks behind the title
    poems: Tensor  # [n, joint], unit vectors as they are searched, without hubness


@dataclass(frozen=True, slots=True)
class Stays:
    """What is to ask as it does."""

    told: TextStore  # of works, as a collection tells of them
    interrupted: TextStore  # row by row the same, with remarks between, which are not to be heard
    others: Sequence[TextStore]  # captions, of which typical words are banked


def learn_by_title(
    network: CEClip, titled: Titled, stays: Stays, recipe: ByTitleRecipe, say: Say = print
) -> None:
    """Learn `words_projection` and what share each word has, in place.

    A network whose words all have the same share gets `word_shares` of its own first.
    """
    torch.manual_seed(recipe.seed)
    kinds = (stays.told, *stays.others)
    lay = [ask(network, kind) for kind in kinds]
    told = network.word_shares or network.share_words(recipe.hidden)
    linear = network.words_projection
    groups = [
        {"params": linear.parameters(), "lr": recipe.rate},
        {"params": told.parameters(), "lr": recipe.shares_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
    falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, recipe.steps)

    def found(titles: TextStore) -> Tensor:
        rows = torch.randint(len(titled.poems), (recipe.titles,))
        words = network.asked(titles.features(rows.tolist()))
        return functional.cross_entropy(recipe.scale * words @ titled.poems.T, rows)

    def apart(texts: TextStore, where: Tensor) -> Tensor:
        rows = torch.randint(len(where), (recipe.told,))
        words = network.asked(texts.features(rows.tolist()))
        return (1 - (words * where[rows]).sum(dim=1)).mean()

    with _learning(network, recipe.seed, linear, told):
        for step in range(recipe.steps):
            alone, remarked = found(titled.alone), found(titled.remarked)
            moved = torch.stack([apart(*one) for one in zip(kinds, lay, strict=True)]).mean()
            heard = apart(stays.interrupted, lay[0])
            loss = alone + remarked + recipe.keep * moved + recipe.unheard * heard
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            falling.step()
            if (step + 1) % REPORT == 0:
                say(
                    f"step {step + 1} titles {alone.item():.3f}, with remarks "
                    f"{remarked.item():.3f}, moved {moved.item():.4f}, heard {heard.item():.4f}"
                )


@torch.no_grad()
def ask(network: CEClip, texts: TextStore, batch: int = 256) -> Tensor:
    """Unit vectors [n, joint] of texts as words that ask."""
    count = len(texts.pooled)
    return torch.cat(
        [
            network.asked(texts.features(range(start, min(start + batch, count))))
            for start in range(0, count, batch)
        ]
    )


@contextmanager
def _learning(network: CEClip, seed: int, *learners: nn.Module) -> Iterator[None]:
    """Only these learn in here."""
    torch.manual_seed(seed)
    network.eval()
    for module in learners:
        module.requires_grad_(True)
    yield
    for module in learners:
        module.requires_grad_(False)
