"""The report of an import as a table that any spreadsheet opens and none computes."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.report import RowReport

COLUMNS = ("row", "outcome", "title", "reason", "id")
COMPUTED = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet computes
ENCODING = "utf-8-sig"  # with its mark, without which Excel takes it for another encoding


class ReportFile:
    """Where a report is to be written; looked at before anything is imported."""

    def __init__(self, path: Path) -> None:
        """Raises `InputError` where it cannot be written, or where something else would be lost."""
        self._path = path
        if path.is_dir():
            raise InputError(f"{path} is a folder; give the name of a file for the report.")
        if not path.absolute().parent.is_dir():
            raise InputError(f"There is no folder {path.absolute().parent}; make it first.")
        if not os.access(path.absolute().parent, os.W_OK):
            raise InputError(f"The report {path} cannot be written there; choose another folder.")
        if path.exists() and not self._is_report():
            raise InputError(
                f"{path} is there already and is no report; choose another name, so that nothing "
                "is lost."
            )

    def write(self, rows: Iterable[RowReport]) -> None:
        """Write all of it, or leave what was there. Raises `InputError` for a full disk."""
        fresh = None
        try:
            with tempfile.NamedTemporaryFile(
                "w",
                dir=self._path.absolute().parent,
                prefix=".report-",
                encoding=ENCODING,
                errors="backslashreplace",
                newline="",
                delete=False,
            ) as file:
                fresh = Path(file.name)
                fresh.chmod(0o644)
                table = csv.writer(file, quoting=csv.QUOTE_ALL)
                table.writerow(COLUMNS)
                for row in rows:
                    table.writerow([harmless(cell) for cell in _cells(row)])
            fresh.replace(self._path)
        except OSError as error:
            if fresh is not None:
                fresh.unlink(missing_ok=True)
            raise InputError(
                f"The report {self._path} could not be written ({error.strerror}); all else is "
                "done."
            ) from error

    def _is_report(self) -> bool:
        try:
            with self._path.open(encoding=ENCODING, newline="") as file:
                return next(csv.reader(file), []) == list(COLUMNS)
        except (OSError, UnicodeError, csv.Error):
            return False


def harmless(cell: str) -> str:
    """The cell, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(COMPUTED) else cell


def _cells(row: RowReport) -> tuple[str, ...]:
    reason = "; ".join(part for part in (row.reason, *row.notes) if part)
    return row.where, row.outcome, row.title, reason, "" if row.id is None else str(row.id)
