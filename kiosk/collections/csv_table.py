"""CSV: commas, semicolons or tabs, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.reading import read_text
from kiosk.collections.rows import Row, RowTable, column_key, column_names

DELIMITERS = (",", ";", "\t", "|")
# What Excel puts above a table to tell its delimiter to itself.
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_csv(path: Path, known: Collection[str], *, repeated: bool = False) -> RowTable:
    """The rows of a CSV file, counted as a spreadsheet does: the columns' names are row 1.

    `known` are the names of columns that may be there; the delimiter is the one that finds most
    of them. With `repeated`, the second column of a name is called "name (2)"; else that is
    refused. Raises `InputError` for a file that is no such table.
    """
    file = read_text(path)
    delimiter, text = _delimiter(file.text, known)
    # strict: a quotation mark that is never closed is an error, not the end of the table
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    empty = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                empty += 1
            elif not columns:
                columns = column_names(path, cells, repeated=repeated)
            else:
                rows.append(_row(number, columns, cells))
    except csv.Error as error:
        raise InputError(
            f"{path} is not a readable table: row {number + 1} cannot be told apart ({error}); "
            "look for a quotation mark that is not closed or not doubled."
        ) from None
    if not columns:
        raise InputError(f"{path} is empty; a table needs its columns named in the first row.")
    notes = [file.note] if file.note else []
    if empty:
        notes.append(f"{empty} empty {'row' if empty == 1 else 'rows'} passed over")
    return RowTable(path, columns, tuple(rows), tuple(notes))


def _delimiter(text: str, known: Collection[str]) -> tuple[str, str]:
    told = SEPARATOR_LINE.match(text)
    if told:
        return told[1], text[told.end() :]

    def columns_found(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            first = next(reader, [])
        except csv.Error:
            return 0
        return len({column_key(name) for name in first} & set(known))

    return max(DELIMITERS, key=columns_found), text  # the earlier one where two find the same


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
