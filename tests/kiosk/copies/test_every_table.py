"""No table is forgotten: each travels, or can be made again and is named so."""

from __future__ import annotations

from sqlalchemy import inspect, text

from kiosk.store.database import Store
from kiosk.store.tables import Base
from kiosk.store.whole import DERIVED


def test_every_table_of_the_file_travels_or_is_derived(store: Store) -> None:
    with store._sessions.engine.connect() as connection:
        there = {
            name
            for name in inspect(connection).get_table_names()
            if not connection.execute(  # what SQLite keeps of a full-text index beside it
                text(
                    "SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %' "
                    "AND (name = :name OR :name LIKE name || '\\_%' ESCAPE '\\')"
                ),
                {"name": name},
            ).first()
        }
    assert there - {"alembic_version"} == {*store.whole.names(), *DERIVED}
    assert not set(DERIVED) & set(store.whole.names())


def test_the_store_that_is_copied_in_these_tests_has_something_in_each(store: Store) -> None:
    assert [name for name, rows in store.whole.counts().items() if not rows] == []


def test_what_is_derived_hangs_on_nothing_that_travels(store: Store) -> None:
    """Else it could not be left out: a row that travels would refer to one that does not."""
    for name in store.whole.names():
        refers = {key.column.table.name for key in Base.metadata.tables[name].foreign_keys}
        assert not refers & set(DERIVED)


def test_each_table_comes_after_those_that_it_refers_to(store: Store) -> None:
    names = store.whole.names()
    for name in names:
        for key in Base.metadata.tables[name].foreign_keys:
            assert names.index(key.column.table.name) <= names.index(name)
