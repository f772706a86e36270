"""What a training's command is told: its folders, and what `--set` changes of its recipe."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.training.packing import CARD
from engine.training.titles import Titles, read_titles

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Recipe = TypeVar("Recipe", bound="DataclassInstance")


MADE = ("kept", "out")  # paths that a command makes where they are missing


def there(said: str) -> Path:
    """A path that has to be there; for argparse, which tells where it is not."""
    path = Path(said)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"there is no “{path}”; name one that is there")
    return path


def carded(said: str) -> Path:
    """A folder that a bundle is packed into, with the card that its manifest names; likewise."""
    folder = Path(said)
    if not (folder / CARD).is_file():
        raise argparse.ArgumentTypeError(
            f"“{folder}” has no {CARD}; put the bundle's model card there first"
        )
    return folder


def lists(said: str) -> Titles:
    """The lists that titles are drawn from, in a folder; likewise."""
    try:
        return read_titles(there(said))
    except FileNotFoundError as error:
        raise argparse.ArgumentTypeError(f"“{error.filename}” is missing") from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def arguments(description: str, *paths: str, packs: bool = False) -> argparse.ArgumentParser:
    """A command's arguments: a required path by each of these names, and any number of `--set`.

    What comes out is a whole bundle where it `packs`.
    """
    parser = argparse.ArgumentParser(description=description)
    for name in paths:
        kind = Path if name in MADE else there
        if packs and name == "out":
            kind = carded
        parser.add_argument(f"--{name}", type=kind, required=True)
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    return parser


def changed(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """The recipe, a dataclass, with each FIELD=VALUE on top, as JSON.

    Raises SystemExit with a sentence where there is no such field, or the value is none for it.
    """
    known = {field.name: getattr(recipe, field.name) for field in dataclasses.fields(recipe)}
    values: dict[str, Any] = {}
    for change in changes:
        name, _, said = change.partition("=")
        if name not in known:
            raise SystemExit(f"There is no field “{name}”; there are {', '.join(sorted(known))}.")
        values[name] = _value(name, said, known[name])
    return dataclasses.replace(recipe, **values)


def _value(name: str, said: str, present: object) -> object:
    """What is said, of the kind of what is there."""
    try:
        value = json.loads(said)
    except ValueError:
        value = None
    numbers = isinstance(value, (int, float)) and not isinstance(value, bool)
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(present, bool):
        kind, sound = "true or false", isinstance(value, bool)
    elif isinstance(present, tuple):
        kind, sound = "a list of texts", texts
    elif isinstance(present, int):
        kind, sound = "a whole number", numbers and isinstance(value, int)
    else:
        kind, sound = "a number", numbers
    if not sound:
        example = json.dumps(present)
        raise SystemExit(
            f"“{said}” is not {kind} for the field “{name}”; "
            f"write for example --set {name}={example}"
        )
    return tuple(value) if isinstance(present, tuple) else value
