"""JSON: a list of objects, or one object a line (JSONL)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.collections.reading import bare_suffix, read_text
from kiosk.collections.rows import Row, RowTable, column_key


def read_json(path: Path) -> RowTable:
    """The objects of a JSON list or of a JSONL file, counted from 1.

    Raises `InputError` for anything else.
    """
    file = read_text(path)
    rows = (
        _rows_of_lines(path, file.text)
        if bare_suffix(path) in (".jsonl", ".ndjson")
        else _rows_of_list(path, file.text)
    )
    if not rows:
        raise InputError(f"{path} holds no entries; a list of objects was expected.")
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return RowTable(path, tuple(columns), tuple(rows), (file.note,) if file.note else ())


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


def _rows_of_lines(path: Path, text: str) -> list[Row]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(f"line {number}", parse_json(line)))
        except ValueError as error:
            raise InputError(f"{path}, line {number}, is not readable JSON: {error}.") from None
    return rows


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
