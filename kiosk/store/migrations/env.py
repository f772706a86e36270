"""Alembic's entry: migrations run on the connection that `kiosk.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from kiosk.store.full_text import is_full_text
from kiosk.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=lambda name, kind, _: kind != "table" or not is_full_text(name or ""),
    render_as_batch=True,  # SQLite changes a table by making it anew
)
with context.begin_transaction():
    context.run_migrations()
