"""A backup takes the place of what is there, in one step.

1. Every file of the backup is proved: sha256, the database's own check, a schema that we know.
2. Its pictures join those that are here; they are named by their content, so none is overwritten.
3. The store and the files of staff are copied into `restore-new`, and the store is opened there,
   migrated and counted, as the kiosk will open it.
4. `restore-new` becomes `restore-ready`. That is the moment: a restore that ends before it has
   changed nothing, one that ends after it is carried on by whoever opens the store next.
5. What was there goes into `before-restore`, what is ready into its place, and is opened once more.
   Whoever wants the old state back moves these files back.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.pictures import FOLDER as PICTURES
from kiosk.copies.manifest import (
    MOST_BYTES,
    NAME,
    Manifest,
    Progress,
    copy_file,
    read_manifest,
    seal,
)
from kiosk.store.copying import close_log, examine_database, forget_caches
from kiosk.store.database import open_store
from kiosk.store.durable import sync_folder
from kiosk.store.errors import StoreError, blame_disk
from kiosk.store.in_use import alone, lock_path
from kiosk.store.replacing import (
    ASIDE,
    NEW,
    READY,
    STORE,
    finish_replacing,
    is_staff_file,
)
from kiosk.store.schema import known_revisions


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now."""

    manifest: Manifest
    aside: Path | None  # where the state of before lies; None where there was none


def restore(backup: Path, data_dir: Path, progress: Progress) -> Restored:
    """Put a backup in the place of store, pictures and files of staff.

    Raises `InputError` for a damaged backup or one of a newer program, and `StoreError` while the
    store is in use or for a full disk; in each case nothing was changed.
    """
    manifest = prove(backup, progress)
    store = data_dir / STORE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with alone(store):  # said before the long work, and let go for it
            finish_replacing(data_dir)
        _join_pictures(backup, data_dir, manifest, progress)
        fresh = _stage(backup, data_dir, manifest)
        shutil.rmtree(data_dir / ASIDE, ignore_errors=True)
        with alone(store):
            if store.exists():
                close_log(store)
            fresh.rename(data_dir / READY)
            sync_folder(data_dir)
            finish_replacing(data_dir)
    except OSError as error:
        raise blame_disk(error, f"restoring {backup}") from error
    with open_store(store) as opened:
        opened.poems.count()
    aside = data_dir / ASIDE
    return Restored(manifest, aside if aside.exists() else None)


def prove(backup: Path, progress: Progress) -> Manifest:
    """The manifest of a backup in which every file is as it was written. Raises `InputError`."""
    path = backup / NAME
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise InputError(f"{backup} is no backup of a kiosk: it has no {NAME}.")
        manifest = read_manifest(backup, path.read_bytes(), "backup")
        if manifest.schema not in known_revisions():
            raise InputError(
                f"{backup} was written by a newer version of this program (schema "
                f"{manifest.schema}); install that version and try again."
            )
        if STORE not in manifest.files:
            raise InputError(f"{backup} is not whole: it has no {STORE}.")
        for done, (name, sealed) in enumerate(manifest.files.items(), start=1):
            if not (name == STORE or is_staff_file(name) or Path(name).parent == Path(PICTURES)):
                raise InputError(f"{backup} holds {name!r}, which is no part of a kiosk.")
            with (backup / name).open("rb") as file:
                if seal(file) != sealed:
                    raise InputError(
                        f"{backup} is damaged: {name} is not what it was when it was written; "
                        "take another backup."
                    )
            progress("checking", done, len(manifest.files))
        schema, tables = examine_database(backup / STORE)
    except FileNotFoundError as error:
        raise InputError(f"{backup} is not whole: {error.filename} is missing.") from None
    except (OSError, StoreError) as error:
        raise InputError(f"{backup} cannot be read: {error}") from None
    if (schema, tables) != (manifest.schema, dict(manifest.tables)):
        raise InputError(f"{backup} is damaged: its store and its {NAME} do not agree.")
    return manifest


def _join_pictures(backup: Path, data_dir: Path, manifest: Manifest, progress: Progress) -> None:
    names = [name for name in manifest.files if name.startswith(f"{PICTURES}/")]
    for done, name in enumerate(names, start=1):
        target, sealed = data_dir / name, manifest.files[name]
        if not _is(target, manifest, name):  # also one whose bytes were damaged here
            fresh = target.with_name(f".new-{target.name}")
            if copy_file(backup / name, fresh) != sealed:
                fresh.unlink()
                raise InputError(f"{backup} changed while it was read; take another backup.")
            fresh.replace(target)
        progress("pictures", done, len(names))
    if names:
        sync_folder(data_dir / PICTURES)


def _is(path: Path, manifest: Manifest, name: str) -> bool:
    try:
        with path.open("rb") as file:
            return seal(file) == manifest.files[name]
    except FileNotFoundError:
        return False


def _stage(backup: Path, data_dir: Path, manifest: Manifest) -> Path:
    """The files as they will be, opened once already; nobody looks at them yet."""
    fresh = data_dir / NEW
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for name, sealed in manifest.files.items():
        if not name.startswith(f"{PICTURES}/") and copy_file(backup / name, fresh / name) != sealed:
            raise InputError(f"{backup} changed while it was read; take another backup.")
    with open_store(fresh / STORE) as opened:  # migrates an older one
        opened.poems.count()
    forget_caches(fresh / STORE)
    close_log(fresh / STORE)
    lock_path(fresh / STORE).unlink()
    for folder in {path.parent for path in fresh.rglob("*")}:
        sync_folder(folder)
    return fresh
