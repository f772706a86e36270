"""One door for tables: the reader is chosen by the file's name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.csv_table import read_csv
from kiosk.collections.json_table import read_json
from kiosk.collections.rows import RowTable


def read_table(path: Path, known: Collection[str]) -> RowTable:
    """The rows of a CSV or JSON file; `known` names the columns that may be there.

    Raises `InputError` for a file that is neither.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the name of a CSV or JSON file.")
    suffix = path.suffix.lower()
    if suffix in (".json", ".jsonl", ".ndjson"):
        return read_json(path)
    if suffix in (".csv", ".tsv", ".tab", ".txt", ""):
        return read_csv(path, known)
    raise InputError(f"{path} is neither CSV nor JSON (by its name); save it as one of these.")
