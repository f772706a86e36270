"""The starter form: a folder with one poem in each text file, made for reviewing.

    title: Ozymandias
    poet: Percy Bysshe Shelley
    born: 1792
    died: 1822

    I met a traveller from an antique land,
    …

A header of `key: value` lines, an empty line, and the poem exactly as on the page.
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.reading import read_text
from kiosk.collections.rows import Row, RowTable, column_key
from kiosk.collections.text import clean_text

HEADER_LINE = re.compile(r"([A-Za-z][\w .-]*?)\s*:\s*(.*)")


def read_poem_folder(folder: Path) -> RowTable:
    """All `*.txt` files of a folder, by name; each is a row, with the poem in the column `text`.

    A file that cannot be read is a row with its problem. Raises `InputError` if there is none.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".txt")
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be read ({error.strerror}).") from error
    if not files:
        raise InputError(f"The folder {folder} holds no text files (*.txt) with poems.")
    rows: list[Row] = []
    notes: list[str] = []
    for path in files:
        try:
            file = read_text(path)
        except InputError as error:
            rows.append(Row(path.name, {}, error.sentence))
            continue
        if file.note:
            notes.append(f"{path.name}: {file.note}")
        rows.append(parse_poem_file(path.name, file.text))
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return RowTable(folder, tuple(columns), tuple(rows), tuple(notes))


def parse_poem_file(where: str, text: str) -> Row:
    """The row that one file's text makes."""
    cells: dict[str, str] = {}
    lines = clean_text(text).split("\n")
    for number, line in enumerate(lines):
        if not line:
            cells["text"] = "\n".join(lines[number + 1 :])
            return Row(where, cells)
        header = HEADER_LINE.fullmatch(line)
        if header is None:
            return Row(where, {}, f"line {number + 1} is no header line (“key: value”): {line}")
        key = column_key(header[1])
        if key in cells or key == "text":
            return Row(where, {}, f"the header line “{key}” is not expected a second time")
        cells[key] = header[2]
    cells["text"] = ""
    return Row(where, cells)
