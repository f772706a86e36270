"""Where a poem or a work comes from, under which licence, whose it is, and who confirmed it.

Columns are added one by one and no table is made anew: SQLite would delete the rows of the old
one, and with them, by their foreign keys, passages and vectors.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CONFIRMED_BY = "an earlier version"  # which spoke all that there was
# What earlier versions kept among the other columns, by the names that tables give it.
KEPT_AS = {
    "source": ("source",),
    "licence": ("licence", "license"),
    "rights_holder": ("rights_holder", "rights holder", "rightsholder"),
}


def upgrade() -> None:
    for table in ("poems", "artworks"):
        for name in ("source", "licence", "rights_holder", "confirmed_by"):
            if (table, name) != ("poems", "source"):  # poems had theirs from the beginning
                column = sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''"))
                op.add_column(table, column)
        op.add_column(table, sa.Column("confirmed_at", sa.String(), nullable=True))
        op.create_index(f"ix_{table}_confirmed_at", table, ["confirmed_at"], unique=False)
        _fill(table)


def _fill(table: str) -> None:
    """Take what is known of the rights from the other columns; what was spoken is spoken on."""
    connection = op.get_bind()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    rows = sa.table(
        table,
        sa.column("id", sa.Integer),
        sa.column("extra", sa.JSON),
        *(sa.column(name, sa.String) for name in (*KEPT_AS, "confirmed_by", "confirmed_at")),
    )
    connection.execute(rows.update().values(confirmed_by=CONFIRMED_BY, confirmed_at=now))
    stated = connection.execute(sa.select(rows.c.id, rows.c.extra, rows.c.source)).all()
    for row in stated:
        extra = row.extra if isinstance(row.extra, dict) else json.loads(row.extra or "{}")
        keys = {name.strip().casefold(): name for name in extra}
        found: dict[str, str] = {}
        for column, names in KEPT_AS.items():
            key = next((keys[name] for name in names if name in keys), None)
            if key is None or (column == "source" and row.source):
                continue
            found[column] = " ".join(str(extra.pop(key)).split())
        if found:
            connection.execute(
                rows.update().where(rows.c.id == row.id).values(extra=extra, **found)
            )
