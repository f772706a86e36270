"""The counters that give rows their ids: none ever gives out an id a second time."""

from __future__ import annotations

from sqlalchemy import Connection, Table, text

SEQUENCE = "pg_get_serial_sequence(:name, 'id')"


def last_id(connection: Connection, table: Table) -> int:
    """The last id that the table gave out, 0 where it never did."""
    if connection.dialect.name == "postgresql":
        query = text(f"SELECT coalesce(pg_sequence_last_value({SEQUENCE}::regclass), 0)")
    else:
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return connection.execute(query, {"name": table.name}).scalar() or 0


def set_last_id(connection: Connection, table: Table, last: int) -> None:
    """Let the table give out larger ids from now on."""
    values = {"name": table.name, "last": last}
    if connection.dialect.name == "postgresql":
        if last > last_id(connection, table):
            connection.execute(text(f"SELECT setval({SEQUENCE}, :last)"), values)
        return
    known = connection.execute(
        text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name"), values
    )
    if known.rowcount == 0:
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), values)
