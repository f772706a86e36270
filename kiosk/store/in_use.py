"""Who has the store open: every connection says so, and a restore waits for nobody to.

A lock of the kernel on a file beside the store, shared by connections and held alone while the
store is replaced. It goes with its process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.store.errors import StoreError, blame_disk

WAIT_S = 15.0  # for a restore to put the files in their places, which takes no second


def lock_path(store: Path) -> Path:
    """The file beside the store whose lock it is."""
    return store.with_name(f"{store.name}.lock")


class HeldConnection(sqlite3.Connection):
    """A connection that others can see is open."""

    def __init__(self, database: Any, *args: Any, **options: Any) -> None:
        self._held = _share(Path(str(database)))
        try:
            super().__init__(database, *args, **options)
        except BaseException:
            self._let_go()
            raise

    def close(self) -> None:
        """Close it, then say so."""
        super().close()
        self._let_go()

    def __del__(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            os.close(held)


@contextmanager
def alone(store: Path, *, patient: bool = False) -> Iterator[None]:
    """Nobody has the store open inside. Raises `StoreError` where somebody has now, or, to who is
    `patient`, still has after a while."""
    path = lock_path(store)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise blame_disk(error, f"locking {path}") from error
    try:
        if not _lock(handle, fcntl.LOCK_EX, WAIT_S if patient else 0.0):
            raise StoreError(
                f"The store {store} is in use; nothing was changed: close the kiosk (with "
                "autostart: `systemctl --user stop ekphrasis-kiosk`) and every other command, then "
                "try again."
            )
        yield
    finally:
        os.close(handle)


def _share(store: Path) -> int | None:
    """A handle that holds the lock with others; None where no file can be made to lock."""
    try:
        handle = os.open(lock_path(store), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:  # a folder that cannot be written: SQLite has the sentence for it
        return None
    if not _lock(handle, fcntl.LOCK_SH, WAIT_S):
        os.close(handle)
        raise StoreError(f"The store {store} is being replaced by a backup; try again.")
    return handle


def _lock(handle: int, kind: int, wait_s: float) -> bool:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        else:
            return True
