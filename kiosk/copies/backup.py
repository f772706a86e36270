"""A copy of everything that nobody can make again, taken while the kiosk runs.

A folder of plain files: `store.sqlite`, `pictures/`, what staff wrote, and a manifest. It has its
name only when it is whole; until then it is called `.unfinished-…`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import InputError
from kiosk.copies.manifest import (
    NAME,
    Manifest,
    Progress,
    Sealed,
    copy_file,
    kept_pictures,
    seal,
    staff_files,
)
from kiosk.store.copying import copy_database, examine_database
from kiosk.store.durable import sync_folder
from kiosk.store.errors import blame_disk
from kiosk.store.replacing import STORE

UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that is whole."""

    folder: Path
    manifest: Manifest


def back_up(store: Path, data_dir: Path, folder: Path, progress: Progress) -> BackedUp:
    """Write a backup into a new folder in `folder`. Writers of the store are not held up.

    Raises `InputError` where there is no store, and `StoreError` for a damaged one and for a disk
    that is full or gone; then there is no new backup, and older ones are as they were.
    """
    if not store.is_file():
        raise InputError(f"There is no store at {store} yet; there is nothing to back up.")
    moment, target = _fresh_name(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        _need_room(store, data_dir, folder)
        with _unfinished(folder / f"{UNFINISHED}{target.name}") as fresh:
            manifest = _fill(store, data_dir, fresh, moment, progress)
            fresh.rename(target)
            sync_folder(folder)
    except OSError as error:
        raise blame_disk(error, f"writing the backup {target}") from error
    return BackedUp(target, manifest)


def _fresh_name(folder: Path) -> tuple[datetime, Path]:
    """A name of this second, or of the next one where there is a backup of this one already."""
    while True:
        moment = datetime.now(UTC)
        target = folder / f"ekphrasis-{moment:%Y%m%d-%H%M%S}"
        if not target.exists():
            return moment, target
        time.sleep(0.1)


def _fill(
    store: Path, data_dir: Path, fresh: Path, moment: datetime, progress: Progress
) -> Manifest:
    copy = fresh / STORE
    copy_database(store, copy, lambda done, total: progress("store", done, total))
    schema, tables = examine_database(copy)
    with copy.open("rb+") as whole:
        files: dict[str, Sealed] = {STORE: seal(whole)}
        os.fsync(whole.fileno())
    # After the store: pictures are never taken away, so those that its rows name are here.
    pictures = kept_pictures(data_dir)
    for done, name in enumerate(pictures, start=1):
        files[name] = copy_file(data_dir / name, fresh / name)
        progress("pictures", done, len(pictures))
    for name in staff_files(data_dir):
        files[name] = copy_file(data_dir / name, fresh / name)
    manifest = Manifest("backup", schema, moment.isoformat(timespec="seconds"), files, tables)
    with (fresh / NAME).open("wb") as file:
        file.write(manifest.to_json())
        file.flush()
        os.fsync(file.fileno())
    for inner in {fresh, *(path.parent for path in fresh.rglob("*"))}:
        sync_folder(inner)
    return manifest


@contextmanager
def _unfinished(fresh: Path) -> Iterator[Path]:
    """A folder that is ours while we fill it, and gone if that fails."""
    fresh.mkdir()
    handle = os.open(fresh, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove what backups left that were killed on their way."""
    for left in folder.glob(f"{UNFINISHED}*"):
        handle = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # somebody is at it
        else:
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(handle)


def _need_room(store: Path, data_dir: Path, folder: Path) -> None:
    needed = sum(
        path.stat().st_size
        for path in (store, *(data_dir / name for name in kept_pictures(data_dir)))
    )
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise InputError(
            f"The backup needs {needed / 2**20:,.0f} MB, and {folder} has {free / 2**20:,.0f} MB "
            "free; make room, or choose another disk."
        )
