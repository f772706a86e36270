"""Several kiosks and an importer share a server: nobody waits, nobody sees half of anything."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.collections import sole_import
from kiosk.collections.poem_import import import_poems
from kiosk.collections.undo import undo_import
from kiosk.copies.arrival import bring
from kiosk.copies.export import export
from kiosk.store.database import open_store
from kiosk.store.errors import StoreError
from kiosk.store.import_records import ImportState
from kiosk.store.replacing import STORE
from tests.kiosk.collections import shared_kiosk
from tests.kiosk.copies.conftest import contents, fill, silent
from tests.postgres import Server

POEMS = 400
HOME = Path(__file__).parents[3]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Poems of two stanzas each."""
    path = tmp_path / "poems.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["title", "author", "text"])
        stanza = "\n".join(f"a leaf {line}" for line in range(12))
        for number in range(POEMS):
            rows.writerow([f"Leaf {number}", f"P {number % 30}", f"{stanza}\n\n{stanza} {number}"])
    return path


def kiosk(folder: Path, url: str, *words: object) -> subprocess.Popen[str]:
    """A program of its own, as on a machine of its own."""
    folder.mkdir()
    return subprocess.Popen(
        [sys.executable, shared_kiosk.__file__, *map(str, (folder, url, *words))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HOME,
        env={"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin"},
    )


def told(process: subprocess.Popen[str]) -> Any:
    out, _ = process.communicate(timeout=240)
    assert process.returncode == 0
    return json.loads(out)


@pytest.mark.slow
def test_two_kiosks_read_while_one_imports(
    server: Server, empty_database: str, table: Path, tmp_path: Path
) -> None:
    url = server.url(empty_database)
    readers = [kiosk(tmp_path / name, url, "read") for name in ("one", "two")]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    assert told(kiosk(tmp_path / "office", url, "import", table)) == POEMS
    for reader in readers:
        seen = told(reader)
        assert seen == sorted(seen)
        assert seen[-1] == POEMS
    with open_store(server.place(tmp_path / "three", empty_database)) as store:
        assert store.embeddings.missing_count(shared_kiosk.BUNDLE) == 0
        (record,) = store.imports.list()
        assert record.state is ImportState.DONE
        undo_import(store, record.id)
        assert store.poems.count() == 0


@pytest.mark.slow
def test_a_killed_import_is_completed_on_another_machine(
    server: Server, empty_database: str, table: Path, tmp_path: Path
) -> None:
    url = server.url(empty_database)
    with open_store(server.place(tmp_path / "here", empty_database)) as store:
        importer = kiosk(tmp_path / "office", url, "import", table)
        while store.poems.count() < 40:
            time.sleep(0.01)
            assert importer.poll() is None
        importer.send_signal(signal.SIGKILL)
        importer.communicate()
        assert importer.returncode == -signal.SIGKILL
        half = store.poems.count()
        assert 0 < half < POEMS
        assert half % 20 == 0
        report = import_poems(store, table)
        assert report.went_on
        assert store.poems.count() == store.poems.count("leaf") == POEMS
        (record,) = store.imports.list()
        assert record.state is ImportState.DONE
        assert record.counts.added == POEMS


def test_one_imports_at_a_time_from_whichever_machine(
    server: Server,
    empty_database: str,
    table: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sole_import, "PATIENCE_S", 0.3)
    with (
        open_store(server.place(tmp_path / "one", empty_database)) as one,
        open_store(server.place(tmp_path / "two", empty_database)) as other,
    ):
        with sole_import.sole_import(one), pytest.raises(StoreError, match="Another import"):
            import_poems(other, table)
        assert len(import_poems(other, table).added) == POEMS


def test_a_collection_moves_from_a_file_to_a_server_and_back(
    server: Server, empty_database: str, tmp_path: Path
) -> None:
    fill(tmp_path / "file")
    with open_store(tmp_path / "file" / STORE) as store:
        export(store, tmp_path / "file", tmp_path / "out.zip", silent)
        ids = store.whole.last_ids()
    place = server.place(tmp_path / "served", empty_database)
    with open_store(place) as store:
        bring(store, place.folder, tmp_path / "out.zip", silent)
        assert store.whole.last_ids() == ids
        found = [work.title for work in store.artworks.list("waves")]
        assert found == ["Waves"]
        assert len(store.poems.search("blatt")) == store.poems.count()
        with pytest.raises(StoreError, match="holds something already"):
            bring(store, place.folder, tmp_path / "out.zip", silent)
        export(store, place.folder, tmp_path / "again.zip", silent)
    with open_store(tmp_path / "back" / STORE) as store:
        bring(store, tmp_path / "back", tmp_path / "again.zip", silent)
    assert contents(tmp_path / "back") == contents(tmp_path / "file")
    shutil.rmtree(tmp_path / "back")
