"""Bytes become text, and what was guessed is said."""

from __future__ import annotations

import lzma
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from kiosk.collections import reading
from kiosk.collections.reading import decode, read_text

FRENCH = "title,author,text\nÀ une passante,Baudelaire,“La rue — assourdissante” où l’œil\n"
KOREAN = "title,author,text\n진달래꽃,김소월,나 보기가 역겨워 가실 때에는 말없이\n"


@pytest.mark.parametrize(
    ("text", "written_as", "read_as"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (FRENCH, "utf-16-be", "utf-16-be"),
        (FRENCH, "utf-32", "utf-32"),
        (FRENCH, "cp1252", "cp1252"),
        ("Ägypten,Öl\n", "cp1252", "cp1252"),
        ("Don’t go\n", "cp1252", "cp1252"),
        (KOREAN, "cp949", "cp949"),
        (KOREAN, "utf-8", "utf-8"),
        ("plain\n", "ascii", "utf-8"),
        ("", "utf-8", "utf-8"),
    ],
)
def test_encodings_are_recognised(text: str, written_as: str, read_as: str) -> None:
    file = decode(text.encode(written_as))
    assert (file.text, file.encoding) == (text, read_as)
    assert bool(file.note) == (not read_as.startswith("utf-8"))
    if file.note:
        assert f"read as {read_as}" in file.note


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"a\x00\x00\x00\x01\x02\xff" * 9, "zero bytes"),
    ],
)
def test_what_is_no_text_says_what_it_is(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "poems.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=word) as caught:
        read_text(path)
    assert str(path) in caught.value.sentence


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        assert "\x00" not in decode(data).text
    except ValueError as error:
        assert not isinstance(error, UnicodeError)


def test_a_missing_file_a_folder_and_a_huge_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_text(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(10 * 2**30)  # ten gigabytes of nothing, which take no room
    with pytest.raises(InputError, match="too large"):
        read_text(huge)


def test_what_never_ends_is_refused_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 2**20)
    with pytest.raises(InputError, match="too large"):
        read_text(Path("/dev/zero"))  # says that it holds nothing, and never ends
    bomb = tmp_path / "poems.csv.xz"
    bomb.write_bytes(lzma.compress(bytes(64 * 2**20)))
    tracemalloc.start()
    with pytest.raises(InputError, match="too large"):
        read_text(bomb)
    assert tracemalloc.get_traced_memory()[1] < 16 * 2**20  # of 64
    tracemalloc.stop()
