"""The training data: what is read, and the hold-outs that no training sees, fixed by seed.

Flickr8k (photographs with five human captions each; non-commercial research and education),
MultiM-Poem (poems paired with pictures; of the pictures only a machine's caption is used), and
facjure/public-domain-poetry (poems with the titles that their poets gave them).
"""

from __future__ import annotations

import json
import lzma
import random
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

HOLD_OUT_SEED = 20260  # all hold-outs follow from it and from the sorted names alone
HELD_OUT_PICTURES = 1000
VALIDATION_PICTURES = 400  # not trained on either; for choosing, so that the hold-out need not be
HELD_OUT_TITLES = 1000
SAYS_NOTHING = re.compile(r"(?i)^(sonnets?|untitled|poem|song|[ivxlc\d\s.:-]+)[ivxlc\d\s.:-]*$")


@dataclass(frozen=True, slots=True)
class Captions:
    """Flickr8k: five captions for each picture, by file name."""

    train: dict[str, list[str]]
    validation: dict[str, list[str]]
    held_out: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PoemPair:
    """A poem and the sentence that stands in for its picture."""

    caption: str
    poem: str


@dataclass(frozen=True, slots=True)
class Poems:
    """MultiM-Poem, cut so that no poem is on both sides."""

    train: list[PoemPair]
    held_out: list[PoemPair]


@dataclass(frozen=True, slots=True)
class TitledPoems:
    """Poems with their titles, each title once; 1,000 of them are held out."""

    train: list[tuple[str, str]]  # title and poem
    held_out: list[tuple[str, str]]


def read_captions(path: Path) -> Captions:
    """Flickr8k's captions (`image`, `caption` per line), with 1,000 and 400 pictures set apart."""
    by_picture: dict[str, list[str]] = {}
    for row in rows_of(path):
        by_picture.setdefault(row["image"], []).append(row["caption"])
    names = sorted(by_picture)
    random.Random(HOLD_OUT_SEED).shuffle(names)  # noqa: S311 - a draw, not a secret
    cut = min(HELD_OUT_PICTURES, len(names) // 5)
    second = cut + min(VALIDATION_PICTURES, len(names) // 10)

    def side(chosen: list[str]) -> dict[str, list[str]]:
        return {name: by_picture[name] for name in sorted(chosen)}

    return Captions(side(names[second:]), side(names[cut:second]), side(names[:cut]))


def read_poems(path: Path) -> Poems:
    """MultiM-Poem's pairs that have a caption; a fifth of the distinct poems is held out."""
    pairs = [
        PoemPair(row["machine_caption"], row["poem"])
        for row in rows_of(path)
        if row.get("machine_caption")
    ]
    poems = sorted({pair.poem for pair in pairs})
    random.Random(HOLD_OUT_SEED).shuffle(poems)  # noqa: S311
    apart = set(poems[: len(poems) // 5])
    return Poems(
        train=[pair for pair in pairs if pair.poem not in apart],
        held_out=[pair for pair in pairs if pair.poem in apart],
    )


def read_titled_poems(path: Path) -> TitledPoems:
    """Poems (`title`, `text` per line) whose titles say something, and are whole."""
    found: dict[str, str] = {}
    for row in rows_of(path):
        title, text = row["title"].strip(), row["text"].strip()
        whole = title and text and "\N{REPLACEMENT CHARACTER}" not in title + text
        if whole and not SAYS_NOTHING.match(title):
            found.setdefault(title, text)
    titles = sorted(found)
    random.Random(HOLD_OUT_SEED).shuffle(titles)  # noqa: S311
    cut = min(HELD_OUT_TITLES, len(titles) // 5)
    apart, rest = titles[:cut], sorted(titles[cut:])
    return TitledPoems(
        train=[(title, found[title]) for title in rest],
        held_out=[(title, found[title]) for title in apart],
    )


def read_pictures(archive: Path) -> Iterator[tuple[str, Image.Image]]:
    """Each picture of a tar archive, by name, as RGB."""
    with tarfile.open(archive) as tar:
        for member in tar:
            handle = tar.extractfile(member)
            if handle is not None:
                with Image.open(BytesIO(handle.read())) as image:
                    yield member.name, image.convert("RGB")


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a compressed file that has one a line."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
