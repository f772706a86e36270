"""SIGKILL at any moment: a batch is there or it is not, and a second run completes the import.

Nor does a picture lie there that nothing shows, once somebody imports or undoes again.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from kiosk.collections import artwork_import
from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.undo import undo_import
from kiosk.store import imports
from kiosk.store.database import Store, open_store
from tests.kiosk.killing import steps

SCRIPT = "tests.kiosk.collections.kill_imports"
ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.timeout(1500)  # a busy machine needs patience; nothing here waits
@pytest.mark.parametrize(("kind", "times"), [("poems", 130), ("artworks", 70)])
def test_killed_at_200_moments(tmp_path: Path, kind: str, times: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", SCRIPT, kind, str(times), str(tmp_path)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert sum(seen.values()) >= times
    assert seen["before the first batch"] > 0
    assert seen["between batches"] > 0
    assert seen["undoing"] > 0


@pytest.fixture
def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Works with a picture each, in several batches and several steps back."""
    monkeypatch.setattr(artwork_import.ArtworkImport, "batch", 2)
    monkeypatch.setattr(imports, "AT_ONCE", 3)
    for n in range(5):
        Image.new("RGB", (8, 8), (40 * n, 0, 0)).save(tmp_path / f"{n}.png")
    rows = [{"title": f"W{n}", "image": f"{n}.png"} for n in range(5)]
    (tmp_path / "works.json").write_text(json.dumps(rows))
    (tmp_path / "other.json").write_text('[{"title": "Another"}]')
    return tmp_path / "works.json"


def pictures(data: Path) -> set[str]:
    return {f"pictures/{path.name}" for path in (data / "pictures").glob("*")}


def shown(store: Store) -> set[str]:
    return {work.image for work in store.artworks.list() if work.image is not None}


def undo_all(store: Store) -> None:
    for record in store.imports.list():
        if record.state != "undone":
            undo_import(store, record.id)


@pytest.mark.slow
@pytest.mark.parametrize("back", [False, True], ids=["importing", "undoing"])
def test_no_picture_is_left_to_nobody(tmp_path: Path, works: Path, *, back: bool) -> None:
    start = tmp_path / "start"
    with open_store(start / "store.sqlite") as store:
        if back:
            import_artworks(store, works)
    assert len(pictures(start)) == (5 if back else 0)
    data = tmp_path / "data"

    def work(_step: int) -> Callable[[], None]:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(start, data)

        def killed() -> None:
            with open_store(data / "store.sqlite") as store:
                if back:
                    undo_import(store, 1)
                else:
                    import_artworks(store, works)

        return killed

    left_behind = 0
    for step in steps(work):
        with open_store(data / "store.sqlite") as store:
            left_behind += not pictures(data) <= shown(store)
            if step % 2 or not store.imports.list():  # another import is next, or the way back
                import_artworks(store, tmp_path / "other.json")
                assert pictures(data) == shown(store), step
            undo_all(store)
            assert pictures(data) == set(), step
    assert left_behind > 0  # by those that were killed; so there was something to remove
