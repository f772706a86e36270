"""Connections and transactions: how SQLite is driven (`kiosk.store.server`: how a server is).

Every call of a repository runs in a session of its own, unless the calling thread is inside
`Sessions.transaction()`; then all its calls share that one transaction. Writers begin with
`BEGIN IMMEDIATE`, so that two of them queue up (up to `BUSY_MS`) instead of failing halfway;
readers see the last committed state and are never blocked (write-ahead log).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session

from kiosk.store.errors import StoreError, blame_database
from kiosk.store.in_use import HeldConnection
from kiosk.store.place import Place
from kiosk.store.server import describe_server, importing_alone, make_server_engine, writing_options

Id = TypeVar("Id", int, str)

BUSY_MS = 15_000  # how long a writer waits for another one
IDS_AT_ONCE = 500  # in one "IN (…)"; SQLite's limit for parameters is above it everywhere


def in_chunks(ids: Sequence[Id], size: int) -> Iterator[Sequence[Id]]:
    """The ids in order, at most `size` at a time."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def make_engine(place: Place) -> Engine:
    """An engine whose errors already speak (`StoreError`) where the world is to blame."""
    return make_server_engine(place, BUSY_MS) if place.on_server else _make_file_engine(place.path)


def for_writing(engine: Engine) -> Engine:
    """The same engine, whose transactions queue up with other writers."""
    options = writing_options() if on_server(engine) else {"writes": True}
    return engine.execution_options(**options)


def on_server(engine: Engine) -> bool:
    """Whether a server keeps the rows."""
    return engine.dialect.name == "postgresql"


def _make_file_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"factory": HeldConnection},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # Transactions are ours: the sqlite3 module would begin them too late and by itself.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # kiosks lose power

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> StoreError | None:
        if isinstance(context.original_exception, sqlite3.Error):
            # raised by SQLAlchemy in place of its own error; None leaves that as it is
            return blame_database(context.original_exception, path)
        return None

    return engine


class Sessions:
    """Gives each call its session, and each thread at most one open transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = for_writing(engine)
        self._local = threading.local()

    @contextmanager
    def _open(self, *, writes: bool) -> Iterator[Session]:
        current: tuple[Session, bool] | None = getattr(self._local, "current", None)
        if current is not None:
            session, may_write = current
            if writes and not may_write:
                raise RuntimeError("a snapshot is for reading; use transaction() to write")
            yield session
            return
        engine = self._writer if writes else self.engine
        with Session(engine) as session, session.begin():
            yield session

    def reading(self) -> AbstractContextManager[Session]:
        """A context manager: a session to read with."""
        return self._open(writes=False)

    def writing(self) -> AbstractContextManager[Session]:
        """A context manager: a session to write with; committed at its end, or nothing is."""
        return self._open(writes=True)

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing, as far as readers allow.

        A server sees to its own log.
        """
        if on_server(self.engine):
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()

    def about(self) -> str:
        """What staff should know of the server, with a blank before it; nothing of a file."""
        return f" {describe_server(self.engine)}" if on_server(self.engine) else ""

    @contextmanager
    def importing_alone(self, patience_s: float) -> Iterator[bool]:
        """Nobody on another machine imports inside; False where somebody goes on and on."""
        if not on_server(self.engine):
            yield True  # a file is this machine's own
            return
        with importing_alone(self.engine, patience_s) as alone:
            yield alone

    @contextmanager
    def sharing(self, *, writes: bool) -> Iterator[None]:
        """All calls of this thread inside share one transaction. One inside another joins it."""
        if getattr(self._local, "current", None) is not None:
            with self._open(writes=writes):
                yield
            return
        with self._open(writes=writes) as session:
            self._local.current = (session, writes)
            try:
                yield
            finally:
                self._local.current = None
