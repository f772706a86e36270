"""Brings the file to the schema that this program knows, or says why it cannot."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from kiosk.store.errors import StoreError
from kiosk.store.sessions import BUSY_MS

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0003"  # newest revision under `migrations/versions`; spares each start Alembic's import


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Create or migrate the tables, all in one transaction; a store at `HEAD` is only looked at.

    Raises `StoreError` for another program's database and for a schema newer than ours.
    """
    _use_write_ahead_log(engine)
    with engine.connect() as connection:
        if _revision(connection, path) == HEAD:
            return
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        # Read again: another process may have been faster while we waited for the lock.
        revision = _revision(connection, path)
        if revision != HEAD:
            _migrate(connection, revision, path)


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


def _revision(connection: Connection, path: Path) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        if names:
            raise StoreError(
                f"{path} is a database of another program (it holds {', '.join(names[:3])}); "
                "choose another data directory."
            )
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection, revision: str | None, path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The store {path} was written by a newer version of this program (schema "
            f"{revision}); install that version, or choose another data directory."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
