"""What was lost or garbled in a text before it came here: found and told, never mended in silence.

Two things happen to accents on their way: a program that could not read one put U+FFFD in its
place, which no program can undo; or UTF-8 was taken for an older encoding and saved once more
("cafÃ©"). ftfy knows the second by its statistics; it only tells here, the text stays as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kiosk.collections.rows import Row, RowTable, column_key, each
from kiosk.collections.text import LOST

# A cell that a spreadsheet would compute: a function's call or a sum, not a line of verse.
FORMULA = re.compile(r"[=+@-]\s*(?:[A-Za-z.]+\(|\$?[A-Z]{1,3}\$?\d+\s*[-+*/]).*", re.DOTALL)
EXAMPLE = 20  # characters of an example, either side


def told(table: RowTable) -> RowTable:
    """The same table; rows with damage in them have it among their notes."""
    return replace(table, rows=each(table.rows, _told))


def damage(cells: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong in these (name, text) pairs, in words; empty when all is well."""
    notes: list[str] = []
    for name, text in cells:
        if text.isascii():
            if FORMULA.fullmatch(text):
                notes.append(f"{name} holds a formula; it is kept as written and never computed")
            continue
        lost = text.count(LOST)
        if lost:
            times = "a character was" if lost == 1 else f"{lost} characters were"
            notes.append(
                f"{name} holds “{LOST}”, where {times} lost before it came here: "
                f"“{_around(text, text.index(LOST))}”"
            )
        garbled = _garbled(text)
        if garbled:
            notes.append(f"{name} is garbled: {garbled}; kept as it came")
    return notes


def _garbled(text: str) -> str:
    """The first line that was encoded twice, with what it probably was; "" where none is."""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    if not is_bad(text.replace(LOST, "")):
        return ""
    for line in text.split("\n"):
        mended = fix_encoding(line)
        if mended != line and is_bad(line):
            at = next((i for i, (a, b) in enumerate(zip(line, mended, strict=False)) if a != b), 0)
            return f"“{_around(line, at)}” was probably “{_around(mended, at)}”"
    return ""


def _around(text: str, at: int) -> str:
    """A few words around a place, on one line."""
    return " ".join(text[max(0, at - EXAMPLE) : at + EXAMPLE].split())


def _told(row: Row) -> Row:
    notes = damage((column_key(name), text) for name, text in row.cells.items())
    return replace(row, notes=(*row.notes, *notes)) if notes else row
