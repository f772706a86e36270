"""Brings the database to the schema that this program knows, or says why it cannot."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, inspect, text

from kiosk.store.errors import StoreError
from kiosk.store.full_text import drop_indexes
from kiosk.store.pgvector import install_pgvector
from kiosk.store.place import Place
from kiosk.store.sessions import BUSY_MS, for_writing, on_server

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0006"  # newest revision under `migrations/versions`; spares each start Alembic's import


def bring_up_to_date(engine: Engine, place: Place) -> None:
    """Create or migrate the tables, all in one transaction; a store at `HEAD` is only looked at.

    Raises `StoreError` for another program's database and for a schema newer than ours.
    """
    if not on_server(engine):
        _use_write_ahead_log(engine)
    with engine.connect() as connection:
        if _revision(connection, place) == HEAD:
            return
    with for_writing(engine).connect() as connection, connection.begin():
        # Read again: another process may have been faster while we waited for the lock.
        revision = _revision(connection, place)
        if revision != HEAD:
            _migrate(connection, revision, place)


def _use_write_ahead_log(engine: Engine) -> None:
    """Switch the file to WAL; lasting, so done once. SQLite does not wait here by itself."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            if mode != "wal":
                cursor.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        finally:
            raw.close()
        time.sleep(0.05)


def _revision(connection: Connection, place: Place) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        if names:
            raise StoreError(
                f"{place} is a database of another program (it holds "
                f"{', '.join(names[:3])}); choose {_another(place)}."
            )
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known_revisions() -> frozenset[str]:
    """Every schema that this program can read."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def build_at(connection: Connection, revision: str) -> None:
    """Make the tables of an older schema in the place of ours, in the transaction of `connection`.

    For a store that holds nothing: what it held would be gone.
    """
    drop_indexes(connection)
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)
    migrate(connection, revision)


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to a revision, within the transaction of `connection`."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _migrate(connection: Connection, revision: str | None, place: Place) -> None:
    if revision is not None and revision not in known_revisions():
        raise StoreError(
            f"The store {place} was written by a newer version of this program (schema "
            f"{revision}); install that version, or choose {_another(place)}."
        )
    if connection.dialect.name == "postgresql":
        _refuse_other_letters(connection, place)
        install_pgvector(connection)
    migrate(connection)


def _refuse_other_letters(connection: Connection, place: Place) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreError(
            f"{place} keeps letters as {encoding}, which has not all that poems "
            "need; create it with the encoding UTF8."
        )


def _another(place: Place) -> str:
    return "another database (`database_url`)" if place.on_server else "another data directory"


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())
