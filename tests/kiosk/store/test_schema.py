"""The migrations and the tables say the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect

from kiosk.store.database import Store
from kiosk.store.full_text import is_full_text
from kiosk.store.schema import HEAD, MIGRATIONS
from kiosk.store.tables import Base


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrated_schema_equals_the_tables(store: Store) -> None:
    with store._sessions.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or not is_full_text(name),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_cascades_equal_the_tables(store: Store) -> None:
    """What autogenerate does not look at."""
    migrated = inspect(store._sessions.engine)
    for table in Base.metadata.sorted_tables:
        declared = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in migrated.get_check_constraints(table.name)} == declared
        assert {
            (key["constrained_columns"][0], key["options"].get("ondelete"))
            for key in migrated.get_foreign_keys(table.name)
        } == {(key.parent.name, key.ondelete) for key in table.foreign_keys}
