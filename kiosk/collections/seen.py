"""What was met in a table so far, on disk where it is much: long tables stay out of memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.store.errors import blame_database


class Seen:
    """Texts under keys, in the order in which they came; gone with the object."""

    def __init__(self) -> None:
        # A database without a name: in memory while it is small, else in a file that nobody sees.
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.execute("CREATE TABLE seen (key TEXT, value TEXT)")
        self._base.execute("CREATE INDEX by_key ON seen (key)")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("BEGIN")

    def add(self, key: str, value: str) -> None:
        """Another text under a key. Raises `StoreError` where there is no room for it."""
        with _blamed():
            self._base.execute("INSERT INTO seen VALUES (?, ?)", (key, value))

    def get(self, key: str) -> list[str]:
        """The texts under a key."""
        with _blamed():
            found = self._base.execute(
                "SELECT value FROM seen WHERE key = ? ORDER BY rowid", (key,)
            )
            return [value for (value,) in found]

    def first(self, key: str, value: str) -> str:
        """The first text under a key; that is `value` where there was none."""
        there = self.get(key)
        if there:
            return there[0]
        self.add(key, value)
        return value


@contextmanager
def _blamed() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        known = blame_database(error, Path("temporary files"))
        if known is None:
            raise
        raise known from error
