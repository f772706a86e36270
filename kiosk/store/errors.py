"""What can go wrong between us and the disk, each with a sentence for the staff."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from engine.errors import KnownError


class StoreError(KnownError):
    """The store cannot be opened, read or written, and the reason lies outside the program."""


def blame_database(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The `StoreError` that says what SQLite met, or None if the fault is ours.

    SQLite's extended names refine a family (`SQLITE_IOERR_WRITE`), so families are compared.
    """
    name = getattr(error, "sqlite_errorname", "") or ""
    sentences = {
        "SQLITE_FULL": f"The disk that holds {path} is full; nothing was changed: "
        "free some space and try again.",
        "SQLITE_NOTADB": f"{path} is no store of this kiosk (it is not an SQLite database); "
        "move it away or choose another data directory.",
        "SQLITE_CORRUPT": f"The store {path} is damaged; put back a backup, or move the file away "
        "and import the collection again.",
        "SQLITE_READONLY": f"The store {path} cannot be written: make the file and its folder "
        "writable for this user, or choose another data directory.",
        "SQLITE_CANTOPEN": f"The store {path} cannot be opened: make its folder readable and "
        "writable for this user, or choose another data directory.",
        "SQLITE_PERM": f"The store {path} may not be opened by this user; change its permissions.",
        "SQLITE_BUSY": f"The store {path} is in use by another program that does not let go; "
        "nothing was changed: wait for it to finish and try again.",
        "SQLITE_LOCKED": f"The store {path} is in use; nothing was changed: try again.",
        "SQLITE_IOERR": f"The disk that holds {path} reports an error ({error}); nothing was "
        "changed: check the disk and the space left on it.",
        "SQLITE_TOOBIG": "A text or an entry is too large for the store; nothing was changed.",
    }
    for family, sentence in sentences.items():
        if name == family or name.startswith(family + "_"):
            return StoreError(sentence)
    return None


def blame_disk(error: OSError, doing: str) -> StoreError:
    """The `StoreError` for a file operation that failed; `doing` completes "while …"."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreError(
            f"The disk is full while {doing}; nothing was changed: free some space and try again."
        )
    reason = error.strerror or str(error)
    return StoreError(f"Something went wrong while {doing} ({reason}); nothing was changed.")
