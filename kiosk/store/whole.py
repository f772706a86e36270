"""Every table of the store as plain rows, and back: what an archive is made of.

The list of tables is the schema itself, so that a new one is carried without anybody thinking of
it. Only what can be made again from the rest is left out, and is named here with the reason.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, delete, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from kiosk.store.counters import last_id, set_last_id
from kiosk.store.errors import StoreError
from kiosk.store.full_text import is_full_text
from kiosk.store.schema import HEAD, build_at, known_revisions, migrate
from kiosk.store.sessions import Sessions
from kiosk.store.tables import Base

Row = dict[str, Any]  # what JSON can say; bytes are base64, moments are ISO 8601

DERIVED: Mapping[str, str] = {
    "vector_sets": "which bundles have vectors; made with them",
    "vectors": "made again from the passages by the model bundle",
    "answers": "found again ahead of the visitors",
}
ROWS_AT_ONCE = 1000


class WholeStore:
    """Reads and fills all tables that nobody can make again."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @property
    def schema(self) -> str:
        """The revision that the rows are written in."""
        return HEAD

    def names(self) -> list[str]:
        """The tables, each after those that it refers to."""
        return [table.name for table in _carried(Base.metadata)]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with self._sessions.reading() as session:
            return {
                table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
                for table in _carried(Base.metadata)
            }

    def last_ids(self) -> dict[str, int]:
        """The last id that each table gave out, also to a row that is gone: it never comes back."""
        with self._sessions.reading() as session:
            connection = session.connection()
            return {
                table.name: last_id(connection, table)
                for table in _carried(Base.metadata)
                if _numbered(table)
            }

    def rows(self, name: str) -> Iterator[Row]:
        """All rows of a table by primary key. Read it inside `Store.snapshot()`."""
        table = Base.metadata.tables[name]
        query = select(table).order_by(*table.primary_key.columns)
        with self._sessions.reading() as session:
            found = session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
            for row in found:
                yield {key: _plain(value) for key, value in row._mapping.items()}

    @contextmanager
    def filling(self, schema: str) -> Iterator[Filling]:
        """Fill an empty store from rows of an older schema or ours: all of it, or nothing.

        At the end the rows are brought to our schema by the migrations. Raises `StoreError` where
        the store holds anything, and for a schema that this program does not know.
        """
        if schema not in known_revisions():
            raise StoreError(
                f"It was written by a newer version of this program (schema {schema}); install "
                "that version and try again."
            )
        with self._sessions.sharing(writes=True), self._sessions.writing() as session:
            full = [name for name, count in self.counts().items() if count]
            if full:
                raise StoreError(
                    f"The store holds something already ({', '.join(full)}); choose an empty data "
                    "directory (`data_dir` in the settings, or EKPHRASIS_DATA_DIR)."
                )
            connection = session.connection()
            for name in DERIVED:  # of rows that are gone
                session.execute(delete(Base.metadata.tables[name]))
            if schema != HEAD:
                build_at(connection, schema)
            filling = Filling(connection)
            yield filling
            filling.check()
            if schema != HEAD:
                migrate(connection)


class Filling:
    """An empty store of one schema while rows are put in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        metadata = MetaData()
        metadata.reflect(connection, only=lambda name, _: not is_full_text(name))
        self._tables = {table.name: table for table in _carried(metadata)}
        for table in self._tables.values():
            for column in table.columns:
                if isinstance(column.type, JSON):
                    column.type.none_as_null = True
        if connection.dialect.name == "sqlite":  # a row may refer to a later one of its own table
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))

    def names(self) -> list[str]:
        """The tables of this schema, each after those that it refers to."""
        return list(self._tables)

    def fill(self, name: str, rows: Iterable[Row]) -> int:
        """Put rows in; how many. Raises `StoreError` for rows that do not fit the table."""
        table = self._tables[name]
        count = 0
        batch: list[Row] = []
        for row in rows:
            batch.append(_restored(table, row, count + 1))
            count += 1
            if len(batch) == ROWS_AT_ONCE:
                self._insert(table, batch)
                batch = []
        self._insert(table, batch)
        return count

    def set_last_ids(self, last_ids: Mapping[str, int]) -> None:
        """Let no table give out an id again that it gave out before."""
        for name, last in last_ids.items():
            table = self._tables.get(name)
            if table is not None and _numbered(table) and last > 0:
                set_last_id(self._connection, table, last)

    def check(self) -> None:
        """Raise `StoreError` where a row refers to one that is not there."""
        # A server has looked at each row already.
        if self._connection.dialect.name == "sqlite":
            dangling = self._connection.execute(text("PRAGMA foreign_key_check")).first()
            if dangling is not None:
                raise StoreError(
                    f"A row of the table {dangling[0]} refers to one of {dangling[2]} that is not "
                    "there."
                )

    def _insert(self, table: Table, batch: list[Row]) -> None:
        if not batch:
            return
        try:
            self._connection.execute(table.insert(), batch)
            if _numbered(table):
                set_last_id(self._connection, table, max(row["id"] for row in batch))
        except (IntegrityError, StatementError, OverflowError) as error:
            reason = str(error.orig if isinstance(error, StatementError) else error)
            raise StoreError(
                f"A row of the table {table.name} does not fit: {reason.splitlines()[0]}."
            ) from None


def _carried(metadata: MetaData) -> list[Table]:
    aside = {*DERIVED, "alembic_version"}
    return [table for table in metadata.sorted_tables if table.name not in aside]


def _numbered(table: Table) -> bool:
    """Whether its rows get their ids from a counter."""
    keys = list(table.primary_key.columns)
    return len(keys) == 1 and keys[0].name == "id" and keys[0].type.python_type is int


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def _restored(table: Table, row: Row, number: int) -> Row:
    wrong = sorted(set(row) ^ set(table.columns.keys()))
    if wrong:
        raise StoreError(
            f"Row {number} of the table {table.name} has not the columns that it should have "
            f"({', '.join(wrong[:5])})."
        )
    try:
        return {name: _typed(table, name, value) for name, value in row.items()}
    except (TypeError, ValueError) as error:
        raise StoreError(f"Row {number} of the table {table.name} does not fit: {error}.") from None


def _typed(table: Table, name: str, value: Any) -> Any:
    """A value of JSON as its column's type takes it."""
    kind = table.columns[name].type
    if value is None or isinstance(kind, JSON):
        return value
    wanted = kind.python_type
    if wanted is bytes:
        return base64.b64decode(value, validate=True)
    if wanted in (datetime, date, time):
        return wanted.fromisoformat(value)
    if wanted is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ValueError(f"{name} is {type(value).__name__}, not {wanted.__name__}")
    return value
