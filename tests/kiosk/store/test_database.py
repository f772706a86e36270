"""Opening: from nothing, again, at the same time, and where it cannot be done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import kiosk
from engine.errors import KnownError
from kiosk.store.database import Store, open_store
from kiosk.store.errors import StoreError
from kiosk.store.records import PassageCut, PoemDraft
from kiosk.store.schema import HEAD

OPEN_IT = "import sys; from pathlib import Path; from kiosk.store.database import open_store; "
SAY_ERROR = (
    "from engine.errors import KnownError\n"
    "from pathlib import Path\nimport sys\n"
    "from kiosk.store.database import open_store\n"
    "try:\n    open_store(Path(sys.argv[1])).close()\n"
    "except KnownError as error:\n    print(error.sentence)\n"
)


def bound_by_permissions() -> list[str]:
    """The words before a command that make permissions count even for root."""
    if os.geteuid() != 0:
        return []
    powers = "-dac_override,-dac_read_search"
    return ["setpriv", f"--inh-caps={powers}", f"--bounding-set={powers}"]


def one_sentence(error: KnownError) -> None:
    assert error.sentence.endswith(".")
    assert "\n" not in error.sentence
    assert "Traceback" not in error.sentence


def test_folders_are_made_and_the_schema_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "store.sqlite"
    open_store(path).close()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    raw.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with open_store(path) as store:
        store.poems.add(PoemDraft("T", "P", "one line"), [PassageCut(0, "one line")])
    before = sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall()
    with open_store(path) as store:
        assert [poem.title for poem in store.poems.list()] == ["T"]
    assert sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall() == before


def test_foreign_keys_hold_on_every_connection(file_store: Store) -> None:
    for _ in range(3):
        with file_store._sessions.reading() as session:
            assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.touch()
    with open_store(path) as store:
        assert store.poems.count() == 0


def test_a_path_with_odd_letters(tmp_path: Path) -> None:
    path = tmp_path / "50 % of 'ö'?#" / "store.sqlite"
    with open_store(path) as store:
        assert store.poems.count() == 0
    assert path.is_file()


def test_four_processes_make_one_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    program = [sys.executable, "-c", OPEN_IT + "open_store(Path(sys.argv[1])).close()", str(path)]
    processes = [subprocess.Popen(program, stderr=subprocess.PIPE) for _ in range(4)]
    outcomes = [(p.communicate(timeout=120)[1], p.returncode) for p in processes]
    assert outcomes == [(b"", 0)] * 4
    with open_store(path) as store:
        assert store.poems.count() == 0


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("Shall I compare thee to a summer's day?\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not an SQLite database") as caught:
        open_store(path)
    one_sentence(caught.value)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE bookmarks (url TEXT)")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="another program") as caught:
        open_store(path)
    one_sentence(caught.value)
    assert sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall() == [
        ("bookmarks",)
    ]


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    open_store(path).close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="newer version") as caught:
        open_store(path)
    one_sentence(caught.value)


def test_a_damaged_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    open_store(path).close()
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xaa" * 3996  # the page that lists the tables
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged") as caught:
        open_store(path)
    one_sentence(caught.value)


def test_a_place_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be created") as caught:
        open_store(tmp_path / "file" / "store.sqlite")
    one_sentence(caught.value)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_store(tmp_path)
    one_sentence(caught.value)


@pytest.mark.parametrize("there_before", [True, False])
def test_a_read_only_folder_is_refused(tmp_path: Path, there_before: bool) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    path = folder / "store.sqlite"
    if there_before:
        open_store(path).close()
        path.chmod(0o444)
    folder.chmod(0o555)
    try:
        said = subprocess.run(
            [*bound_by_permissions(), sys.executable, "-c", SAY_ERROR, str(path)],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        folder.chmod(0o755)
    assert said.stderr == ""
    assert said.stdout.count("\n") == 1
    assert "cannot be opened" in said.stdout or "cannot be written" in said.stdout


def test_it_works_from_an_installation_that_cannot_be_written(tmp_path: Path) -> None:
    """Only what setuptools would ship is there, and Python may not write its caches."""
    from setuptools import find_packages

    home = Path(kiosk.__file__).parent.parent
    place = tmp_path / "site"
    for package in find_packages(str(home), include=["engine*", "kiosk*"]):
        target = place / package.replace(".", "/")
        target.mkdir(parents=True, exist_ok=True)
        for file in (home / package.replace(".", "/")).glob("*.py"):
            shutil.copy(file, target / file.name)
    folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    path = tmp_path / "data" / "store.sqlite"
    program = (
        f"import sys; sys.path.insert(0, {str(place)!r}); {OPEN_IT}"
        "import kiosk; print(kiosk.__file__); open_store(Path(sys.argv[1])).close()"
    )
    try:
        done = subprocess.run(
            [*bound_by_permissions(), sys.executable, "-I", "-c", program, str(path)],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.stderr == ""
    assert done.stdout.startswith(str(place))
    assert path.is_file()
