"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

VECTOR = sa.LargeBinary().with_variant(postgresql.ARRAY(sa.REAL), "postgresql")


def upgrade() -> None:
    op.create_table(
        "artworks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("number_key", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("image", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_artworks"),
        sa.UniqueConstraint("number_key", name="uq_artworks_number_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_artworks_identity", "artworks", ["identity"], unique=False)
    op.create_table(
        "poets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=True),
        sa.Column("died", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_poets"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_poets_name_key", "poets", ["name_key"], unique=False)
    op.create_table(
        "vector_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vector_sets"),
        sa.UniqueConstraint("fingerprint", name="uq_vector_sets_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "poems",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poet_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["poet_id"], ["poets.id"], name="fk_poems_poet_id_poets"),
        sa.PrimaryKeyConstraint("id", name="pk_poems"),
        sa.UniqueConstraint("identity", name="uq_poems_identity"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_poems_poet_id", "poems", ["poet_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("artwork_id", sa.Integer(), nullable=True),
        sa.Column("poem_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'pin') = (position IS NOT NULL)", name=op.f("ck_decisions_position")
        ),
        sa.CheckConstraint("kind IN ('pin', 'hide')", name=op.f("ck_decisions_kind")),
        sa.ForeignKeyConstraint(
            ["artwork_id"],
            ["artworks.id"],
            name="fk_decisions_artwork_id_artworks",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poem_id"], ["poems.id"], name="fk_decisions_poem_id_poems", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_poem_id", "decisions", ["poem_id"], unique=False)
    op.create_index(
        "uq_decisions_artwork_id_poem_id", "decisions", ["artwork_id", "poem_id"], unique=True
    )
    op.create_index(
        "uq_decisions_poem_id_everywhere",
        "decisions",
        ["poem_id"],
        unique=True,
        sqlite_where=sa.text("artwork_id IS NULL"),
        postgresql_where=sa.text("artwork_id IS NULL"),
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poem_id", sa.Integer(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poem_id"], ["poems.id"], name="fk_passages_poem_id_poems", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_passages_poem_id_first_line", "passages", ["poem_id", "first_line"], unique=True
    )
    op.create_table(
        "vectors",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("vector", VECTOR, nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_id"],
            ["passages.id"],
            name="fk_vectors_passage_id_passages",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["vector_sets.id"], name="fk_vectors_set_id_vector_sets", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "passage_id", name="pk_vectors"),
    )
    op.create_index("ix_vectors_passage_id", "vectors", ["passage_id"], unique=False)
