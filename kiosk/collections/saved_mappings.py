"""Mappings that staff have corrected, kept for the next table of the same kind.

Each is a small TOML file below the data directory, which may be read, changed and carried to
another kiosk.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.collections.mapping import ALL_FIELDS, ColumnMapping, Reading, Source, loose_key
from kiosk.collections.text import is_text
from kiosk.store.errors import blame_disk

FOLDER = "mappings"  # in the data directory
NAME = re.compile(r"[^\W_][\w -]{0,59}")
HEAD = "# How the columns of a table become the fields of artworks; `ekphrasis artworks import`\n"


@dataclass(frozen=True, slots=True)
class MappingShelf:
    """The saved mappings of one kiosk."""

    data_dir: Path

    def save(self, name: str, mapping: ColumnMapping, columns: Sequence[str]) -> Path:
        """Keep a mapping for tables with these columns; one of the same name is replaced.

        Raises `InputError` for an impossible name, `StoreError` when the disk is full.
        """
        path = self._path(name)
        text = _written(mapping, columns)
        if not is_text(text):
            raise InputError("A column's name holds half a character; the mapping is not saved.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(fresh).replace(path)
            except BaseException:
                Path(fresh).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise blame_disk(error, f"saving the mapping {name}") from error
        return path

    def load(self, name: str) -> ColumnMapping:
        """The mapping of this name. Raises `InputError` where there is none, or a damaged one."""
        path = self._path(name)
        if not path.is_file():
            known = ", ".join(self.names()) or "none yet"
            raise InputError(f"There is no saved mapping “{name}”; there are: {known}.")
        return _read(path)[0]

    def fitting(self, columns: Iterable[str]) -> ColumnMapping | None:
        """The mapping that was saved for a table with exactly these columns, or None.

        A damaged file is passed over: it must not stand in the way of every import.
        """
        wanted = {loose_key(column) for column in columns}
        for name in self.names():
            try:
                mapping, saved_for = _read(self._path(name))
            except InputError:
                continue
            if saved_for == wanted:
                return mapping
        return None

    def names(self) -> list[str]:
        """The names of all saved mappings."""
        folder = self.data_dir / FOLDER
        found = sorted(path.stem for path in folder.glob("*.toml")) if folder.is_dir() else []
        return [name for name in found if NAME.fullmatch(name)]

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise InputError(
                f"“{name}” cannot be a mapping's name; use letters, digits, blanks and hyphens."
            )
        return self.data_dir / FOLDER / f"{name}.toml"


def _written(mapping: ColumnMapping, columns: Sequence[str]) -> str:
    lines = [HEAD, "# A mapping is found again for a table with exactly these columns."]
    lines.append(f"columns = [{', '.join(_text(loose_key(column)) for column in columns)}]\n")
    for name in ALL_FIELDS:
        for source in mapping.fields.get(name, ()):
            lines.append(f"[[fields.{name}]]")
            lines += _source(source)
            lines.append("")
    return "\n".join(lines)


def _source(source: Source) -> Iterator[str]:
    yield f"column = {_text(source.column)}"
    reading = source.reading
    if reading.divided_by:
        yield f"divided_by = {_text(reading.divided_by)}"
    if reading.inverted:
        yield "inverted = true"
    if reading.pattern:
        yield f"pattern = {_text(reading.pattern)}"
    if reading.values:
        pairs = (f"{_text(cell)} = {_text(means)}" for cell, means in reading.values.items())
        yield f"values = {{ {', '.join(pairs)} }}"


def _text(text: str) -> str:
    """A TOML string; JSON's are the same but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _read(path: Path) -> tuple[ColumnMapping, set[str]]:
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        fields = {
            name: tuple(_source_of(entry) for entry in entries)
            for name, entries in said["fields"].items()
        }
        columns = {loose_key(column) for column in said["columns"]}
        if unknown := set(fields) - set(ALL_FIELDS):
            raise ValueError(f"there is no field {', '.join(sorted(unknown))}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"The saved mapping {path} cannot be read ({error}); put it right or remove it."
        ) from None
    return ColumnMapping(path.stem, fields), columns


def _source_of(entry: dict[str, Any]) -> Source:
    rest = {name: value for name, value in entry.items() if name != "column"}
    reading = Reading(**rest)
    wrong = [
        name for name in ("divided_by", "pattern") if not isinstance(getattr(reading, name), str)
    ]
    if wrong or not isinstance(entry["column"], str) or not isinstance(reading.values, dict):
        raise ValueError("a text is expected for each column")
    return Source(entry["column"], reading)
