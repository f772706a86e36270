"""How the late interaction is trained, and how it is weighed against the cosine.

Only what is the interaction's own learns: later layers of the image tower, from where the package
left them, and what lays regions and words side by side. The text tower, the vectors and the
cross-encoder stay, so it learns to see what they do not.

A step's pictures are held against captions of theirs and of others. They are held against poems,
too, and against titles and descriptions of artworks, where nobody has written down which fits:
there the order is to be that in which words would put them, the captions of the picture as the
text tower reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.interaction import LateInteraction
from engine.model.querybank import QueryKind
from engine.training.alignment import warm_cosine
from engine.training.late_features import EarlyTexts
from engine.training.late_layers import last_maps, product_type
from engine.training.later_data import LaterData
from engine.training.losses import minimise, ranked_first
from engine.training.metrics import ranks_from_scores, retrieval_metrics
from engine.training.moving import MovingAverage

Say = Callable[[str], None]
REPORT = 50  # steps from one line of progress to the next
CAPTION_TOKENS = 28  # read of a caption; one in a hundred has more
PLAIN = "plain"  # the view of all pictures; the training pictures come first in it
HUNG = "hung"  # the view of validation pictures that stands for paintings
CLOSER = "{} closer"  # a view of validation pictures, seen at the larger size
LARGER = "{} larger"  # a view of training pictures, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRecipe:
    """How the late interaction is trained."""

    steps: int = 500
    pictures: int = 128  # in a step
    captions: int = 2  # of each picture
    others: int = 512  # captions of other pictures
    plain: float = 0.34  # share of pictures shown as they are, the rest in the other views
    views: tuple[str, ...] = ("painted", "cropped")
    least_window: float = 0.65  # of a picture's maps a window of at least this side is seen
    styled: float = 0.5  # share of pictures that get some of another's style
    closer: float = 0.0  # share of steps that see pictures at the larger size
    closer_views: tuple[str, ...] = ("painted",)
    closer_window: float = 0.85
    anew: bool = True  # the package's layers and first weights that are drawn, or the bundle's own
    unread: float = 0.1  # share of a caption's tokens that are left out
    poems: int = 128  # in a step; half of them are near to one of the pictures' captions
    poem_depth: int = 100  # such a poem is drawn from so many that are nearest
    poem_weight: float = 0.5
    drawn: int = 6000  # titles of artworks, where there are lists to draw them from
    described: int = 3000  # descriptions of training pictures, likewise
    titles: int = 96  # of both, in a step
    title_weight: float = 0.25
    teacher: float = 20.0  # the scale of the cosines that words give, to be learned
    title_pairs: int = 4500  # public-domain poems beside those that have a caption
    layer_rate: float = 2e-4  # AdamW's, at its height, of the image tower's layers
    rate: float = 1e-3  # of all else
    weight_decay: float = 0.05
    warm_up: int = 30  # steps; a cosine back to 0 follows
    soft: float = 0.2  # of a picture's target goes to captions like its own
    soft_temperature: float = 0.05
    average: float = 0.99  # of the weights, a step
    begin_seed: int = 1  # of the first weights; trainings that are to be averaged share it
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Sought:
    """Pictures [B], each seeking one of [N] texts."""

    cosines: Tensor  # [B, N], as they are searched
    nearness: Tensor  # [B, N], of the late interaction, above what is usual
    target: Tensor  # [B]


class Ordered:
    """Texts that are to be put in the order in which words put them."""

    def __init__(self, rows: Tensor, taught: Tensor, depth: int) -> None:
        """`rows` are those of `LaterData.texts`; `taught` [pictures, texts] is how near words put
        each picture's captions to each."""
        self.rows, self.taught = rows, taught
        self.nearest = taught.topk(min(depth, len(rows)), 1).indices

    def some(self, pictures: Tensor, count: int, draw: torch.Generator) -> Tensor:
        """Places of at most so many texts; half of them are near to one of these pictures."""
        half = count // 2
        who = pictures[torch.randint(len(pictures), (half,), generator=draw)]
        place = torch.randint(self.nearest.shape[1], (half,), generator=draw)
        any_ = torch.randint(len(self.rows), (count - half,), generator=draw)
        places: Tensor = torch.unique(torch.cat([self.nearest[who, place], any_]))
        return places


class Interacting:
    """One training of a network's late interaction."""

    def __init__(self, network: CEClip, data: LaterData, recipe: InteractionRecipe) -> None:
        """`data` holds texts as the last layer of the text tower gives them."""
        if network.interaction is None:
            raise ValueError("this network has no late interaction to train")
        self.network, self.data, self.recipe = network, data, recipe
        self.late: LateInteraction = network.interaction
        self.draw = torch.Generator().manual_seed(recipe.seed)
        network.requires_grad_(False)
        self.late.requires_grad_(True)
        layers = list(self.late.layers.parameters())
        known = {id(parameter) for parameter in layers}
        rest = [one for one in self.late.parameters() if id(one) not in known]
        self.groups: list[dict[str, Any]] = [
            {"params": layers, "lr": recipe.layer_rate},
            {"params": rest, "lr": recipe.rate},
        ]
        whose = [(caption, row) for row, own in enumerate(data.of_picture) for caption in own]
        self.captions, self.owners = torch.tensor(whose).unbind(1)
        poems = torch.unique(torch.cat([data.poem_pairs[:, 1], data.title_pairs[:, 1]]))
        with torch.no_grad():
            self.poems, self.titles = (
                Ordered(rows, self._taught(rows), recipe.poem_depth)
                for rows in (poems, torch.tensor(data.titles, dtype=torch.long))
            )

    def train(self, say: Say = print) -> None:
        """All steps; afterwards the network holds the moving average of its weights."""
        recipe, learning = self.recipe, [one for own in self.groups for one in own["params"]]
        optimiser = torch.optim.AdamW(self.groups, weight_decay=recipe.weight_decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: warm_cosine(step, recipe.warm_up, recipe.steps)
        )
        average = MovingAverage(learning, recipe.average)
        weights = torch.tensor([1.0, recipe.poem_weight, recipe.title_weight])
        losses: list[list[float]] = []
        for step in range(recipe.steps):
            self.late.train()
            parts = torch.stack(self.loss())
            optimiser.zero_grad()
            (weights * parts).sum().backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            schedule.step()
            average.add(step)
            losses.append(parts.tolist())
            if (step + 1) % REPORT == 0 or step + 1 == recipe.steps:
                captions, poems, titles = np.mean(losses, axis=0)
                with average.shown():
                    seen = figures(self.captions_sought(PLAIN, 1))
                told = f"captions {captions:.3f} poems {poems:.3f} titles {titles:.3f}"
                say(f"step {step + 1} {told} {seen}")
                losses.clear()
        average.settle()
        self.late.eval()

    def loss(self) -> list[Tensor]:
        """Of one step: by captions, by poems, and by titles."""
        recipe, data = self.recipe, self.data
        count = min(recipe.pictures, len(data.of_picture))
        rows = torch.randperm(len(data.of_picture), generator=self.draw)[:count]
        maps = self._maps(rows.tolist())
        seen = self.late.seen(last_maps(self.late.layers, maps))
        limit = self.network.architecture.cross_encoder.passage_tokens
        return [
            self._by_captions(seen, rows),
            self._by_order(seen, rows, self.poems, recipe.poems, limit),
            self._by_order(seen, rows, self.titles, recipe.titles, limit),
        ]

    def _maps(self, rows: list[int]) -> Tensor:
        """Of a step's training pictures, all at one of the two sizes."""
        recipe = self.recipe
        if not recipe.closer or float(torch.rand((), generator=self.draw)) >= recipe.closer:
            return self.data.varied_maps(rows, recipe, self.draw)
        closer = replace(recipe, views=recipe.closer_views, least_window=recipe.closer_window)
        return self.data.varied_maps(rows, closer, self.draw, LARGER)

    def _by_captions(self, seen: Tensor, rows: Tensor) -> Tensor:
        recipe, data = self.recipe, self.data
        picked = data.some_captions(rows.tolist(), recipe.captions, self.draw)
        own = [caption for captions in picked for caption in captions]
        drawn = torch.randint(len(self.captions), (recipe.others,), generator=self.draw)
        others = self.captions[drawn[~torch.isin(self.owners[drawn], rows)]].tolist()
        read = self._read(data.captions, own + others, CAPTION_TOKENS, recipe.unread)
        logits = self.late.nearness(seen, read, product_type())
        whose = torch.arange(len(rows)).repeat_interleave(recipe.captions)
        target = torch.zeros(logits.shape)
        target[whose, torch.arange(len(own))] = 1.0 / recipe.captions
        alike = data.alike(picked, own + others, recipe.soft_temperature)
        target = (1 - recipe.soft) * target + recipe.soft * alike
        to_captions = -(target * functional.log_softmax(logits, dim=1)).sum(1).mean()
        to_pictures = functional.cross_entropy(logits[:, : len(own)].T, whose)
        return (to_captions + to_pictures) / 2

    def _by_order(
        self, seen: Tensor, rows: Tensor, texts: Ordered, count: int, limit: int
    ) -> Tensor:
        if not count or not len(texts.rows):
            return seen.new_zeros(())
        chosen = texts.some(rows, count, self.draw)
        read = self._read(self.data.texts, texts.rows[chosen].tolist(), limit)
        logits = self.late.nearness(seen, read, product_type())
        target = torch.softmax(self.recipe.teacher * texts.taught[rows][:, chosen], dim=1)
        return functional.kl_div(
            functional.log_softmax(logits, dim=1), target, reduction="batchmean"
        )

    def _read(
        self, texts: EarlyTexts, rows: Sequence[int], limit: int, unread: float = 0.0
    ) -> Tensor:
        tokens, mask = texts.batch(rows, limit)
        if unread:
            left = torch.rand(mask.shape, generator=self.draw) >= unread
            left[:, 0] = True
            mask = mask * left
        return self.late.read(tokens, mask)

    def _taught(self, rows: Tensor) -> Tensor:
        """How near words put each training picture's captions to each of these texts, [pictures,
        texts]."""
        network, data = self.network, self.data
        if not len(rows):
            return torch.zeros(len(data.of_picture), 0)
        said = pooled(data.captions, range(len(data.captions.starts) - 1))
        each = torch.stack([said[own].mean(0) for own in data.of_picture])
        queries = network.as_queries(network.words_vector(each), QueryKind.WORDS)
        passages = network.passage_vector(pooled(data.texts, rows.tolist()))
        return queries @ network.as_passages(passages).T

    # --- pictures that it has not learned -----------------------------------------------------

    @torch.no_grad()
    def gather_typical(self) -> None:
        """Let poems that are drawn tell how near a picture is to any."""
        self.late.eval()
        count, tokens, _ = self.late.typical.shape
        draw = torch.Generator().manual_seed(self.recipe.seed)
        poems = self.poems.rows
        drawn = poems[torch.randperm(len(poems), generator=draw)[:count]].tolist()
        self.late.typical.zero_()
        read = self._read(self.data.texts, drawn, tokens)
        self.late.typical[: len(read), : read.shape[1]] = read

    @torch.no_grad()
    def captions_sought(self, view: str, count: int = 5) -> Sought:
        """The validation pictures, each seeking its first, second ... caption among such ones."""
        queries, seen = self._looked(view)
        tasks = []
        for which in range(count):
            rows = [own[which % len(own)] for own in self.data.of_validation]
            target = torch.arange(len(rows))
            found = self._sought(queries, seen, self.data.captions, rows, CAPTION_TOKENS)
            tasks.append(Sought(*found, target))
        return Sought(
            torch.cat([task.cosines for task in tasks]),
            torch.cat([task.nearness for task in tasks]),
            torch.cat([task.target for task in tasks]),
        )

    @torch.no_grad()
    def poems_sought(self, view: str) -> Sought:
        """Each seeking the poem that words, its last caption, would put first."""
        network, texts = self.network, self.data.texts
        poems = torch.unique(self.data.poem_pairs[:, 1]).tolist()
        last = pooled(self.data.captions, [own[-1] for own in self.data.of_validation])
        asked = network.as_queries(network.words_vector(last), QueryKind.WORDS)
        passages = network.as_passages(network.passage_vector(pooled(texts, poems)))
        target = (asked @ passages.T).argmax(dim=1)
        limit = network.architecture.cross_encoder.passage_tokens
        return Sought(*self._sought(*self._looked(view), texts, poems, limit), target)

    def _looked(self, view: str) -> tuple[Tensor, Tensor]:
        """The validation pictures' vectors as they search, and what the interaction sees.

        [B, dimensions] and [L, B, R, width]: by one look, or two where the closer one is kept.
        """
        self.late.eval()
        vectors = [self.network.adapted(self.data.late(maps))[1] for maps in self._shown(view)]
        queries = self.network.as_queries(torch.cat(vectors), QueryKind.PICTURE)
        closer = CLOSER.format(view)
        looks = [view, closer] if closer in self.data.views else [view]
        seen = [
            torch.cat([self.late.seen(last_maps(self.late.layers, m)) for m in self._shown(look)])
            for look in looks
        ]
        return queries, torch.stack(seen)

    def _shown(self, view: str) -> Iterator[Tensor]:
        """The validation pictures' maps, some at a time."""
        first = len(self.data.of_picture) if view == PLAIN else 0
        last = first + len(self.data.of_validation)
        for at in range(first, last, 50):
            rows = list(range(at, min(at + 50, last)))
            yield self.data.maps(rows, [view] * len(rows))

    def _sought(
        self, queries: Tensor, seen: Tensor, texts: EarlyTexts, rows: list[int], limit: int
    ) -> tuple[Tensor, Tensor]:
        """Cosines and nearness [B, n] of pictures and texts."""
        network = self.network
        passages = network.as_passages(network.passage_vector(pooled(texts, rows)))
        near, parts = [], torch.split(seen.flatten(0, 1), 50)
        for at in range(0, len(rows), 100):  # all at once would be gigabytes
            read = self._read(texts, rows[at : at + 100], limit)
            near.append(torch.cat([self.late.nearness(part, read) for part in parts]))
        usual = torch.cat([self.late.usual(part) for part in parts])
        above = (torch.cat(near, dim=1) - usual).view(*seen.shape[:2], len(rows))
        return queries @ passages.T, above.mean(dim=0)


def weigh(late: LateInteraction, tasks: Sequence[Sought], *, depth: int = 50) -> float:
    """Fit what nearness weighs beside a cosine, in place; gives the weight.

    By the ranking loss of what is sought among the best `depth` by the cosines, where it is among
    them. The level is the mean of all these, so that a score as a rule stays what it was.
    """
    sizes = torch.tensor([20.0, 1.0])  # one step of each is about as much
    numbers = nn.Parameter(torch.ones(2))
    best = [_best(task, depth) for task in tasks]

    def loss() -> Tensor:
        sure, more = numbers * sizes
        return torch.stack([ranked_first(sure * each + more * near) for each, near in best]).sum()

    minimise(loss, numbers)
    sure, more = (numbers.detach() * sizes).tolist()
    late.weight.fill_(max(more / sure, 0.0))
    late.level.fill_(float(torch.cat([near.flatten() for _, near in best]).mean()))
    return late.weight.item()


def _best(task: Sought, depth: int) -> tuple[Tensor, Tensor]:
    """Cosines and nearness of the right one, column 0, and of the wrong ones among the best."""
    right = task.target[:, None]
    found = task.cosines.topk(min(depth, task.cosines.shape[1]), dim=1).indices
    kept = (found == right).any(dim=1)
    found, right = found[kept], right[kept]
    columns = torch.cat([right, found[found != right].view(len(found), -1)], dim=1)
    return task.cosines[kept].gather(1, columns), task.nearness[kept].gather(1, columns)


def figures(task: Sought, weight: float | None = None) -> dict[str, float]:
    """What nearness finds among all, beside the cosines with a weight, or by itself."""
    scores = task.nearness if weight is None else task.cosines + weight * task.nearness
    ranks = ranks_from_scores(scores.numpy(), task.target.numpy())
    return {key: round(one, 1) for key, one in retrieval_metrics(ranks, (1, 5, 10)).items()}


def pooled(texts: EarlyTexts, rows: Sequence[int]) -> Tensor:
    """The text tower's pooled features [n, E] of texts kept as its last layer gives them."""
    spans = ((int(texts.starts[row]), int(texts.starts[row + 1])) for row in rows)
    means = [texts.states[first:last].astype(np.float32).mean(axis=0) for first, last in spans]
    return torch.from_numpy(np.stack(means))
