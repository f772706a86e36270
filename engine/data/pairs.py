"""A folder of pairs: what `data fetch` writes, `train` learns from and `evaluate` measures on.

    FOLDER/pairs.jsonl   a pair a line: {"image": "images/12.jpg", "text": "...", "id": "12"}
    FOLDER/split.json    {"seed": 7, "train": [ids], "test": [ids]}

Pictures are named relative to the folder. Any folder of this form serves, whoever wrote it: "id"
may be left out (the line's number stands for it), and where there is no split one is drawn by
seed (`engine.data.splitting`). Keys that are not known here are left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError

PAIRS = "pairs.jsonl"
SPLIT = "split.json"
CAPTIONS = ("caption", "machine_caption")  # keys of a pair that say what its picture shows


@dataclass(frozen=True, slots=True)
class PoemPair:
    """A picture and the text that belongs to it."""

    id: str
    image: Path
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """Which pairs are learned from and which are held out, by id."""

    seed: int
    train: tuple[str, ...]
    test: tuple[str, ...]


def read_pairs(folder: Path) -> list[PoemPair]:
    """The pairs of a folder, in the order of its file; InputError names the line at fault.

    The pictures are not opened, and need not be there.
    """
    path = folder / PAIRS
    pairs: list[PoemPair] = []
    seen: set[str] = set()
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        pair = _pair(folder, f"{path}, line {number}", line, str(number))
        if pair.id in seen:
            raise InputError(f"{path}, line {number}: the id {pair.id!r} occurs twice.")
        seen.add(pair.id)
        pairs.append(pair)
    if not pairs:
        raise InputError(f"{path} holds no pairs; each line is an object with image and text.")
    return pairs


def write_pairs(folder: Path, pairs: Iterable[PoemPair]) -> None:
    """Write the folder's pairs, whole or not at all; pictures are named relative to the folder."""
    rows = (
        {"image": pair.image.relative_to(folder).as_posix(), "text": pair.text, "id": pair.id}
        for pair in pairs
    )
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_whole(folder / PAIRS, text)


def read_split(folder: Path) -> Split | None:
    """The folder's split; None where there is none yet. InputError where it is unusable."""
    path = folder / SPLIT
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read ({problem}); delete it to draw anew.") from None
    try:
        split = Split(int(told["seed"]), _ids(told["train"]), _ids(told["test"]))
    except (KeyError, TypeError, ValueError):
        raise InputError(
            f'{path} must be {{"seed": number, "train": [ids], "test": [ids]}}; delete it to '
            "draw anew."
        ) from None
    both = set(split.train) & set(split.test)
    if both:
        raise InputError(f"{path} has {min(both)!r} on both sides; delete it to draw anew.")
    return split


def write_split(folder: Path, split: Split) -> None:
    """Write the split down, whole or not at all."""
    told = {"seed": split.seed, "train": list(split.train), "test": list(split.test)}
    write_whole(folder / SPLIT, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def sides(pairs: Sequence[PoemPair], split: Split) -> tuple[list[PoemPair], list[PoemPair]]:
    """(train, test), each in the order of `pairs`; a pair that the split lacks is on neither."""
    train, test = set(split.train), set(split.test)
    return [one for one in pairs if one.id in train], [one for one in pairs if one.id in test]


def write_whole(path: Path, text: str) -> None:
    """Write a file beside and move it into place, so that a kill leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def read_captions(folder: Path) -> dict[str, str]:
    """What the pictures show, by the pair's id, where somebody or something has said it.

    `read_pairs` has read the file before, so its lines are sound.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(_lines(folder / PAIRS), start=1):
        row = json.loads(line) if line.strip() else {}
        said = (row[key] for key in CAPTIONS if isinstance(row.get(key), str) and row[key].strip())
        caption = next(said, None)
        if caption is not None:
            found[str(row.get("id", number))] = caption.strip()
    return found


def _lines(path: Path) -> list[str]:
    try:
        # Not splitlines(): a poem may hold a line separator that JSON leaves as it is.
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise InputError(
            f"There is no {path}; give a folder of pairs, such as `ekphrasis data fetch` writes."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path} cannot be read as UTF-8 text ({problem}).") from None


def _pair(folder: Path, where: str, line: str, number: str) -> PoemPair:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError:
        raise InputError(f"{where}: not JSON; one object a line.") from None
    if not isinstance(row, dict):
        raise InputError(f'{where}: must be an object with "image" and "text".')
    image, text = row.get("image"), row.get("text")
    if not isinstance(image, str) or not image:
        raise InputError(f'{where}: "image" is missing or empty.')
    if not isinstance(text, str) or not text.strip():
        raise InputError(f'{where}: "text" is missing or empty.')
    return PoemPair(str(row.get("id", number)), folder / image, text)


def _ids(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple(str(value) for value in values)
