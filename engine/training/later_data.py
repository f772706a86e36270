"""What training on reads: kept features of pictures and texts, and who belongs to whom."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.encoder import text_reader
from engine.model.image_towers import EfficientNetTower
from engine.model.pictures import PictureFormat
from engine.model.text_towers import cut
from engine.training.data import read_captions, read_pictures, read_poems, read_titled_poems
from engine.training.late_features import EarlyTexts, Halves, bert, early_texts, keep_maps
from engine.training.late_layers import LateImageLayers
from engine.training.reading import (
    CAPTION_TOKENS,
    CAPTIONS,
    PICTURES,
    POEM_TOKENS,
    POEMS,
    TITLED,
)
from engine.training.text_features import text_store
from engine.training.varied import varied


class Showing(Protocol):
    """How a recipe shows pictures."""

    @property
    def plain(self) -> float:
        """Share of pictures shown as they are, the rest in the other views."""

    @property
    def views(self) -> tuple[str, ...]:
        """The other views."""

    @property
    def least_window(self) -> float:
        """Of a picture's maps a window of at least this side is seen."""

    @property
    def styled(self) -> float:
        """Share of pictures that get some of another's style."""


@dataclass(slots=True)
class LaterData:
    """Rows of `captions` and `texts` are those of kept texts; pictures count from the train side.

    The validation pictures follow the training pictures in `plain`.
    """

    late: LateImageLayers
    views: dict[str, Halves]  # "plain" and the others: maps [n, 120, 17, 17]
    captions: EarlyTexts
    likeness: Tensor  # [captions, E], unit vectors of the untrained sentence encoder
    of_picture: list[list[int]]  # the captions' rows of each training picture
    of_validation: list[list[int]]
    texts: EarlyTexts  # captions of poems, poems, titles of poems, and `titles`
    poem_pairs: Tensor  # [n, 2], rows of a caption and its poem
    title_pairs: Tensor  # [m, 2], rows of a title and its poem
    titles: list[int]  # rows of titles and descriptions of artworks, where there are any

    def maps(self, rows: list[int], views: list[str]) -> Tensor:
        """Maps [B, 120, 17, 17], each picture in the view named for it."""
        chosen = [self.views[view][row] for row, view in zip(rows, views, strict=True)]
        maps = torch.from_numpy(np.stack(chosen)).float()
        return maps.to(memory_format=torch.channels_last)

    def varied_maps(
        self, rows: list[int], showing: Showing, draw: torch.Generator, kept: str = "{}"
    ) -> Tensor:
        """The same, each picture in a view that is drawn, varied anew; `kept` is how a view that
        has this name stands in `views`."""
        views, other = ["plain"] * len(rows), showing.views
        for at in range(len(rows)):
            if other and torch.rand((), generator=draw) >= showing.plain:
                views[at] = other[int(torch.randint(len(other), (), generator=draw))]
        maps = self.maps(rows, [kept.format(view) for view in views])
        if showing.least_window < 1 or showing.styled:
            maps = varied(maps, draw, least=showing.least_window, styled=showing.styled)
        return maps

    def some_captions(
        self, rows: Sequence[int], count: int, draw: torch.Generator
    ) -> list[list[int]]:
        """Of each of these training pictures so many captions, drawn."""
        drawn = []
        for row in rows:
            captions = self.of_picture[row]
            order = torch.randperm(len(captions), generator=draw).tolist()
            drawn.append([captions[order[at % len(captions)]] for at in range(count)])
        return drawn

    def alike(
        self, picked: Sequence[Sequence[int]], among: Sequence[int] | None, temperature: float
    ) -> Tensor:
        """How like each group of captions is to these others, or to all: [groups, n], each row 1.

        As the untrained sentence encoder finds them.
        """
        gist = torch.stack([self.likeness[list(captions)].mean(0) for captions in picked])
        others = self.likeness if among is None else self.likeness[list(among)]
        return torch.softmax(gist @ others.T / temperature, dim=1)

    @torch.no_grad()
    def plain_vectors(self, network: CEClip, first: int, last: int, batch: int = 32) -> Tensor:
        """Unit vectors of pictures `first` to `last` of those in the plain view."""
        network.eval()
        found = []
        for start in range(first, last, batch):
            rows = list(range(start, min(start + batch, last)))
            found.append(network.adapted(self.late(self.maps(rows, ["plain"] * len(rows))))[1])
        return torch.cat(found)


def read_later_data(
    network: CEClip,
    untrained: CEClip,
    folder: Path,
    bundle: Path,
    kept: Path,
    *,
    views: tuple[str, ...],
    first_text_layer: int,
    title_pairs: int,
    seed: int,
    titles: Sequence[str] = (),
) -> LaterData:
    """Read and keep everything; `network` holds the weights that training begins from.

    `titles` are of artworks, and descriptions of such.
    """
    if not isinstance(network.image_tower, EfficientNetTower):
        raise TypeError("only the compact bundle's towers are trained on kept features")
    fused = network.image_tower.fused()
    captions = read_captions(folder / CAPTIONS)
    train, validation = list(captions.train), list(captions.validation)
    form = PictureFormat.of(network.architecture.image)
    tables = {
        view: keep_maps(
            fused,
            form,
            read_pictures(folder / PICTURES),
            [*train, *validation] if view == "plain" else train,
            view,
            kept / "maps",
        )
        for view in ("plain", *views)
    }
    sides = {**captions.train, **captions.validation}
    said = sorted({text for texts in sides.values() for text in texts})
    said_at = {text: at for at, text in enumerate(said)}
    reader = text_reader(network, bundle)

    pairs = read_poems(folder / POEMS).train
    titled = read_titled(folder / TITLED, title_pairs, seed)
    told = sorted(
        {text for pair in pairs for text in (pair.caption, pair.poem)}
        | {text for pair in titled for text in pair}
        | set(titles)
    )
    told_at = {text: at for at, text in enumerate(told)}

    def kept_texts(texts: list[str], limit: int) -> EarlyTexts:
        ids = [cut(row, limit) for row in reader.ids(texts)]
        return early_texts(bert(network), ids, first_text_layer)

    pooled = text_store(untrained, reader, said, CAPTION_TOKENS, kept / "texts").pooled
    return LaterData(
        late=LateImageLayers(fused),
        views=tables,
        captions=kept_texts(said, CAPTION_TOKENS),
        likeness=torch.nn.functional.normalize(pooled, dim=-1),
        of_picture=[[said_at[text] for text in captions.train[name]] for name in train],
        of_validation=[[said_at[text] for text in captions.validation[n]] for n in validation],
        texts=kept_texts(told, POEM_TOKENS),
        poem_pairs=torch.tensor([[told_at[p.caption], told_at[p.poem]] for p in pairs]),
        title_pairs=torch.tensor(
            [[told_at[t], told_at[p]] for t, p in titled], dtype=torch.long
        ).view(-1, 2),
        titles=[told_at[title] for title in dict.fromkeys(titles)],
    )


def read_titled(path: Path, count: int, seed: int) -> list[tuple[str, str]]:
    """At most `count` titles with their poems, drawn by seed; none that is held out."""
    if not count or not path.exists():
        return []
    titled = read_titled_poems(path).train
    random.Random(seed).shuffle(titled)  # noqa: S311 - a draw, not a secret
    return titled[:count]
