"""What the commands of the collection have in common: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.collections.report import ImportReport

WIDEST_CELL = 60  # columns of a terminal
ROWS_TOLD = 100  # of a report, unless all are asked for


def write(text: str) -> None:
    """One or more lines on stdout."""
    sys.stdout.write(text + "\n")


def write_json(value: Any) -> None:
    """JSON on stdout, readable in any script."""
    write(json.dumps(value, ensure_ascii=False, indent=2))


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """An aligned table; long cells are shortened, the last column ends where it ends."""
    shown = [[_shorten(cell) for cell in row] for row in (head, *rows)]
    widths = [max(_width(row[i]) for row in shown) for i in range(len(head))]
    for row in shown:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        write("  ".join(padded).rstrip())


def write_report(report: ImportReport, *, everything: bool) -> None:
    """What an import did, row by row."""
    for sentence in report.sentences(None if everything else ROWS_TOLD):
        write(sentence)


def _width(text: str) -> int:
    """Columns on a terminal: East Asian letters take two, marks none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _shorten(text: str) -> str:
    if len(text) <= WIDEST_CELL and _width(text) <= WIDEST_CELL:
        return text
    text = text[:WIDEST_CELL]
    while _width(text) > WIDEST_CELL - 1:
        text = text[:-1]
    return text.rstrip() + "…"
