"""Tables of any length: read as short ones are, and never held."""

from __future__ import annotations

import json
import lzma
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from kiosk.collections import text_stream
from kiosk.collections.poem_reading import read_poems
from kiosk.collections.rows import ReadRows, Row, RowTable
from kiosk.collections.tables import read_table
from kiosk.collections.text_stream import open_text

COLUMNS = ("title", "author", "text")


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the shortest table is read line by line."""
    monkeypatch.setattr(text_stream, "HELD_UP_TO", -1)


def outcome(read: Callable[[], RowTable]) -> object:
    try:
        table = read()
    except InputError as error:
        return error.sentence
    return table.columns, list(table.rows), table.notes


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(
        st.sampled_from(["a", "é", "진", ",", ";", '"', "\n", "\r\n", "\r", "{}", '{"a": 1}', "\t"])
        | st.text(max_size=3),
        max_size=12,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]),
    suffix=st.sampled_from([".csv", ".jsonl"]),
)
def test_it_is_read_as_if_it_were_held(
    tmp_path: Path, pieces: list[str], encoding: str, suffix: str
) -> None:
    text = "".join(pieces)
    head = "title,author,text\n" if suffix == ".csv" else ""
    path = tmp_path / f"t{suffix}"
    path.write_bytes((head + text).encode(encoding, errors="replace"))
    held = outcome(lambda: read_table(path, COLUMNS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_stream, "HELD_UP_TO", -1)
        assert outcome(lambda: read_table(path, COLUMNS)) == held


def poems(count: int) -> Iterable[bytes]:
    for n in range(count):
        poem = {"title": f"Poem {n}", "author": "A Poet", "text": "a line\n" * 100}
        yield json.dumps(poem).encode() + b"\n"


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    with path.open("wb") as file:
        file.writelines(poems(20_000))
    assert path.stat().st_size > 16 * 2**20
    read_poems(path)  # what is imported on the way does not count
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_poems(path).rows) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 6 * 2**20
    finally:
        tracemalloc.stop()


def test_rows_can_be_asked_for_by_number() -> None:
    rows = [Row(f"row {n}", {}) for n in range(5)]
    read = ReadRows(lambda: iter(rows), 5)
    assert (len(read), list(read), list(read)) == (5, rows, rows)
    assert (read[0], read[-1]) == (rows[0], rows[4])
    assert (list(read[1:3]), list(read[::-2])) == (rows[1:3], rows[::-2])
    with pytest.raises(IndexError):
        read[5]


@pytest.mark.usefixtures("streamed")
def test_a_table_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("title,author,text\na,b,c\n")
    table = read_poems(path)
    path.write_text("title,author,text\na,b,c\nd,e,f\n")
    with pytest.raises(InputError, match="was changed while it was being read"):
        list(table.rows)


@pytest.mark.usefixtures("streamed")
def test_a_line_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_stream, "MOST_LINE", 1000)
    path = tmp_path / "p.csv"
    path.write_text("title,author,text\na,b," + "c" * 2000 + "\n")
    with pytest.raises(InputError, match="line 2, has more than 1,000 letters"):
        read_poems(path)


def test_bombs_and_endless_tables_are_refused_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(10 * 2**30)  # of nothing, which takes no room
    with pytest.raises(InputError, match="too large"):
        open_text(huge)
    monkeypatch.setattr(text_stream, "MOST_BYTES", 2**20)
    bomb = tmp_path / "p.csv.xz"
    bomb.write_bytes(lzma.compress(b"a" * 64 * 2**20))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="too large"):
            open_text(bomb)
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("streamed")
def test_an_older_encoding_beyond_what_can_be_held_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes("title,author,text\né,b,c\n".encode("cp1252"))
    assert open_text(path).encoding == "cp1252"
    monkeypatch.setattr(text_stream, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="save it as UTF-8"):
        open_text(path)
