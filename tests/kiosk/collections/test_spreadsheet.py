"""XLSX: cells as they look, formulas never computed, damaged and dishonest files refused."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from kiosk.collections.tables import read_table

KNOWN = ("title", "text", "date")
STORED = '<c r="A2" t="str"><f>CONCATENATE("a","b")</f><v>ab</v></c>'


def book(path: Path, *rows: list[object], sheets: tuple[str, ...] = ()) -> Path:
    workbook = openpyxl.Workbook()
    for name in sheets:
        workbook.create_sheet(name, 0).append(["nothing known"])
    sheet = workbook.worksheets[-1]
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def test_cells_are_read_as_they_look(tmp_path: Path) -> None:
    day = datetime.datetime(1850, 5, 1)
    path = book(
        tmp_path / "t.xlsx",
        ["Title", "text", "date", None, "n"],
        ["A", "one\n\n  two", 1850.0, None, 1.5],
        [],
        ["한글", None, day, None, True],
        sheets=("about",),
    )
    table = read_table(path, KNOWN)
    first, second = table.rows
    assert first.cells == {"Title": "A", "text": "one\n\n  two", "date": "1850", "n": "1.5"}
    assert second.cells == {"Title": "한글", "text": "", "date": "1850-05-01", "n": "True"}
    assert (first.where, second.where) == ("row 2", "row 4")
    assert any("passed over: “about”" in note for note in table.notes)
    assert "1 empty row passed over" in table.notes


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ["title", "text"], ["=1+1", "x"])
    (row,) = read_table(path, KNOWN).rows
    assert row.cells["title"] == ""
    assert row.notes == ("title is a formula, which is never computed here; left empty",)
    # Excel stores the result beside the formula; openpyxl, which wrote this file, does not.
    changed = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                start, end = data.index(b'<c r="A2"'), data.index(b'<c r="B2"')
                data = data[:start] + STORED.encode() + data[end:]
            new.writestr(name, data)
    (row,) = read_table(changed, KNOWN).rows
    assert row.cells["title"] == "ab"
    assert "its stored result was taken" in row.notes[0]


def test_errors_twins_and_surplus_cells(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ["title", "text"], ["#REF!", "x", "surplus"])
    (row,) = read_table(path, KNOWN).rows
    assert "to the right" in row.problem
    with pytest.raises(InputError, match="two columns named “title”"):
        read_table(book(tmp_path / "u.xlsx", ["title", "Title"]), KNOWN)
    with pytest.raises(InputError, match="is empty"):
        read_table(book(tmp_path / "v.xlsx"), KNOWN)


def test_a_spreadsheet_that_would_fill_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(64):
            part.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(InputError, match="no honest archive"):
        read_table(path, KNOWN)


def test_a_file_that_is_no_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    for data in (b"title,text\n", b"", b"PK\x03\x04"):
        path.write_bytes(data)
        with pytest.raises(InputError, match="not a whole zip archive"):
            read_table(path, KNOWN)
    with pytest.raises(InputError, match="no file"):
        read_table(tmp_path / "none.xlsx", KNOWN)


def sound() -> dict[str, bytes]:
    buffer = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active.append(["title", "text"])
    workbook.active.append(["a", "=A1"])
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SOUND = sound()


@settings(deadline=None, max_examples=80)
@given(
    name=st.sampled_from(sorted(SOUND)),
    at=st.integers(0, 3000),
    junk=st.one_of(st.binary(max_size=30), st.sampled_from([b"<", b'"', b"</c>", b"999999999"])),
    cut=st.integers(0, 40),
)
def test_a_damaged_part_is_rows_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, junk: bytes, cut: int
) -> None:
    path = tmp_path_factory.mktemp("x") / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in SOUND.items():
            spoiled = data[:at] + junk + data[at + cut :] if part == name else data
            archive.writestr(part, spoiled)
    try:
        read_table(path, KNOWN)
    except InputError as error:
        assert "\n" not in error.sentence
