"""A PostgreSQL server in the place of the file: connections, and who may write.

As with the file, writers queue up: each takes one lock of the database at its beginning and lets
go of it by its end, and waits at most `BUSY_MS` for another. Readers see the last committed state
of one moment and are never blocked. What a repository may rely on is therefore the same.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext

from kiosk.store.errors import StoreError
from kiosk.store.pgvector import describe_pgvector
from kiosk.store.place import Place
from kiosk.store.server_errors import blame_server

WRITING, IMPORTING = 0x656B7068, 0x656B7069  # locks of the database; any two numbers
CONNECT_S = 10  # how long a server is waited for
SILENT_MS = 20_000  # after which one that does not answer is given up
# A machine that vanishes while it writes or imports must not keep its lock: the server lets go of
# a transaction in which nothing happens, and of a connection at whose other end is nobody.
LET_GO = {
    "idle_in_transaction_session_timeout": "10min",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
}
NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")  # and not a backslash that stands before "u0000"
MISSING_DRIVER = (
    "A store on a server needs the driver psycopg, which is not installed: `.venv/bin/pip install "
    "--no-deps --require-hashes -r packaging/requirements/postgres.txt`, or leave `database_url` "
    "empty."
)


def make_server_engine(place: Place, busy_ms: int) -> Engine:
    """An engine whose errors already speak (`StoreError`) where the world is to blame.

    Raises `StoreError` where the driver is missing.
    """
    try:
        import psycopg
    except ImportError as problem:  # also one that finds no library of PostgreSQL
        raise StoreError(MISSING_DRIVER) from problem
    url = make_url(place.url).set(drivername="postgresql+psycopg")
    wanted: dict[str, Any] = {
        "application_name": "ekphrasis",
        "client_encoding": "utf8",
        "connect_timeout": CONNECT_S,
        "keepalives_idle": CONNECT_S,
        "options": " ".join(f"-c {name}={value}" for name, value in LET_GO.items()),
        "tcp_user_timeout": SILENT_MS,
    }
    engine = create_engine(
        url,
        isolation_level="REPEATABLE READ",  # of one moment, as SQLite's readers
        json_serializer=_written,
        pool_pre_ping=True,  # a server that was started again is found again
        connect_args={
            # A plan that is made once for all words is a hundred times as slow for some of them.
            "prepare_threshold": None,
            **{name: value for name, value in wanted.items() if name not in url.query},
        },
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.execute(
                text("SELECT set_config('lock_timeout', :wait, true), pg_advisory_xact_lock(:key)"),
                {"wait": str(busy_ms), "key": WRITING},
            )

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> StoreError | None:
        error = context.original_exception
        if isinstance(error, StoreError):
            return error  # said while a value was being written down
        if context.is_pre_ping or not isinstance(error, psycopg.Error):
            return None
        # raised by SQLAlchemy in place of its own error; None leaves that as it is
        return blame_server(error, place, opening=context.connection is None)

    return engine


def _written(value: Any) -> str:
    """JSON as the server can read it again: a NUL in it would spoil every look into the column."""
    written = json.dumps(value)
    if NUL.search(written):
        raise StoreError("A value holds a NUL, which a server cannot keep; nothing was changed.")
    return written


def writing_options() -> dict[str, Any]:
    """For an engine that writes: what it sees is what was there when its lock was granted."""
    return {"writes": True, "isolation_level": "READ COMMITTED"}


def describe_server(engine: Engine) -> str:
    """Which program the server is, and how it compares vectors."""
    with engine.connect() as connection:
        version = str(connection.scalar(text("SHOW server_version"))).split()[0]
        return f"The server is PostgreSQL {version}. {describe_pgvector(connection)}"


@contextmanager
def importing_alone(engine: Engine, patience_s: float) -> Iterator[bool]:
    """Nobody imports into this database inside, from whichever machine; False: somebody goes on.

    The lock is the connection's, so it goes with a process that is killed.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        deadline = time.monotonic() + patience_s
        query = text("SELECT pg_try_advisory_lock(:key)")
        while not (alone := bool(connection.scalar(query, {"key": IMPORTING}))):
            if time.monotonic() >= deadline:
                break
            time.sleep(0.2)
        try:
            yield alone
        finally:
            if alone:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": IMPORTING})
