"""JSON as museums' systems write it: objects within objects, laid flat into rows.

An object within an object becomes columns with a dot ("thumbnail.alt_text"); of a list, all
entries stand below each other in one cell. What linked data says of a value (its type, its
number) is left out, the value is kept; its language is a column of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.collections.guessing import known_columns
from kiosk.collections.json_table import json_rows, parse_json, walked
from kiosk.collections.reading import read_text
from kiosk.collections.rows import ReadRows, Row, RowTable, column_key
from kiosk.collections.text_stream import TextFile

MOST_COLUMNS = 2000  # of one record
DEEPEST = 12  # objects within objects
WRAPPERS = ("@graph", "data", "results", "items", "artworks", "objects", "records")
MOST_FILES = 200_000  # below a folder


def read_records(path: Path) -> RowTable:
    """The records of a JSON or JSONL file, or of all JSON files below a folder.

    Raises `InputError` for what cannot be read at all.
    """
    return _folder(path) if path.is_dir() else json_rows(path, _of_lines, _of_whole)


def _of_whole(path: Path, text: str) -> Sequence[Row]:
    try:
        return tuple(parse_records(text))
    except ValueError as error:
        raise InputError(f"{path} is not readable JSON: {error}.") from None


def _of_lines(file: TextFile) -> Iterator[Row]:
    for number, line in enumerate(file.lines("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = parse_json(line)
        except ValueError as error:
            raise InputError(f"{file.path} is not readable JSON: line {number}: {error}.") from None
        yield record(f"line {number}", entry)


def parse_records(text: str) -> Iterator[Row]:
    """The records in a text. Raises `ValueError` for what is not JSON."""
    entries = records_in(parse_json(text))
    for number, entry in enumerate(entries, start=1):
        yield record(f"object {number}", entry)


def records_in(whole: Any) -> list[Any]:
    """The list of records, whatever a service has wrapped it in; one record alone is a list too."""
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        raise ValueError("it is neither an object nor a list of objects")
    for wrapper in WRAPPERS:
        inside = whole.get(wrapper)
        if isinstance(inside, list) and (not inside or isinstance(inside[0], dict)):
            return inside
        if wrapper == "data" and isinstance(inside, dict):
            return [inside]
    if any(column_key(name) in known_columns() for name in whole):
        return [whole]
    lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return lists[0] if len(lists) == 1 else [whole]


def record(where: str, entry: Any) -> Row:
    """One record as a row."""
    if not isinstance(entry, dict):
        return Row(where, {}, "is not an object with named fields")
    cells: dict[str, list[str]] = {}
    _lay_flat(entry, "", cells, 0)
    if len({column_key(name) for name in cells}) < len(cells):
        return Row(where, {}, "has two fields of the same name")
    if len(cells) > MOST_COLUMNS:
        return Row(where, {}, f"has {len(cells):,} fields; at most {MOST_COLUMNS:,} are read")
    return Row(where, {name: "\n".join(texts) for name, texts in cells.items()})


def _lay_flat(value: Any, name: str, cells: dict[str, list[str]], depth: int) -> None:
    match value:
        case None:
            return
        case list():
            for entry in value:
                _lay_flat(entry, name, cells, depth)
        case {"@value": inside}:
            _lay_flat(inside, name, cells, depth + 1)
            if isinstance(value.get("@language"), str):
                cells.setdefault(f"{name}.@language", [value["@language"]])
        case {"value_resource_id": _} if isinstance(value.get("display_title"), str):
            _lay_flat(value["display_title"], name, cells, depth + 1)
        case {"type": "uri"}:
            _lay_flat(value.get("o:label") or value.get("@id"), name, cells, depth + 1)
        case dict() if depth < DEEPEST:
            for key, inside in value.items():
                _lay_flat(inside, f"{name}.{key}" if name else key.strip(), cells, depth + 1)
        case str():
            cells.setdefault(name, []).append(value)
        case _:
            cells.setdefault(name, []).append(json.dumps(value, ensure_ascii=False))


def _folder(folder: Path) -> RowTable:
    """Every JSON file below a folder, by name; an unreadable one is a row with its problem."""
    try:
        files = sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in (".json", ".jsonld")
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
            and path.is_file()
        )
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be read ({error.strerror}).") from error
    if not files:
        raise InputError(
            f"The folder {folder} holds no JSON files; give the name of a table, or of a folder "
            "of JSON files."
        )
    if len(files) > MOST_FILES:
        raise InputError(f"{folder} holds {len(files):,} files; at most {MOST_FILES:,} are read.")

    def read() -> Iterator[Row]:
        for path in files:
            yield from _of_file(path, path.relative_to(folder).as_posix())

    columns, count = walked(read())
    return RowTable(folder, columns, ReadRows(read, count))


def _of_file(path: Path, name: str) -> Iterator[Row]:
    try:
        found = list(parse_records(read_text(path).text))
    except InputError as error:
        yield Row(name, {}, error.sentence)
    except ValueError as error:
        yield Row(name, {}, f"is not readable JSON: {error}")
    else:
        single = len(found) == 1
        for row in found:
            yield Row(name if single else f"{name}, {row.where}", row.cells, row.problem)
