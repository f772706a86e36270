"""XLSX: the one sheet that has the columns, its cells as text, its formulas never computed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from engine.errors import InputError
from kiosk.collections.archive import opened
from kiosk.collections.rows import Row, RowTable, column_key, column_names

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_UNPACKED = 512 * 2**20  # bytes; its texts are held in memory
MOST_COLUMNS = 1000
MOST_EMPTY = 10_000  # empty rows in a row, after which a sheet is taken to have ended


def read_spreadsheet(path: Path, known: Collection[str], *, repeated: bool = False) -> RowTable:
    """The rows of the first sheet that has one of the `known` columns, else of the first sheet.

    A formula is never computed: the result that the spreadsheet stored beside it is taken, and
    the row says so. Raises `InputError` for what is no such file.
    """
    with opened(path, MOST_UNPACKED):
        pass  # only to judge it: openpyxl unpacks whole parts at once
    try:
        # Opened here, because openpyxl leaves a file open that it cannot make sense of.
        with path.open("rb") as one, path.open("rb") as other:
            books = _open(one, values=True), _open(other, values=False)
            return _read(path, known, *books, repeated=repeated)
    except InputError:
        raise
    # A damaged workbook makes openpyxl fail in as many ways as it has parts.
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
        SyntaxError,
        ParseError,
        RecursionError,
        NotImplementedError,
        AssertionError,
        OverflowError,
    ) as error:
        raise InputError(
            f"{path} is not a readable spreadsheet ({type(error).__name__}); open it and save it "
            "again as XLSX, or as CSV."
        ) from None


def _read(
    path: Path, known: Collection[str], values: Workbook, formulas: Workbook, *, repeated: bool
) -> RowTable:
    try:
        names = [sheet.title for sheet in values.worksheets]
        if not names:
            raise InputError(f"{path} has no sheet with cells.")
        chosen = next((name for name in names if _columns_found(values[name], known)), names[0])
        notes = []
        if len(names) > 1:
            others = ", ".join(f"“{name}”" for name in names if name != chosen)
            notes.append(f"the sheet “{chosen}” was read; passed over: {others}")
        pairs = zip(_rows(values[chosen]), _rows(formulas[chosen]), strict=False)
        columns, rows, empty = _table(path, pairs, repeated=repeated)
    finally:
        values.close()
        formulas.close()
    if not columns:
        raise InputError(f"{path} is empty; a table needs its columns named in the first row.")
    if empty:
        notes.append(f"{empty} empty {'row' if empty == 1 else 'rows'} passed over")
    return RowTable(path, columns, tuple(rows), tuple(notes))


def _open(file: BinaryIO, *, values: bool) -> Workbook:
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
        return load_workbook(file, read_only=True, data_only=values, keep_links=False)


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # a wrong one, which many exports write, would cut rows off
    yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)


def _columns_found(sheet: Any, known: Collection[str]) -> bool:
    for number, row in enumerate(_rows(sheet)):
        names = {column_key(cell) for cell in row if isinstance(cell, str)}
        if names:
            return bool(names & set(known))
        if number > MOST_EMPTY:
            break
    return False


def _table(
    path: Path, pairs: Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]], *, repeated: bool
) -> tuple[tuple[str, ...], list[Row], int]:
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    empty = waiting = 0
    for number, (stored, written) in enumerate(pairs, start=1):
        if all(cell is None or not str(cell).strip() for cell in written):
            waiting += 1
            if waiting > MOST_EMPTY:
                break
            continue
        empty, waiting = empty + waiting, 0
        if columns:
            rows.append(_row(number, columns, stored, written))
        else:
            columns = column_names(path, map(_text, stored), repeated=repeated)
    return columns, rows, empty


def _row(number: int, columns: Sequence[str], stored: Sequence[Any], written: Sequence[Any]) -> Row:
    cells: dict[str, str] = {}
    notes: list[str] = []
    problem = ""
    for i, value in enumerate(stored):
        if i >= len(columns):
            if _text(value).strip():
                problem = f"has a cell to the right of the last of {len(columns)} named columns"
            continue
        if not columns[i]:
            continue
        formula = written[i] if i < len(written) else None
        if _is_formula(formula) and formula != value:
            result = "left empty" if value is None else "its stored result was taken"
            notes.append(f"{columns[i]} is a formula, which is never computed here; {result}")
        text = _text(value)
        if text.startswith("#") and text in ERRORS:
            notes.append(f"{columns[i]} holds the spreadsheet's error {text}; left empty")
            text = ""
        cells[columns[i]] = text
    return Row(f"row {number}", cells, problem, tuple(notes))


ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")


def _is_formula(cell: Any) -> bool:
    return (isinstance(cell, str) and cell.startswith("=")) or type(cell).__name__ in (
        "ArrayFormula",
        "DataTableFormula",
    )


def _text(value: Any) -> str:
    """A cell as it looks: 1850 and not 1850.0, a day as 1850-05-01."""
    if value is None:
        return ""
    if isinstance(value, str):
        # Excel writes a break within a cell as "_x000D_\n" when the text came from Windows.
        return value.replace("_x000D_\n", "\n").replace("_x000D_", "\n")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
