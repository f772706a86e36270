"""A store on a server: opened from several places at once, and what is said where it cannot be."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from engine.errors import KnownError
from kiosk.store.database import Store, open_store
from kiosk.store.errors import StoreError
from kiosk.store.place import Place, is_server_url
from kiosk.store.records import PassageCut, PoemDraft
from kiosk.store.schema import HEAD, build_at, migrate
from kiosk.store.server import LET_GO
from kiosk.store.sessions import for_writing
from tests.kiosk.store.test_migrations import FILLED, released
from tests.postgres import Server, debian_programs, running

SECRET = "Pa:ss/w@rd"  # noqa: S105
OPEN = (
    "import sys; from pathlib import Path\n"
    "from engine.errors import KnownError\n"
    "from kiosk.store.database import open_store\n"
    "from kiosk.store.place import Place\n"
    "try:\n    open_store(Place(Path(sys.argv[1]), sys.argv[2])).close()\n"
    "except KnownError as error:\n    print(error.sentence)\n"
)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """A database in which nothing is yet."""
    name = server.new_database()
    yield name
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def keeper(server: Server) -> Iterator[str]:
    """A user with a password and no other rights."""
    server.sql(f"CREATE USER keeper PASSWORD '{SECRET}'")
    yield "keeper"
    server.sql("DROP USER keeper")


def add(store: Store, title: str, said: str = "a line") -> int:
    return store.poems.add(PoemDraft(title, "Poet", said), [PassageCut(0, said)])


def refused(place: Place, caplog: pytest.LogCaptureFixture) -> str:
    """The sentence, in which no secret is, nor in any log."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreError) as caught:
        open_store(place)
    error: KnownError | BaseException | None = caught.value
    told = [caught.value.sentence, caplog.text, repr(place), str(place)]
    while error is not None:
        told.append(repr(error))
        error = error.__cause__ or error.__context__
    assert not any(secret in said for said in told for secret in (SECRET, "Pa%3Ass"))
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


# --- opening ----------------------------------------------------------------------------------


def test_the_schema_is_ours(server: Server, database: str, tmp_path: Path) -> None:
    with open_store(server.place(tmp_path, database)) as store:
        add(store, "one")
    assert server.sql("SELECT version_num FROM alembic_version", database) == [(HEAD,)]
    with open_store(server.place(tmp_path, database)) as store:
        assert [poem.title for poem in store.poems.list()] == ["one"]
    assert not (tmp_path / "store.sqlite").exists()


def test_four_processes_make_one_store_at_once(
    server: Server, database: str, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", OPEN, str(tmp_path / "s"), server.url(database)]
    processes = [
        subprocess.Popen(program, stderr=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)
    ]
    outcomes = [(*p.communicate(timeout=120), p.returncode) for p in processes]
    assert outcomes == [(b"", b"", 0)] * 4
    with open_store(server.place(tmp_path, database)) as store:
        assert store.poems.count() == 0


@pytest.mark.parametrize("revision", released())
def test_every_released_schema_becomes_ours(
    server: Server, database: str, tmp_path: Path, revision: str
) -> None:
    place = server.place(tmp_path, database)
    with open_store(place) as store, for_writing(store._sessions.engine).begin() as connection:
        build_at(connection, revision)
        for statement in FILLED.replace("x'0000803f00000000'", "'{1,0}'").split(";\n"):
            connection.execute(text(statement.replace("char(10)", "chr(10)").strip() or "SELECT"))
    with open_store(place) as store:
        (poem,) = store.poems.list()
        assert (poem.id, poem.title, poem.text, poem.extra) == (
            *(7, "Étude", "one\ntwo"),
            {"Thème": "amour"},
        )
        assert [found.poem.id for found in store.poems.search("etude zoe two")] == [7]
        assert [work.title for work in store.artworks.list("wave")] == ["Wave"]
        assert store.curation.for_artwork(4).pinned == (7,)
        (batch,) = store.embeddings.read("f")
        assert batch.vectors.tolist() == [[1.0, 0.0]]


def test_migrations_take_all_back_or_nothing(server: Server, database: str, tmp_path: Path) -> None:
    with open_store(server.place(tmp_path, database)) as store:
        add(store, "one")
        with (
            pytest.raises(ZeroDivisionError),
            for_writing(store._sessions.engine).begin() as connection,
        ):
            build_at(connection, "0002")
            migrate(connection)
            raise ZeroDivisionError
        assert [found.poem.title for found in store.poems.search("one")] == ["one"]


@pytest.mark.slow
def test_a_dump_comes_back(
    server: Server, empty_database: str, database: str, tmp_path: Path
) -> None:
    """As the docs say: into a new database, and over what is there."""
    with open_store(server.place(tmp_path, empty_database)) as store:
        ids = [add(store, "one", "a leaf"), add(store, "two", "leaves of gold")]
        store.embeddings.add("f", [1], np.ones((1, 3), np.float32))
        found = store.poems.search("leaf")
        state = store.embeddings.state("f")
    dump = tmp_path / "store.dump"
    program = str(server.programs / "pg_dump")
    args = ["--format=custom", f"--file={dump}", server.url(empty_database)]
    subprocess.run([program, *args], check=True, timeout=120)
    for _ in range(2):
        args = ["--clean", "--if-exists", f"--dbname={server.url(database)}", str(dump)]
        subprocess.run([server.programs / "pg_restore", *args], check=True, timeout=120)
        server.sql("UPDATE vector_sets SET revision = gen_random_uuid()", database)
        with open_store(server.place(tmp_path, database)) as store:
            assert store.poems.search("leaf") == found
            assert store.embeddings.state("f").count == 1
            assert store.embeddings.state("f").revision != state.revision
            assert add(store, "three", "gold leaf") == ids[-1] + 1
            assert [one.poem.title for one in store.poems.search("gold")] == ["three", "two"]


# --- what cannot be opened --------------------------------------------------------------------


def test_a_wrong_password(
    server: Server, keeper: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Place(tmp_path / "s", server.tcp_url(keeper, SECRET + "?"))
    assert "authentication failed" in refused(place, caplog)


def test_nobody_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = Place(tmp_path / "s", "postgresql://a:Pa%3Ass%2Fw%40rd@127.0.0.1:9/poems")
    sentence = refused(place, caplog)
    assert sentence.startswith("PostgreSQL database 'poems' on 127.0.0.1 cannot be opened (")
    assert "refused" in sentence


def test_no_such_database(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "does not exist" in refused(server.place(tmp_path, "poems"), caplog)


def test_a_user_who_may_make_no_tables(
    server: Server, database: str, keeper: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Place(tmp_path / "s", server.tcp_url(keeper, SECRET, database))
    assert "make the user the database's owner" in refused(place, caplog)
    server.sql(f"ALTER DATABASE {database} OWNER TO {keeper}")
    with open_store(place) as store:
        add(store, "one")
        assert store.poems.count() == 1
    server.sql(f"ALTER DATABASE {database} OWNER TO postgres")
    server.sql(f"REASSIGN OWNED BY {keeper} TO postgres", database)


def test_another_programs_database(
    server: Server, database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.sql("CREATE TABLE bookmarks (url text)", database)
    assert "another program" in refused(server.place(tmp_path, database), caplog)
    assert server.sql("SELECT count(*) FROM bookmarks", database) == [(0,)]


def test_a_newer_schema(
    server: Server, empty_database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.sql("UPDATE alembic_version SET version_num = '9999'", empty_database)
    assert "newer version" in refused(server.place(tmp_path, empty_database), caplog)


def test_letters_that_are_too_few(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = server.new_database(more="ENCODING 'LATIN1' LOCALE 'C'")
    assert "encoding UTF8" in refused(server.place(tmp_path, name), caplog)


def test_a_missing_driver(tmp_path: Path) -> None:
    said = subprocess.run(
        [
            *(sys.executable, "-c", f"import sys; sys.modules['psycopg'] = None\n{OPEN}"),
            *(str(tmp_path / "s"), "postgresql://host/poems"),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "requirements/postgres.txt" in said.stdout
    assert said.stdout.count("\n") == 1


# --- while it is open -------------------------------------------------------------------------


def test_a_writer_who_does_not_let_go(
    server: Server, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.store.sessions.BUSY_MS", 50)
    with (
        open_store(server.place(tmp_path / "a", empty_database)) as one,
        open_store(server.place(tmp_path / "b", empty_database)) as other,
    ):
        with one.transaction():
            add(one, "one")
            with pytest.raises(StoreError, match="in use by another program"):
                run_aside(lambda: add(other, "two"))
            assert other.poems.count() == 0
        add(other, "two")
        assert [poem.title for poem in one.poems.list()] == ["one", "two"]


def test_what_only_looks_like_a_nul(server: Server, empty_database: str, tmp_path: Path) -> None:
    with open_store(server.place(tmp_path, empty_database)) as store:
        extra = {"one": "\\u0000", "two": "\\\\u0000", "three": "u0000"}
        poem_id = store.poems.add(PoemDraft("T", "P", "a", extra=extra), [PassageCut(0, "a")])
        poem = store.poems.get(poem_id)
        assert poem is not None
        assert poem.extra == extra


def test_a_machine_that_vanishes_does_not_keep_its_lock(
    server: Server, empty_database: str, keeper: str, tmp_path: Path
) -> None:
    server.sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {keeper}", empty_database)
    place = Place(tmp_path / "s", server.tcp_url(keeper, SECRET, empty_database))
    with open_store(place) as store, store._sessions.reading() as session:
        for name, value in LET_GO.items():
            assert session.scalar(text(f"SHOW {name}")) == value
    server.sql(f"DROP OWNED BY {keeper}", empty_database)


def run_aside(work: object) -> None:
    """In a thread of its own; what it raises is raised here."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    for problem in problems:
        raise problem


@pytest.mark.parametrize(
    "draft",
    [
        PoemDraft("nul", "P", "a\0b"),
        PoemDraft("nul in it", "P", "a", extra={"note": "\\\0"}),
        PoemDraft("year", "P", "a", born=10**12),
        PoemDraft("words", "P", " ".join(f"{n:x}" * 3 for n in range(90_000, 170_000))),
    ],
)
def test_what_a_server_cannot_keep(
    server: Server, empty_database: str, tmp_path: Path, draft: PoemDraft
) -> None:
    with open_store(server.place(tmp_path, empty_database)) as store:
        with pytest.raises(StoreError) as caught:
            store.poems.add(draft, [PassageCut(0, draft.text)])
        assert "nothing was changed" in caught.value.sentence
        assert "\n" not in caught.value.sentence
        assert len(caught.value.sentence) < 300
        assert store.poems.count() == 0


@pytest.mark.slow
def test_a_server_that_is_started_again_is_found_again(tmp_path: Path) -> None:
    with running(debian_programs()) as server, open_store(server.place(tmp_path)) as store:
        add(store, "one")
        server.stop()
        with pytest.raises(StoreError, match="cannot be opened") as caught:
            store.poems.count()
        assert "\n" not in caught.value.sentence
        server.start()
        assert store.poems.count() == 1
        add(store, "two")
        with pytest.raises(StoreError, match="lost"), store.transaction():
            add(store, "three")
            server.stop()
            add(store, "four")
        server.start()
        assert [poem.title for poem in store.poems.list()] == ["one", "two"]


# --- its name ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://kiosk:x@db.museum:5433/poems?sslmode=require", "'poems' on db.museum"),
        ("postgres://db.museum/my%20poems", "'my poems' on db.museum"),
        ("postgresql:///poems?host=/run/postgresql&password=x", "'poems' on this machine"),
        ("postgresql:///poems?host=db.museum", "'poems' on db.museum"),
        ("postgresql://[::1]/poems", "'poems' on ::1"),
    ],
)
def test_a_place_is_named_without_its_secrets(url: str, name: str) -> None:
    place = Place(Path("/d/store.sqlite"), url)
    assert is_server_url(url)
    assert str(place) == f"PostgreSQL database {name}"
    assert "x@" not in repr(place)
    assert str(replace(place, url="")) == "/d/store.sqlite"


@pytest.mark.parametrize(
    "url", ["poems", "sqlite:///poems", "postgresql://host", "postgresql://h:x/d", "postgresql://["]
)
def test_what_is_no_place(url: str) -> None:
    assert not is_server_url(url)
