"""One door for tables: the reader is chosen by the file's name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.csv_table import read_csv
from kiosk.collections.json_table import read_json
from kiosk.collections.reading import bare_suffix
from kiosk.collections.rows import RowTable
from kiosk.collections.spreadsheet import read_spreadsheet


def read_table(path: Path, known: Collection[str], *, repeated: bool = False) -> RowTable:
    """The rows of a CSV, JSON or XLSX file; `known` names the columns that may be there.

    With `repeated`, a table may have several columns of one name (see `column_names`). Raises
    `InputError` for a file that is none of these.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the name of a CSV, JSON or XLSX file.")
    suffix = bare_suffix(path)
    if suffix in (".json", ".jsonl", ".ndjson"):
        return read_json(path)
    if suffix in (".csv", ".tsv", ".tab", ".txt", ""):
        return read_csv(path, known, repeated=repeated)
    if suffix in (".xlsx", ".xlsm"):
        return read_spreadsheet(path, known, repeated=repeated)
    raise InputError(
        f"{path} is neither CSV nor JSON nor XLSX (by its name); save it as one of these."
    )
