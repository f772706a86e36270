"""The report of an import: packed, in words, and as a table that no spreadsheet computes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from kiosk.collections.report import BLOCK, ImportReport, Outcome, RowLog, RowReport
from kiosk.collections.report_csv import COLUMNS, COMPUTED, ReportFile, harmless

ROWS = st.builds(
    RowReport,
    where=st.text(max_size=5),
    outcome=st.sampled_from(Outcome),
    title=st.text(max_size=5),
    reason=st.text(max_size=5),
    id=st.none() | st.integers(1, 99),
    notes=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


def logged(rows: list[RowReport]) -> RowLog:
    log = RowLog()
    for row in rows:
        log.append(row)
    return log


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@given(st.lists(ROWS, max_size=8), st.integers(0, 2 * BLOCK + 3))
def test_a_packed_log_is_the_list_that_went_in(some: list[RowReport], length: int) -> None:
    rows = [some[n % len(some)] for n in range(length)] if some else []
    log = logged(rows)
    assert list(log) == rows
    assert len(log) == len(rows)
    for outcome in Outcome:
        assert log.count(outcome) == [row.outcome for row in rows].count(outcome)
    assert log.notes == sum(len(row.notes) for row in rows)
    for place in {0, len(rows) - 1, BLOCK, -1} & set(range(-len(rows), len(rows))):
        assert log[place] == rows[place]
    assert log[1:3] == rows[1:3]


def test_the_words_stop_in_time_and_say_how_much_is_left() -> None:
    rows = [RowReport(f"row {n}", Outcome.REFUSED, reason="bad") for n in range(7)]
    rows += [RowReport("row 8", Outcome.ADDED, "T", notes=("odd", "odder"))]
    report = ImportReport("t.csv", logged(rows))
    told = list(report.sentences(most=8))
    assert told[0] == "t.csv: 1 added, 0 changed, 0 left alone, 7 refused."
    assert told[-2:] == [
        "note: row 8 (“T”): odd",
        "… and 1 more; --all shows every one.",
    ]
    assert list(report.sentences(most=9))[-1] == "note: row 8 (“T”): odder"


def test_a_spreadsheet_opens_it_and_computes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    rows = [
        RowReport("row 2", Outcome.ADDED, "=HYPERLINK(“x”)", id=7, notes=("a", "b")),
        RowReport("row 3", Outcome.REFUSED, "진달래꽃, “Ä”\n", "+1; no"),
        RowReport("@a.txt", Outcome.SKIPPED, "  -1", "half \ud83c"),
    ]
    ReportFile(path).write(rows)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(path) == [
        list(COLUMNS),
        ["row 2", "added", "'=HYPERLINK(“x”)", "a; b", "7"],
        ["row 3", "refused", "진달래꽃, “Ä”\n", "'+1; no", ""],
        ["'@a.txt", "left alone", "'  -1", "half \\ud83c", ""],
    ]
    ReportFile(path).write(rows[:1])  # an earlier report may be written over
    assert len(read(path)) == 2


@given(st.text())
def test_no_cell_is_a_formula(cell: str) -> None:
    safe = harmless(cell)
    assert not safe.lstrip(" ").startswith(COMPUTED)
    assert safe in (cell, f"'{cell}")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    table = tmp_path / "poems.csv"
    table.write_text("title,poet,text\na,b,c\n")
    with pytest.raises(InputError, match="is no report"):
        ReportFile(table)
    with pytest.raises(InputError, match="is a folder"):
        ReportFile(tmp_path)
    with pytest.raises(InputError, match="There is no folder"):
        ReportFile(tmp_path / "nowhere" / "r.csv")
    assert table.read_text().startswith("title")
