"""The SQLite file as a file: a copy of one moment while others write; whether one is sound."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk.store.errors import StoreError, blame_database, blame_disk
from kiosk.store.vector_sets import new_revision

PAGES = 4096  # copied between two tellings; 16 MB
Progress = Callable[[int, int], None]  # (done, in all)


def copy_database(source: Path, target: Path, progress: Progress) -> None:
    """What `source` holds at this moment, in one file of its own; writers are not held up.

    The snapshot is kept from the first page to the last, so that a kiosk that goes on writing
    neither changes what is copied nor makes the copy begin again.
    """

    def told(_status: int, left: int, total: int) -> None:
        progress(total - left, total)

    try:
        with closing(_connect(source)) as live, closing(_connect(target)) as copy:
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment
            live.backup(copy, pages=PAGES, progress=told)
            live.execute("COMMIT")
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whoever opens it
    except sqlite3.Error as error:
        raise blame_database(error, source) or error from error
    except OSError as error:
        raise blame_disk(error, f"copying {source}") from error


def examine_database(path: Path) -> tuple[str, dict[str, int]]:
    """A store's schema and how many rows each of its tables has.

    Raises `StoreError` for a file that is no store, or whose pages or references are damaged. The
    file is only read, and nothing is written beside it.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = copy.execute("PRAGMA foreign_key_check").fetchone()
            if verdict != "ok" or dangling is not None:
                raise StoreError(
                    f"The store {path} is damaged ({verdict if dangling is None else dangling})."
                )
            names = [
                name
                for (name,) in copy.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
                )
            ]
            if "alembic_version" not in names:
                raise StoreError(f"{path} is no store of this kiosk.")
            (schema,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            counts = {
                name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for name in names
            }
    except sqlite3.Error as error:
        raise blame_database(error, path) or error from error
    return schema, counts


def forget_caches(path: Path) -> None:
    """Let no cache of vectors agree with this store, which came in another's place."""
    with closing(_connect(path)) as store:
        for (set_id,) in store.execute("SELECT id FROM vector_sets").fetchall():
            store.execute(
                "UPDATE vector_sets SET revision = ? WHERE id = ?", (new_revision(), set_id)
            )


def close_log(path: Path) -> None:
    """Write the write-ahead log of a store that nobody has open into its file. A damaged store,
    which may be why another one comes, is left as it is."""
    try:
        with closing(_connect(path)) as store:
            store.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error:
        return


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 15000")
    return connection
