"""One import at a time, after what a killed one left; room to go back where the disk fills."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from kiosk.collections.pictures import DoubtfulPictures
from kiosk.store.database import Store
from kiosk.store.errors import StoreError, blame_disk

PATIENCE_S = 15.0  # as long as one writer of the store waits for another
BUSY = "Another import is being written; nothing was changed: wait for it to finish and try again."
RESERVE = 16 * 2**20  # bytes; what undoing batch by batch needs at most, with room to spare


class Reserve:
    """Bytes of the disk that nobody else can take; given back to undo what a full disk stopped.

    The file has no name, so that nothing of it is left whatever ends the program.
    """

    def __init__(self, folder: Path, size: int = RESERVE) -> None:
        """Raises `StoreError` where the disk has no such room."""
        try:
            self._file: IO[bytes] | None = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        except OSError as error:
            raise blame_disk(error, f"preparing an import in {folder}") from error
        try:
            os.posix_fallocate(self._file.fileno(), 0, size)
        except OSError as error:
            self.release()
            raise blame_disk(error, f"keeping {size // 2**20} MB free in {folder}") from error

    def release(self) -> None:
        """Give the room back."""
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def sole_import(store: Store) -> Iterator[None]:
    """Whoever imports or undoes is alone, and finds no pictures that a killed one left to nobody.

    Raises `StoreError` if another one goes on and on.
    """
    lock = FileLock(store.path.with_name(f"{store.path.name}.import-lock"))
    try:
        with lock.acquire(timeout=PATIENCE_S), store.importing_alone(PATIENCE_S) as alone:
            if not alone:
                raise StoreError(BUSY)
            doubtful = DoubtfulPictures(store.path.parent)
            doubtful.remove(store.imports.unshown(doubtful.left()))
            yield
    except Timeout:
        raise StoreError(BUSY) from None
