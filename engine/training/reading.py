"""From files to tensors: the data folder and the frozen towers make `TrainingData`.

Expected in the data folder: `flickr8k-train.tar` (photographs), `flickr8k-train-captions.jsonl.xz`
(`image`, `caption`), `multim-poem-train.jsonl.xz` (`poem`, `machine_caption`) and, for what reads
titles of poems, `poems-public-domain.jsonl.xz` (`title`, `text`).
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.image_towers import EfficientNetTower
from engine.model.pictures import PictureFormat
from engine.model.text_towers import TextReader
from engine.training import picture_features
from engine.training.data import PoemPair, read_captions, read_pictures, read_poems
from engine.training.painterly import painterly
from engine.training.sets import PictureSet, PoemSet, TrainingData
from engine.training.text_features import text_store

CAPTION_TOKENS = 48  # the longest caption has fewer
POEM_TOKENS = 96  # 95 poems in a hundred have no more
PICTURES = "flickr8k-train.tar"
CAPTIONS = "flickr8k-train-captions.jsonl.xz"
POEMS = "multim-poem-train.jsonl.xz"
TITLED = "poems-public-domain.jsonl.xz"  # where titles are read, too


def read_training_data(
    network: CEClip, reader: TextReader, data: Path, kept: Path, painterly_versions: int
) -> TrainingData:
    """Everything that both stages read; features are worked out once and kept in `kept`.

    The towers of `network` must hold their weights already.
    """
    captions = read_captions(data / CAPTIONS)
    poems = read_poems(data / POEMS)
    versions = _versions(network, data / PICTURES, kept, painterly_versions)
    sides = (captions.train, captions.validation, captions.held_out)
    said = sorted({text for side in sides for texts in side.values() for text in texts})
    told = sorted(
        {
            text
            for side in (poems.train, poems.held_out)
            for pair in side
            for text in (pair.caption, pair.poem)
        }
    )
    said_at = {text: at for at, text in enumerate(said)}
    told_at = {text: at for at, text in enumerate(told)}

    def pictures(side: dict[str, list[str]], folders: list[Path]) -> PictureSet:
        tokens, pooled = _stack(folders, list(side))
        rows = [[said_at[text] for text in texts] for texts in side.values()]
        return PictureSet(tokens, pooled, rows)

    def pairs(side: list[PoemPair]) -> PoemSet:
        return PoemSet(
            torch.tensor([told_at[pair.caption] for pair in side]),
            torch.tensor([told_at[pair.poem] for pair in side]),
        )

    return TrainingData(
        captions=said,
        caption_texts=text_store(network, reader, said, CAPTION_TOKENS, kept / "texts"),
        poem_texts=text_store(network, reader, told, POEM_TOKENS, kept / "texts"),
        pictures=pictures(captions.train, versions),
        validation_pictures=pictures(captions.validation, versions[:1]),
        held_out_pictures=pictures(captions.held_out, versions[:1]),
        poems=pairs(poems.train),
        held_out_poems=pairs(poems.held_out),
    )


def _versions(network: CEClip, archive: Path, kept: Path, painterly_versions: int) -> list[Path]:
    """Folders of features: the photographs, then each painterly version of them."""
    tower, image = network.image_tower, network.architecture.image
    if not isinstance(tower, EfficientNetTower):
        raise TypeError("only the compact bundle's image tower is trained on kept features")
    form = PictureFormat.of(image)
    kept = kept / f"{image.variant}-{image.size}-{image.fit}-{image.grid}"
    folders = [kept / "plain"]
    picture_features.extract(tower, form, read_pictures(archive), folders[0])
    for version in range(1, painterly_versions + 1):
        folders.append(kept / f"painterly-{version}")
        picture_features.extract(
            tower, form, read_pictures(archive), folders[-1], change=painterly, seed=version
        )
    return folders


def _stack(folders: list[Path], names: list[str]) -> tuple[Tensor, Tensor]:
    each = [picture_features.read(folder, names) for folder in folders]
    return torch.stack([tokens for tokens, _ in each]), torch.stack([pooled for _, pooled in each])
