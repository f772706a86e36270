"""The extension with which a PostgreSQL server compares vectors fast. Nothing depends on it."""

from __future__ import annotations

from sqlalchemy import Connection, text


def pgvector_versions(connection: Connection) -> tuple[str | None, str | None]:
    """The version that the server offers, and the one that this database has."""
    query = text(
        "SELECT default_version, installed_version FROM pg_available_extensions "
        "WHERE name = 'vector'"
    )
    row = connection.execute(query).one_or_none()
    return (None, None) if row is None else (row.default_version, row.installed_version)


def install_pgvector(connection: Connection) -> None:
    """Take it into the database, where the server offers it and this user may."""
    offered, installed = pgvector_versions(connection)
    may = text(
        "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR ("
        "has_database_privilege(current_database(), 'CREATE') AND EXISTS (SELECT 1 "
        "FROM pg_available_extension_versions WHERE name = 'vector' AND trusted))"
    )
    if offered is not None and installed is None and connection.scalar(may):
        connection.execute(text("CREATE EXTENSION vector"))


def describe_pgvector(connection: Connection) -> str:
    """What that means for a search on the server, in a sentence for staff."""
    offered, installed = pgvector_versions(connection)
    if installed is not None:
        return f"pgvector {installed} compares vectors where `search_on_server` is on."
    if offered is not None:
        return (
            f"It offers pgvector {offered}, which this database has not: let its administrator run "
            "`CREATE EXTENSION vector` in it; until then `search_on_server` is slow."
        )
    return "It has no pgvector: with `search_on_server` it compares vectors in plain SQL, slowly."
