"""A backup is whole or is not there; a restore leaves the old state or the new, come what may."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InputError
from kiosk.copies.backup import UNFINISHED, back_up
from kiosk.copies.manifest import NAME
from kiosk.copies.restore import prove, restore
from kiosk.store.database import open_store
from kiosk.store.errors import StoreError
from kiosk.store.records import PassageCut, PoemDraft
from kiosk.store.replacing import ASIDE, STORE
from tests.kiosk.conftest import Ran
from tests.kiosk.copies.conftest import contents, silent
from tests.kiosk.killing import steps


def backed_up(data: Path, folder: Path) -> Path:
    return back_up(data / STORE, data, folder, silent).folder


def change(data: Path) -> None:
    """What staff did since."""
    with open_store(data / STORE) as store:
        store.poems.delete(1)
        store.poems.add(PoemDraft("later", "P", "x"), [PassageCut(0, "x")])
    (data / "pronunciation.txt").write_text("changed\n")
    (data / "keys.json").write_text("{}")
    (data / "mappings" / "loans.toml").unlink()
    (data / "mappings" / "other.toml").write_text("b = 2\n")


@pytest.fixture(scope="session")
def kept(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the little collection; tests only read it."""
    return backed_up(original, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def backup(kept: Path, tmp_path: Path) -> Path:
    """A backup that a test may damage."""
    shutil.copytree(kept, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def changed(filled: Path) -> Path:
    change(filled)
    return filled


def test_all_comes_back(original: Path, backup: Path, changed: Path) -> None:
    old = contents(changed)
    assert old != contents(original)
    done = restore(backup, changed, silent)
    assert contents(changed) == contents(original)  # keys.json, too, is not there any more
    assert done.aside == changed / ASIDE
    for path in (changed / "pictures").iterdir():
        (done.aside / "pictures").mkdir(exist_ok=True)
        shutil.copy(path, done.aside / "pictures")
    assert contents(done.aside) == old
    assert sorted(path.name for path in changed.iterdir() if "restore" in path.name) == [ASIDE]


def test_it_comes_into_a_new_kiosk(original: Path, backup: Path, tmp_path: Path) -> None:
    assert restore(backup, tmp_path / "new", silent).aside is None
    assert contents(tmp_path / "new") == contents(original)


def test_vectors_travel_but_no_cache_of_them_is_trusted(
    original: Path, backup: Path, tmp_path: Path
) -> None:
    """Ids go on from the backup's: a cache of what was there before might seem to agree."""
    with open_store(original / STORE) as store:
        before = store.embeddings.state("bundle")
    restore(backup, tmp_path / "new", silent)
    with open_store(tmp_path / "new" / STORE) as store:
        after = store.embeddings.state("bundle")
    assert (after.count, after.max_id) == (before.count, before.max_id) == (3, before.max_id)
    assert after.revision != before.revision


def test_a_kiosk_writes_on_while_it_is_backed_up(filled: Path, tmp_path: Path) -> None:
    """The copy is of one moment: poems that came together are there together, or not at all."""
    done = threading.Event()
    written: list[int] = []

    def write() -> None:
        with open_store(filled / STORE) as store:
            while not done.is_set() and len(written) < 400:
                with store.transaction():
                    for half in ("one", "two"):
                        draft = PoemDraft(
                            f"{half} {len(written)}", "Writer", f"{half}\n{'x' * 5000}"
                        )
                        store.poems.add(draft, [PassageCut(0, half)])
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [backed_up(filled, tmp_path / str(n)) for n in range(3)]
    finally:
        done.set()
        writer.join()
    assert written
    for backup in backups:
        prove(backup, silent)
        with closing(sqlite3.connect(backup / STORE)) as copy:
            (ones,) = copy.execute("SELECT count(*) FROM poems WHERE title LIKE 'one %'").fetchone()
            (twos,) = copy.execute("SELECT count(*) FROM poems WHERE title LIKE 'two %'").fetchone()
        assert ones == twos <= len(written)


def test_a_store_that_is_in_use_is_left_alone(backup: Path, changed: Path) -> None:
    before = contents(changed)
    with open_store(changed / STORE) as store:
        store.poems.count()
        with pytest.raises(StoreError, match=r"is in use; nothing was changed: close the kiosk"):
            restore(backup, changed, silent)
    assert contents(changed) == before
    restore(backup, changed, silent)


def damage_byte(place: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[int(place * len(data))] ^= 0x10
        path.write_bytes(data)

    return damage


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [damage_byte(0.3), damage_byte(0.99), cut_short, Path.unlink])
@pytest.mark.parametrize("which", [STORE, "pictures/*", "pronunciation.txt", NAME])
def test_a_damaged_backup_touches_nothing(
    backup: Path, changed: Path, damage: Callable[[Path], None], which: str
) -> None:
    before = everything(changed)
    damage(next(backup.glob(which)))
    with pytest.raises(InputError, match=r"damaged|not whole|no backup of a kiosk|cannot be read"):
        restore(backup, changed, silent)
    assert everything(changed) == before


def everything(folder: Path) -> dict[str, Any]:
    """All files as they lie there, but for the lock's."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }


def test_a_store_that_is_damaged_inside_is_not_backed_up(filled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled / STORE)) as store:
        store.execute("PRAGMA journal_mode = DELETE")
        store.execute("INSERT INTO passages (poem_id, first_line, text) VALUES (999, 0, 'x')")
        store.commit()
    with pytest.raises(StoreError, match="is damaged"):
        backed_up(filled, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_damaged_store_is_replaced(original: Path, backup: Path, changed: Path) -> None:
    for end in ("", "-wal", "-shm"):
        (changed / f"{STORE}{end}").write_bytes(b"not a database" * 1000)
    restore(backup, changed, silent)
    assert contents(changed) == contents(original)


def test_a_log_that_a_killed_kiosk_left_is_not_read_into_the_new_store(
    original: Path, backup: Path, filled: Path, tmp_path: Path
) -> None:
    with open_store(filled / STORE) as store:
        store.poems.delete(2)
        shutil.copytree(filled, tmp_path / "killed")
    assert (tmp_path / "killed" / f"{STORE}-wal").stat().st_size
    restore(backup, tmp_path / "killed", silent)
    assert contents(tmp_path / "killed") == contents(original)


def test_a_picture_whose_bytes_were_damaged_here_is_mended(backup: Path, changed: Path) -> None:
    picture, *_ = sorted((changed / "pictures").iterdir())
    sound = picture.read_bytes()
    picture.write_bytes(b"x")
    restore(backup, changed, silent)
    assert picture.read_bytes() == sound


def test_other_folders_are_no_backups(changed: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no backup of a kiosk"):
        restore(tmp_path / "none", changed, silent)
    (tmp_path / NAME).write_text('{"program": "other"}')
    with pytest.raises(InputError, match="is damaged"):
        restore(tmp_path, changed, silent)
    with pytest.raises(InputError, match="nothing to back up"):
        back_up(tmp_path / "none" / STORE, tmp_path / "none", tmp_path, silent)


# --- killed on the way ----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new(
    original: Path, backup: Path, changed: Path, tmp_path: Path
) -> None:
    old, new = contents(changed), contents(original)
    shutil.rmtree(changed / "pictures")  # those of the backup come, and harm neither
    shutil.copytree(original / "pictures", changed / "pictures")

    def work(step: int) -> Callable[[], object]:
        shutil.copytree(changed, tmp_path / str(step))
        return lambda: restore(backup, tmp_path / str(step), silent)

    found = []
    for step in steps(work):
        state = contents(tmp_path / str(step))  # whoever opens it first carries on
        assert state in (old, new), step
        found.append(state == new)
        assert not list((tmp_path / str(step)).glob("restore-[rp]*"))
        if step % 10 == 0:  # what was left lying about is in nobody's way
            restore(backup, tmp_path / str(step), silent)
            assert contents(tmp_path / str(step)) == new
        shutil.rmtree(tmp_path / str(step))
    assert found == sorted(found)
    assert {True, False} == set(found)


def test_a_backup_that_is_killed_is_not_there(filled: Path, kept: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    shutil.copytree(kept, backups / kept.name)

    def work(_step: int) -> Callable[[], object]:
        return lambda: backed_up(filled, backups)

    for step in steps(work):
        whole = [path for path in backups.iterdir() if not path.name.startswith(UNFINISHED)]
        assert kept.name in {path.name for path in whole}
        if step % 4 == 0:
            for path in whole:
                prove(path, silent)
    assert not [path for path in backups.iterdir() if path.name.startswith(UNFINISHED)]
    backed_up_now = [path for path in backups.iterdir() if path.name != kept.name]
    assert backed_up_now
    for path in backed_up_now:
        prove(path, silent)


# --- as typed -------------------------------------------------------------------------------------


def test_as_typed(
    filled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ekphrasis: Callable[..., Ran],
) -> None:
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(filled))
    ran = ekphrasis("backup", tmp_path / "stick")
    (backup,) = (tmp_path / "stick").iterdir()
    assert ran.code == 0
    assert f"{backup}: 6 poems, 2 works, " in ran.out
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(tmp_path / "new"))
    ran = ekphrasis("restore", backup)
    assert (ran.code, "6 poems, 2 works." in ran.out) == (0, True)
    assert contents(tmp_path / "new") == contents(filled)
    ran = ekphrasis("restore", backup)
    assert "What was there before lies in" in ran.out
    ran = ekphrasis("restore", tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("ekphrasis: ")
    assert "no backup of a kiosk" in ran.err


def test_archives_as_typed(
    filled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ekphrasis: Callable[..., Ran],
) -> None:
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(filled))
    ran = ekphrasis("export", tmp_path / "all.zip")
    assert ran.out == (
        f"{tmp_path / 'all.zip'}: 6 poems, 2 works, 2 pictures, 3 decisions of docents.\n"
    )
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(tmp_path / "new"))
    ran = ekphrasis("import", tmp_path / "all.zip")
    assert (ran.code, "6 poems" in ran.out) == (0, True)
    assert "poems are found later" in ran.err  # there is no model in this data directory
    assert contents(tmp_path / "new") == contents(filled)
    assert ekphrasis("import", tmp_path / "all.zip").code == 2
    assert ekphrasis("export", tmp_path / "all.zip").code == 2
