"""CSV, JSON and poem files become rows with names that staff can find again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from kiosk.collections.poem_folder import parse_poem_file, read_poem_folder
from kiosk.collections.rows import Row, require_columns
from kiosk.collections.tables import read_table

KNOWN = ("title", "author", "poet", "text")


def write(tmp_path: Path, text: str, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_by_the_columns(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["Title", " AUTHOR ", "text", "note"]) + "\r\n"
    text += delimiter.join(["T", "A", '"one, two; three\n\nfour | five ""six"""', "n"]) + "\r\n"
    (row,) = read_table(write(tmp_path, text), KNOWN).rows
    assert row.take("title") == "T"
    assert row.take("author") == "A"
    assert row.take("text") == 'one, two; three\n\nfour | five "six"'
    assert row.others(KNOWN) == {"note": "n"}


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = 'title,text\na,"one\ntwo"\n\n,\nb,x,,\nc,x,surplus\nd\n'
    table = read_table(write(tmp_path, text), KNOWN)
    assert [row.where for row in table.rows] == ["row 2", "row 5", "row 6", "row 7"]
    assert [bool(row.problem) for row in table.rows] == [False, False, True, False]
    assert "quotation marks" in table.rows[2].problem
    assert table.notes == ("2 empty rows passed over",)


def test_excels_own_separator_line(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "sep=;\r\ntitle;text\r\na;b\r\n"), KNOWN)
    assert table.columns == ("title", "text")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ('title,text\na,"never closed\nb,c\n', "quotation mark"),
        ("title,text,Title\na,b,c\n", "two columns named “title”"),
        ("title,text\na," + "x" * 200_000 + "\n", "cannot be told apart"),
    ],
)
def test_csv_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_table(write(tmp_path, text), KNOWN)
    assert "\n" not in caught.value.sentence


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_a_spreadsheet_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], delimiter: str
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["title", "text", "more"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(buffer.getvalue().encode("utf-8"))
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    read = read_table(path, KNOWN).rows
    assert [tuple(row.cells.values()) for row in read] == expected


def test_json_lists_and_lines(tmp_path: Path) -> None:
    entries = [
        {"title": "a", "text": ["one", "", "two"], "n": 3, "tags": {"x": [1]}, "no": None},
        5,
    ]
    for name, text in [
        ("t.json", json.dumps(entries)),
        ("t.jsonl", "\n\n".join(json.dumps(entry) for entry in entries)),
    ]:
        table = read_table(write(tmp_path, text, name), KNOWN)
        first, second = table.rows
        assert first.take("text") == "one\n\ntwo"
        assert first.others(KNOWN) == {"n": "3", "tags": '{"x": [1]}'}
        assert second.problem
        assert first.where in ("object 1", "line 1")
        assert second.where in ("object 2", "line 3")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("t.json", '{"title": "a"}', "not a list"),
        ("t.json", '[{"title": ', "not readable JSON"),
        ("t.json", "[]", "no entries"),
        ("t.json", "[" * 100_000, "not readable JSON"),
        ("t.json", "[" + "9" * 10_000 + "]", "not readable JSON"),
        ("t.jsonl", '{"a": 1}\n{"b"\n', "line 2"),
        ("t.ods", "x", "neither CSV nor JSON nor XLSX"),
    ],
)
def test_json_that_cannot_be_read(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_table(write(tmp_path, text, name), KNOWN)
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize("name", ["t.csv", "t.json", "t.jsonl"])
@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=200))
def test_any_file_is_rows_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(data)
    try:
        table = read_table(path, KNOWN)
        require_columns(table, ("title",))
    except InputError as error:
        assert "\n" not in error.sentence
        assert "\x1b" not in error.sentence


def test_missing_columns_are_named_with_those_found(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "Titel,Gedicht\na,b\n"), KNOWN)
    with pytest.raises(InputError) as caught:
        require_columns(table, ("title",), ("author", "poet"), ("text",))
    for word in ("“title”", "“author” or “poet”", "“text”", "“Titel”", "“Gedicht”"):
        assert word in caught.value.sentence


def test_a_poem_file(tmp_path: Path) -> None:
    row = parse_poem_file(
        "o.txt",
        "title: Ozymandias: a sonnet\r\nPoet:P. B. Shelley\nsource: \n\n  I met\n\n\nA: b\n",
    )
    assert row == Row(
        "o.txt",
        {
            "title": "Ozymandias: a sonnet",
            "poet": "P. B. Shelley",
            "source": "",
            "text": "  I met\n\n\nA: b",
        },
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I met a traveller\nfrom an antique land", "line 1 is no header line"),
        ("title: a\ntitle: b\n\nx", "second time"),
        ("title: a\ntext: b\n\nx", "second time"),
    ],
)
def test_a_poem_file_with_a_wrong_header(text: str, words: str) -> None:
    assert words in parse_poem_file("o.txt", text).problem


def test_a_poem_folder(tmp_path: Path) -> None:
    write(tmp_path, "title: B\npoet: P\n\nb", "b.txt")
    (tmp_path / "a.txt").write_bytes("title: A\npoet: É\n\na".encode("cp1252"))
    (tmp_path / "c.txt").write_bytes(b"PK\x03\x04")
    write(tmp_path, "about", "README.md")
    table = read_poem_folder(tmp_path)
    assert [row.where for row in table.rows] == ["a.txt", "b.txt", "c.txt"]
    assert table.rows[0].take("poet") == "É"
    assert "spreadsheet" in table.rows[2].problem
    assert len(table.notes) == 1
    assert table.notes[0].startswith("a.txt: read as cp1252")


def test_a_folder_without_poems(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text files"):
        read_poem_folder(tmp_path)
