"""Columns become fields: guessed, corrected, saved, found again; whatever the table holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError, KnownError
from kiosk.collections.artwork_reading import Artworks, Choices, read_artworks
from kiosk.collections.guessing import guess, known_columns, recognised
from kiosk.collections.mapping import (
    ALL_FIELDS,
    ColumnMapping,
    Reading,
    Source,
    corrections,
    told,
)
from kiosk.collections.markup import plain
from kiosk.collections.saved_mappings import MappingShelf

EXPORTS = Path(__file__).with_name("exports")


def table(folder: Path, text: str, name: str = "w.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def columns_of(brought: Artworks) -> dict[str, str]:
    return {name: columns for name, columns, _ in told(brought.as_it_came, brought.mapping)}


def read(path: Path, *said: str, saved: MappingShelf | None = None) -> Artworks:
    return read_artworks(path, Choices(corrected=corrections(said)), saved)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "Inventory No,Titel,Künstler,Datierung,Beschreibung,Saal,Bild",
            "number title artist date description room image",
        ),
        (
            "OBJECT_NUMBER,Object Title,Maker,Year,Alt-Text,Gallery,File Name",
            "number title artist date description room image",
        ),
        ("작품명,작가,제작연도,설명,전시실,이미지", "title artist date description room image"),
        (
            "Título,Autor,Año,Descripción,Sala,Imagen,Idioma",
            "title artist date description room image language",
        ),
    ],
)
def test_names_of_others_are_guessed(tmp_path: Path, head: str, expected: str) -> None:
    path = table(tmp_path, head + "\n" + ",".join("x" for _ in head.split(",")) + "\n")
    found = {name: column for name, column in columns_of(read(path)).items() if column}
    assert found == dict(zip(expected.split(), head.split(","), strict=True)) | {
        name: found[name] for name in found if name not in expected.split()
    }
    assert set(found) == set(expected.split())


def test_a_fields_own_name_comes_first(tmp_path: Path) -> None:
    path = table(tmp_path, "Object Title,title,Maker,artist\na,b,c,d\n")
    row = read(path).table.rows[0]
    assert (row.cells["title"], row.cells["artist"]) == ("b", "d")
    assert (row.cells["Object Title"], row.cells["Maker"]) == ("a", "c")


def test_corrections_and_second_choices(tmp_path: Path) -> None:
    path = table(tmp_path, "title,artist,Long,Short,room\nA,B,,brief,1\nC,D,at length,brief,2\n")
    brought = read(path, "description=Long", "description = short", "room=", "artist=Title")
    first, second = brought.table.rows
    assert first.cells["description"] == "brief"
    assert second.cells["description"] == "at length"
    assert second.cells["artist"] == "C"
    assert "room" not in first.cells
    assert first.cells["room (column)"] == "1"
    assert first.cells["artist (column)"] == "B"
    assert columns_of(brought)["description"] == "Long, else Short"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("artist", "is not FIELD=COLUMN"),
        ("medium=Medium", "is not FIELD=COLUMN"),
        ("artist=Malerin", "no column “Malerin” for artist; its columns are “title”"),
    ],
)
def test_corrections_that_cannot_be(tmp_path: Path, said: str, words: str) -> None:
    path = table(tmp_path, "title\na\n")
    with pytest.raises(InputError, match=words):
        read(path, said)


def test_a_table_without_a_title_says_what_to_do(tmp_path: Path) -> None:
    path = table(tmp_path, "Foo,Bar\na,b\n")
    with pytest.raises(InputError, match=r"lacks the column “title”; it has “Foo”, “Bar”.*--map"):
        read(path)
    assert read(path, "title=foo").table.rows[0].cells["title"] == "a"


def test_a_mapping_is_saved_and_found_again(tmp_path: Path) -> None:
    shelf = MappingShelf(tmp_path / "data")
    path = table(tmp_path, "Foo,Bar,Baz\nA,B,C\n")
    brought = read(path, "title=Foo", "artist=Bar")
    shelf.save("our list", brought.mapping, brought.as_it_came.columns)
    again = read(table(tmp_path, "baz,foo,bar\nc,a,b\n", "next.csv"), saved=shelf)
    assert again.table.rows[0].cells == {"title": "a", "artist": "b", "baz": "c"}
    assert any("saved mapping “our list”" in note for note in again.table.notes)
    # another table is guessed, unless the mapping is named
    with pytest.raises(InputError, match="title"):
        read(table(tmp_path, "Foo,Bar\nA,B\n", "other.csv"), saved=shelf)
    choices = Choices(mapping="our list")
    named = read_artworks(tmp_path / "other.csv", choices, shelf)
    assert named.table.rows[0].cells == {"title": "A", "artist": "B"}
    with pytest.raises(InputError, match="no saved mapping “x”; there are: our list"):
        read_artworks(path, Choices(mapping="x"), shelf)
    with pytest.raises(InputError, match="cannot be a mapping's name"):
        shelf.save("../x", brought.mapping, ())


def test_a_damaged_mapping_is_in_nobodys_way(tmp_path: Path) -> None:
    shelf = MappingShelf(tmp_path)
    (tmp_path / "mappings").mkdir()
    for number, text in enumerate(
        (
            "x = [",
            "columns = [1]\n[fields]",
            "[fields]\ntitle = 1",
            'columns = ["title"]\nfields = 3',
        )
    ):
        (tmp_path / "mappings" / f"m{number}.toml").write_text(text)
        assert read(table(tmp_path, "title\na\n"), saved=shelf).table.rows[0].cells["title"] == "a"
        with pytest.raises(InputError, match="put it right or remove it"):
            shelf.load(f"m{number}")


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
READINGS = st.builds(
    Reading,
    divided_by=st.text(max_size=3),
    inverted=st.booleans(),
    pattern=NAMES,
    values=st.dictionaries(NAMES, NAMES, max_size=3),
)


@given(
    st.dictionaries(
        st.sampled_from(ALL_FIELDS),
        st.lists(st.builds(Source, NAMES, READINGS), min_size=1, max_size=3).map(tuple),
    ),
    st.lists(NAMES, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_any_mapping_comes_back_as_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory,
    fields: dict[str, tuple[Source, ...]],
    columns: list[str],
) -> None:
    shelf = MappingShelf(tmp_path_factory.getbasetemp())
    shelf.save("m", ColumnMapping("", fields), columns)
    if fields:
        assert shelf.load("m") == ColumnMapping("m", fields)


CELLS = st.text(max_size=12) | st.sampled_from(
    ["a|b", "Blake, Robert", "<p>x", "true", "\n\n", "&"]
)
HEADS = st.lists(
    st.sampled_from(sorted(known_columns())) | NAMES, min_size=1, max_size=8, unique_by=str.casefold
)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_table_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    heads = data.draw(HEADS)
    entries = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(heads, CELLS)), max_size=4))
    path = tmp_path_factory.getbasetemp() / "t.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    try:
        brought = read_artworks(path)
    except KnownError:
        return
    assert len(brought.table.rows) == len(entries)
    assert len(columns_of(brought)) == len(ALL_FIELDS)
    for row, entry in zip(brought.table.rows, entries, strict=True):
        kept = "".join(row.cells.values())
        used = brought.mapping.columns
        for name, text in entry.items():  # nothing that no field takes is lost
            assert row.problem or name.strip() in used or text in kept


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["title", "@value", "@graph", "data", "@language", "photo", "path", "o:label"]
            )
            | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_any_json_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "w.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    try:
        read_artworks(path)
    except KnownError as error:
        assert str(path) in error.sentence


def test_a_folder_of_json_tells_of_the_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"acno": "1", "title": "A", "all_artists": "B"}')
    (tmp_path / "b.json").write_text('{"acno": ')
    (tmp_path / ".c.json").write_text("{}")
    rows = read(tmp_path).table.rows
    assert [(row.where, bool(row.problem)) for row in rows] == [("a.json", False), ("b.json", True)]
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="holds no JSON files"):
        read(tmp_path / "none")


def test_a_second_table_may_lie_anywhere(tmp_path: Path) -> None:
    path = table(tmp_path, "id,title\n1,A\n2,B\n2,C\n")
    beside = table(tmp_path, "id,title,artist\n2,Other,Someone\n9,None,Nobody\n", "artists.csv")
    with pytest.raises(InputError, match=r"exactly one column must have the same name.*id, title"):
        read_artworks(path, Choices(beside=(beside,)))
    beside = table(tmp_path, "ID,Artist,id_of_photo\n2,Someone,7\n", "artists.csv")
    rows = read_artworks(path, Choices(beside=(beside,))).table.rows
    assert [row.cells.get("artist", "") for row in rows] == ["", "Someone", "Someone"]
    far = tmp_path / "far"
    far.mkdir()
    (far / "published_images.csv").write_bytes(
        (EXPORTS / "nga" / "published_images.csv").read_bytes()
    )
    objects = tmp_path / "objects.csv"
    objects.write_bytes((EXPORTS / "nga" / "objects.csv").read_bytes())
    assert "description" not in read(objects).table.rows[0].cells
    joined = read_artworks(objects, Choices(beside=(far / "published_images.csv",)))
    assert joined.table.rows[0].cells["description"].startswith("A woman in a blue jacket")
    assert any("laid beside it by objectid: 2 of 3 rows" in note for note in joined.table.notes)


def test_our_own_table_is_nobodys_export() -> None:
    columns = ("number", "title", "artist", "image", "acno", "all_artists")
    assert recognised(columns) is None
    assert guess(columns).fields["title"] == (Source("title"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b > c", "a < b > c"),
        ("<b>Sea</b> &amp; sky", "Sea & sky"),
        ("<p>One</p><p>Two<br/>Three</p>", "One\n\nTwo\nThree"),
        ("<p>x<script>alert(1)</script>y", "xy"),
        ("  kept\n as it is ", "  kept\n as it is "),
    ],
)
def test_a_web_pages_text_is_read_plain(text: str, expected: str) -> None:
    assert plain(text) == expected
