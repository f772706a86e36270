"""CSV: commas, semicolons or tabs, as spreadsheets write it."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.rows import ReadRows, Row, RowTable, column_key, column_names
from kiosk.collections.text_stream import TextFile, open_text

DELIMITERS = (",", ";", "\t", "|")
# What Excel puts above a table to tell its delimiter to itself.
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_csv(path: Path, known: Collection[str], *, repeated: bool = False) -> RowTable:
    """The rows of a CSV file, counted as a spreadsheet does: the columns' names are row 1.

    `known` are the names of columns that may be there; the delimiter is the one that finds most
    of them. With `repeated`, the second column of a name is called "name (2)"; else that is
    refused. Raises `InputError` for a file that is no such table.
    """
    file = open_text(path)
    delimiter, above = _delimiter(file, known)
    columns: tuple[str, ...] = ()
    rows = empty = 0
    for _, cells in _walk(file, delimiter, above):  # once to its end: all of it can be read
        if not cells:
            empty += 1
        elif not columns:
            columns = column_names(path, cells, repeated=repeated)
        else:
            rows += 1
    if not columns:
        raise InputError(f"{path} is empty; a table needs its columns named in the first row.")
    notes = [file.note] if file.note else []
    if empty:
        notes.append(f"{empty} empty {'row' if empty == 1 else 'rows'} passed over")

    def read() -> Iterator[Row]:
        named = ((n, cells) for n, cells in _walk(file, delimiter, above) if cells)
        return (_row(number, columns, cells) for number, cells in islice(named, 1, None))

    return RowTable(path, columns, ReadRows(read, rows), tuple(notes))


def _walk(file: TextFile, delimiter: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Each row's number and cells, without the lines `above` the table; no cells: an empty row."""
    lines = islice(file.lines(), above, None)
    # strict: a quotation mark that is never closed is an error, not the end of the table
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells if any(cell.strip() for cell in cells) else []
    except csv.Error as error:
        raise InputError(
            f"{file.path} is not a readable table: row {number + 1} cannot be told apart "
            f"({error}); look for a quotation mark that is not closed or not doubled."
        ) from None


def _delimiter(file: TextFile, known: Collection[str]) -> tuple[str, int]:
    """The delimiter, and how many lines stand above the table to tell it."""
    told = SEPARATOR_LINE.match(next(file.lines(), ""))
    if told:
        return told[1], 1

    def columns_found(delimiter: str) -> int:
        reader = csv.reader(file.lines(), delimiter=delimiter)
        try:
            first = next(reader, [])
        except csv.Error:
            return 0
        return len({column_key(name) for name in first} & set(known))

    return max(DELIMITERS, key=columns_found), 0  # the earlier one where two find the same


def _row(number: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    named = dict(zip(columns, cells, strict=False))
    named.pop("", None)
    problem = ""
    if any(cell.strip() for cell in cells[len(columns) :]):
        problem = (
            f"has {len(cells)} cells where there are {len(columns)} columns; a text with "
            "a delimiter in it must stand in quotation marks"
        )
    return Row(f"row {number}", named, problem)
