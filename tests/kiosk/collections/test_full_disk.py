"""A disk that fills while importing: one sentence, and all is as it was.

Two ways that need no rights: SQLite's own page limit, and the limit on the size of a file, in a
process of its own. Where a small file system can be mounted, a disk that is really full as well.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event

from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.poem_import import import_poems
from kiosk.collections.undo import undo_import
from kiosk.store.database import Store, open_store
from kiosk.store.errors import StoreError

IMPORT = """
import resource, sys
from pathlib import Path
from engine.errors import KnownError
from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.poem_import import import_poems
from kiosk.store.database import open_store
kind, store_path, table, limit = sys.argv[1:]
with open_store(Path(store_path)) as store:
    if int(limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        (import_poems if kind == "poems" else import_artworks)(store, Path(table))
    except KnownError as error:
        print(error.sentence)
"""


def poems_table(folder: Path, count: int, words: int = 400) -> Path:
    path = folder / "poems.json"
    entries = [
        {"title": f"t{n}", "poet": "P", "text": f"{n} " + "word " * words} for n in range(count)
    ]
    path.write_text(json.dumps(entries))
    return path


def works_table(folder: Path, count: int) -> Path:
    """Works whose pictures, of noise, take about 100 kB each."""
    for n in range(count):
        noise = Image.frombytes("RGB", (200, 170), os.urandom(200 * 170 * 3))
        noise.save(folder / f"{n}.png")
    path = folder / "works.json"
    path.write_text(json.dumps([{"title": f"w{n}", "image": f"{n}.png"} for n in range(count)]))
    return path


def import_in_a_process(kind: str, store: Path, table: Path, limit: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, kind, str(store), str(table), str(limit)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    return done.stdout


def assert_untouched(path: Path, poems: int = 0) -> None:
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    with open_store(path) as store:
        assert store.poems.count() == poems
        assert store.artworks.count() == 0
    pictures = path.parent / "pictures"
    assert not pictures.exists() or list(pictures.iterdir()) == []


def test_a_store_at_its_limit(file_store: Store, tmp_path: Path) -> None:
    store = file_store
    few = poems_table(tmp_path, 2)
    import_poems(store, few)
    store.close()

    @event.listens_for(store._sessions.engine, "connect")
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    with pytest.raises(StoreError, match="full; nothing was changed"):
        import_poems(store, poems_table(tmp_path, 300))
    with pytest.raises(StoreError, match="full; nothing was changed"):
        folder = tmp_path / "works"
        folder.mkdir()
        table = works_table(folder, 2)
        entries = json.loads(table.read_text())
        entries[1]["description"] = "x" * 300_000  # the store fills after a picture was copied
        table.write_text(json.dumps(entries))
        import_artworks(store, table)
    assert_untouched(store.path, poems=2)


def was_taken_back(path: Path, table: str = "poems") -> int:
    """How many rows there have been in all; ids are never given twice, so they tell."""
    raw = sqlite3.connect(path)
    (told,) = raw.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    raw.close()
    return int(told)


@pytest.mark.slow
def test_pictures_that_find_no_room(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite"
    open_store(path).close()
    table = works_table(tmp_path, 30)
    (tmp_path / "25.png").unlink()
    noise = Image.frombytes("RGB", (3000, 2500), os.urandom(22_500_000))
    noise.save(tmp_path / "25.png", format="BMP")
    said = import_in_a_process("artworks", path, table, limit=20_000_000)
    assert "disk is full while copying 25.png" in said
    assert_untouched(path)
    assert was_taken_back(path, "artworks") >= 20  # the first batch was there, and is no more


def test_no_room_to_begin_with(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite"
    open_store(path).close()
    said = import_in_a_process("poems", path, poems_table(tmp_path, 3), limit=4_000_000)
    assert "disk is full while keeping 16 MB free" in said
    assert "nothing was changed" in said
    assert_untouched(path)


@pytest.mark.slow
def test_no_room_even_to_go_back(tmp_path: Path) -> None:
    """No file may grow: then whole batches stay, it says so, and they can be undone later."""
    path = tmp_path / "data" / "store.sqlite"
    open_store(path).close()
    said = import_in_a_process("poems", path, poems_table(tmp_path, 4000, 1000), limit=17_000_000)
    assert "nothing was changed" not in said
    assert "could not be taken back" in said
    assert "`ekphrasis imports undo 1`" in said
    assert was_taken_back(path) >= 500
    with open_store(path) as store:
        assert 0 < store.poems.count() <= 4000  # as far as the taking back had come
        undo_import(store, 1)
    assert_untouched(path)


def mounted(place: Path, kilobytes: int) -> bool:
    """Whether a small file system could be mounted there."""
    place.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["poems", "artworks"])
def test_a_disk_that_is_really_full(tmp_path: Path, kind: str) -> None:
    disk = tmp_path / "disk"
    if not mounted(disk, 32_000):
        pytest.skip("mounting a small file system is not allowed here")
    try:
        path = disk / "store.sqlite"
        open_store(path).close()
        table = poems_table(tmp_path, 2500, 1000) if kind == "poems" else works_table(tmp_path, 200)
        said = import_in_a_process(kind, path, table)
        assert "full" in said
        assert "nothing was changed" in said
        assert_untouched(path)
        assert was_taken_back(path, kind) >= 20  # whole batches were there, and are no more
    finally:
        subprocess.run(["umount", str(disk)], check=True)
