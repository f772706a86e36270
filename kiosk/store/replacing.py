"""The last part of a restore: files that are ready take the place of those that are there.

Each step may be the last that a process makes, and is done again by the next one to the same end.
Nothing but renaming happens here, so that a full disk cannot stop it halfway.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from kiosk.store.durable import sync_folder
from kiosk.store.in_use import alone

STORE = "store.sqlite"
# What people made in the data directory besides store and pictures: small files, folders of them.
STAFF_FILES = ("pronunciation.txt", "keys.json", "starter-brought.json")
STAFF_FOLDERS = ("mappings",)

NEW = "restore-new"  # being prepared; of no account yet
READY = "restore-ready"  # whole; what is there goes aside
PLACING = "restore-placing"  # what was there is aside; the new files take their places
ASIDE = "before-restore"  # what was there
# A log that is left behind would be read into the new store.
REPLACED = (f"{STORE}-wal", f"{STORE}-shm", STORE, *STAFF_FILES, *STAFF_FOLDERS)


def is_staff_file(name: str) -> bool:
    """Whether it is one of those, by its path in the data directory."""
    folder, _, file = name.rpartition("/")
    return name in STAFF_FILES or (folder in STAFF_FOLDERS and not file.startswith("."))


def finish_interrupted(data_dir: Path) -> None:
    """Carry on a restore that was cut off after its moment; next to nothing where there is none."""
    if (data_dir / READY).exists() or (data_dir / PLACING).exists():
        with alone(data_dir / STORE, patient=True):  # another process may be at it
            finish_replacing(data_dir)


def finish_replacing(data_dir: Path) -> None:
    """Put what is ready, if anything is, into its place. Nobody may have the store open."""
    ready, placing, aside = data_dir / READY, data_dir / PLACING, data_dir / ASIDE
    if ready.exists():
        there = [name for name in REPLACED if (data_dir / name).exists()]
        if there:
            aside.mkdir(exist_ok=True)
            for name in there:
                (data_dir / name).rename(aside / name)
            sync_folder(data_dir)
            sync_folder(aside)
        ready.rename(placing)
    if placing.exists():
        for path in sorted(placing.iterdir()):
            path.rename(data_dir / path.name)
        sync_folder(data_dir)
        shutil.rmtree(placing)
