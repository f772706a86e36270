"""JSON: a list of objects, or one object a line (JSONL)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.collections.reading import bare_suffix, read_text
from kiosk.collections.rows import ReadRows, Row, RowTable, column_key
from kiosk.collections.text_stream import TextFile, open_text


def read_json(path: Path) -> RowTable:
    """The objects of a JSON list or of a JSONL file, counted from 1.

    Raises `InputError` for anything else.
    """
    return json_rows(path, _rows_of_lines, _rows_of_list)


def json_rows(
    path: Path,
    of_lines: Callable[[TextFile], Iterator[Row]],
    of_whole: Callable[[Path, str], Sequence[Row]],
) -> RowTable:
    """The rows of a JSONL file, line by line and anew each time they are asked for, or of a JSON
    file as a whole. Raises `InputError` where there are none."""
    rows: Sequence[Row]
    if bare_suffix(path) in (".jsonl", ".ndjson"):
        lines = open_text(path)
        columns, count = walked(of_lines(lines))
        rows, note = ReadRows(lambda: of_lines(lines), count), lines.note
    else:
        file = read_text(path)
        rows, note = of_whole(path, file.text), file.note
        columns, count = walked(rows)
    if not count:
        raise InputError(f"{path} holds no entries; a list of objects was expected.")
    return RowTable(path, columns, rows, (note,) if note else ())


def walked(rows: Iterable[Row]) -> tuple[tuple[str, ...], int]:
    """Every column that any of the rows has, and how many rows there are."""
    columns: dict[str, None] = {}
    count = 0
    for row in rows:
        count += 1
        columns |= dict.fromkeys(row.cells)
    return tuple(columns), count


def _rows_of_list(path: Path, text: str) -> list[Row]:
    try:
        whole = parse_json(text)
    except ValueError as error:
        raise InputError(f"{path} is not readable JSON: {error}.") from None
    if isinstance(whole, dict):
        # An export often wraps its list: {"poems": […]}, with a count or a date beside it.
        lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        whole = lists[0] if len(lists) == 1 else whole
    if not isinstance(whole, list):
        raise InputError(f"{path} is JSON but not a list of objects; put the entries into [ … ].")
    return [_row(f"object {number}", entry) for number, entry in enumerate(whole, start=1)]


def _rows_of_lines(file: TextFile) -> Iterator[Row]:
    for number, line in enumerate(file.lines("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = parse_json(line)
        except ValueError as error:
            raise InputError(
                f"{file.path}, line {number}, is not readable JSON: {error}."
            ) from None
        yield _row(f"line {number}", entry)


def parse_json(text: str) -> Any:
    """What the text says. Raises `ValueError` for what is not JSON, or nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _row(where: str, entry: Any) -> Row:
    if not isinstance(entry, dict):
        return Row(where, {}, "is not an object with named fields")
    cells = {name.strip(): _cell(value) for name, value in entry.items()}
    if len({column_key(name) for name in cells}) < len(entry):
        return Row(where, {}, "has two fields of the same name")
    return Row(where, cells)


def _cell(value: Any) -> str:
    """A value as a table's cell: lines of a poem may stand in a list; the rest stays JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False)
