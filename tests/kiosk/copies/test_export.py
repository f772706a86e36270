"""A collection goes out as one archive and comes into an empty kiosk as the same collection."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError, KnownError
from kiosk.copies.arrival import bring
from kiosk.copies.export import export
from kiosk.copies.manifest import Manifest, Sealed
from kiosk.store.database import open_store
from kiosk.store.errors import StoreError
from kiosk.store.place import Place
from kiosk.store.records import PoemDraft
from kiosk.store.replacing import STORE
from kiosk.store.schema import HEAD
from tests.kiosk.copies.conftest import VERSE, contents, silent
from tests.postgres import Server


def out(folder: Path, archive: Path) -> Path:
    with open_store(folder / STORE) as store:
        export(store, folder, archive, silent)
    return archive


def back(archive: Path, folder: Path) -> None:
    with open_store(folder / STORE) as store:
        bring(store, folder, archive, silent)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kiosk that has been opened once."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    open_store(folder / STORE).close()
    return folder


@pytest.fixture
def other(empty: Path, tmp_path: Path) -> Path:
    shutil.copytree(empty, tmp_path / "other")
    return tmp_path / "other"


@pytest.fixture
def archive(filled: Path, tmp_path: Path) -> Path:
    return out(filled, tmp_path / "all.zip")


def test_an_equal_store_comes_out_of_it(
    filled: Path, archive: Path, tmp_path: Path, other: Path
) -> None:
    back(archive, other)
    assert contents(other) == contents(filled)
    again = out(other, tmp_path / "again.zip")
    with zipfile.ZipFile(archive) as one, zipfile.ZipFile(again) as two:
        assert one.namelist() == two.namelist()
        for name in set(one.namelist()) - {"manifest.json"}:
            assert one.read(name) == two.read(name)


def test_ids_of_what_was_deleted_do_not_come_back(archive: Path, other: Path) -> None:
    back(archive, other)
    with open_store(other / STORE) as store:
        assert max(poem.id for poem in store.poems.list()) == 6
        from kiosk.store.records import PassageCut

        assert store.poems.add(PoemDraft("new", "P", "x"), [PassageCut(0, "x")]) == 8


def test_it_can_be_read_without_us(archive: Path) -> None:
    with zipfile.ZipFile(archive) as members:
        assert members.testzip() is None
        poems = [json.loads(line) for line in members.read("tables/poems.jsonl").splitlines()]
        assert poems[0]["text"] == f"{VERSE}\n0"
        assert "진달래꽃" in members.read("tables/poems.jsonl").decode()
        works = [json.loads(line) for line in members.read("tables/artworks.jsonl").splitlines()]
        picture = members.read(works[0]["image"])
        assert picture.startswith(b"\x89PNG")
        assert sha256(picture).hexdigest() in works[0]["image"]
        assert members.read("files/pronunciation.txt") == b"Goethe  en  gurta\n"
        facts = json.loads(members.read("manifest.json"))
    assert facts["schema"] == HEAD
    assert facts["tables"]["poems"] == len(poems) == 6


def test_a_name_that_is_taken_is_left_alone(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        out(filled, tmp_path / "all.zip")
    assert (tmp_path / "all.zip").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "filled"]


def test_a_store_with_something_in_it_is_left_alone(archive: Path, filled: Path) -> None:
    before = contents(filled)
    with pytest.raises(
        StoreError, match=r"holds something already \(.*poets.*empty data directory"
    ):
        back(archive, filled)
    assert contents(filled) == before


def test_what_staff_wrote_here_stays(archive: Path, other: Path) -> None:
    (other / "pronunciation.txt").write_text("mine")
    with open_store(other / STORE) as store:
        assert bring(store, other, archive, silent).kept == ("pronunciation.txt",)
    assert (other / "pronunciation.txt").read_text() == "mine"
    assert (other / "starter-brought.json").exists()


def test_a_picture_that_is_gone_is_told_and_the_rest_travels(
    filled: Path, tmp_path: Path, other: Path
) -> None:
    gone, *_ = sorted((filled / "pictures").iterdir())
    gone.unlink()
    with open_store(filled / STORE) as store:
        done = export(store, filled, tmp_path / "all.zip", silent)
    assert done.missing == (f"pictures/{gone.name}",)
    back(tmp_path / "all.zip", other)
    assert contents(other) == contents(filled)


def test_a_poem_that_packs_like_a_bomb_travels(filled: Path, tmp_path: Path, other: Path) -> None:
    from kiosk.store.records import PassageCut

    with open_store(filled / STORE) as store:
        lines = ["a" * 1_100_000, "b"]
        store.poems.add(PoemDraft("A", "P", "\n".join(lines)), [PassageCut(1, "b")])
    back(out(filled, tmp_path / "all.zip"), other)
    assert contents(other) == contents(filled)


def assert_nothing_came(folder: Path) -> None:
    with open_store(folder / STORE) as store:
        assert set(store.whole.counts().values()) == {0}
    assert list(folder.glob("pictures/*")) == []
    assert list(folder.glob("*.txt")) == list(folder.glob("*.json")) == []


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_byte_that_changed_is_known_or_does_not_matter(
    archive: Path,
    filled: Path,
    empty: Path,
    tmp_path_factory: pytest.TempPathFactory,
    place: float,
    bit: int,
) -> None:
    """What a bad stick does. Where the archive is read all the same, the store is the same."""
    folder = tmp_path_factory.mktemp("flipped")
    shutil.copytree(empty, folder / "other")
    data = bytearray(archive.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    (folder / "bad.zip").write_bytes(data)
    try:
        back(folder / "bad.zip", folder / "other")
    except KnownError as problem:
        assert "\n" not in problem.sentence
        assert_nothing_came(folder / "other")
    else:
        assert contents(folder / "other") == contents(filled)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_a_copy_that_was_cut_short_is_refused(
    archive: Path, tmp_path: Path, share: float, other: Path
) -> None:
    data = archive.read_bytes()
    (tmp_path / "short.zip").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match="not a whole zip archive"):
        back(tmp_path / "short.zip", other)
    assert_nothing_came(other)


# --- archives that somebody made by hand ----------------------------------------------------------

POET = {"id": 3, "name": "Li Bai", "name_key": "li bai", "born": 701, "died": None}
POEM = {
    "id": 5,
    "poet_id": 3,
    "title": "Moon",
    "text": "moonlight",
    "language": "en",
    "source": "",
    "extra": {},
    "search_key": "moon li bai",
    "identity": "1" * 64,
}
PASSAGE = {"id": 9, "poem_id": 5, "first_line": 0, "text": "moonlight"}
WORK = {
    "id": 2,
    "number": None,
    "number_key": None,
    "title": "W",
    "artist": "",
    "date": "",
    "image": None,
    "description": "",
    "language": "en",
    "room": "",
    "extra": {},
    "search_key": "w",
    "identity": "2" * 64,
}
FIRST = {
    "poets": [POET],
    "poems": [POEM],
    "passages": [PASSAGE],
    "artworks": [WORK],
    "decisions": [],
}


def make_archive(
    path: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    schema: str = "0001",
    files: Mapping[str, bytes] | None = None,
    **others: Any,
) -> Path:
    members = {
        f"tables/{name}.jsonl": "".join(json.dumps(row) + "\n" for row in some).encode()
        for name, some in rows.items()
    } | dict(files or {})
    sealed = {name: Sealed(len(data), sha256(data).hexdigest()) for name, data in members.items()}
    facts: dict[str, Any] = {"tables": {name: len(some) for name, some in rows.items()}} | others
    manifest = Manifest("export", schema, "2026-01-01T00:00:00+00:00", sealed, **facts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", manifest.to_json())
    return path


@pytest.fixture(params=["file", "server"])
def anywhere(request: pytest.FixtureRequest, other: Path) -> Place:
    """An empty kiosk's store: a file, or a database of a server."""
    if request.param == "file":
        return Place(other / STORE)
    server: Server = request.getfixturevalue("server")
    return server.place(other, request.getfixturevalue("empty_database"))


def bring_to(place: Place, archive: Path) -> None:
    with open_store(place) as store:
        bring(store, place.folder, archive, silent)


def test_an_archive_of_the_first_schema_comes_up_to_date(tmp_path: Path, anywhere: Place) -> None:
    make_archive(tmp_path / "old.zip", FIRST, last_ids={"poems": 40})
    bring_to(anywhere, tmp_path / "old.zip")
    with open_store(anywhere) as store:
        assert [found.poem.id for found in store.poems.search("li moonlight")] == [5]
        (poem,) = store.poems.list("moon")
        assert (poem.id, poem.poet.name, poem.text) == (5, "Li Bai", "moonlight")
        assert [passage.id for passage in store.poems.passages_of(5)] == [9]
        assert store.artworks.get(2) is not None
        from kiosk.store.records import PassageCut

        assert store.poems.add(PoemDraft("new", "P", "x"), [PassageCut(0, "x")]) == 41


def hostile(name: str, row: Mapping[str, Any]) -> Callable[[Path], Path]:
    return lambda path: make_archive(path, {**FIRST, name: [row]})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            hostile("poems", POEM | {"poet_id": 77}),
            "A row of the table poems (refers to one of poets that is not there|does not fit)",
        ),
        (hostile("poems", {**POEM, "evil": 1}), "not the columns that it should have"),
        (hostile("poems", {"id": 1}), "not the columns that it should have"),
        (hostile("poems", POEM | {"text": 5}), "text is int, not str"),
        (hostile("poems", POEM | {"id": True}), "id is bool, not int"),
        (hostile("poems", POEM | {"id": 2**70}), "does not fit|cannot keep a value"),
        (hostile("poems", POEM | {"title": None}), "does not fit"),
        (hostile("artworks", WORK | {"image": "../../etc/passwd"}), "is not in it"),
        (hostile("artworks", WORK | {"image": "/etc/passwd"}), "is not in it"),
        (
            lambda path: make_archive(
                path,
                {**FIRST, "artworks": [WORK | {"image": "pictures/../x"}]},
                missing=("pictures/../x",),
            ),
            "is not in it",
        ),
        (lambda path: make_archive(path, FIRST, "9999"), "newer version of this program"),
        (lambda path: make_archive(path, {**FIRST, "alembic_version": []}), "no kiosk of its time"),
        (lambda path: make_archive(path, {"poets": [POET]}), "the table .* is missing"),
        (lambda path: make_archive(path, FIRST, tables={"poets": 2}), "has . rows, not ."),
        (
            lambda path: make_archive(path, FIRST, files={"pictures/../../x.png": b"x"}),
            "is damaged|no honest archive",
        ),
        (
            lambda path: make_archive(path, FIRST, files={"pictures/deep/x.png": b"x"}),
            "is no picture of a kiosk",
        ),
    ],
)
def test_what_does_not_fit_is_refused_whole(
    make: Callable[[Path], Path], sentence: str, tmp_path: Path, anywhere: Place
) -> None:
    with pytest.raises(KnownError, match=sentence) as caught:
        bring_to(anywhere, make(tmp_path / "evil.zip"))
    assert "\n" not in caught.value.sentence
    with open_store(anywhere) as store:
        assert not any(store.whole.counts().values())
        assert store.whole.schema == HEAD
    assert_nothing_came(anywhere.folder)


def test_files_that_are_no_archive(tmp_path: Path, other: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        back(tmp_path / "none.zip", other)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as members:
        members.writestr("poems.csv", "title")
    with pytest.raises(InputError, match="no exported collection"):
        back(tmp_path / "x.zip", other)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("manifest.json", b"\x00" * 50_000_000)
    (tmp_path / "bomb.zip").write_bytes(buffer.getvalue())
    with pytest.raises(InputError, match="no honest archive"):
        back(tmp_path / "bomb.zip", other)
    assert_nothing_came(other)
