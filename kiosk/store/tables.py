"""The tables. Private to the store: everybody else sees the dataclasses in `records`.

A change here needs a migration beside it (`migrations/versions`); a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kiosk.store.float_vector import FloatVector

# Constraints carry names so that a later migration can address them.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Ids of deleted rows never come back: a cache or a visit may still hold one.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
EMPTY = text("''")  # in the rows that were there before a column


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class PoetRow(Base):
    __tablename__ = "poets"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)  # identity_key(name)
    born: Mapped[int | None]
    died: Mapped[int | None]


class PoemRow(Base):
    __tablename__ = "poems"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    poet_id: Mapped[int] = mapped_column(ForeignKey("poets.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]
    extra: Mapped[dict[str, str]] = mapped_column(JSON)
    search_key: Mapped[str]  # search_key of title and poet
    identity: Mapped[str] = mapped_column(unique=True)  # digest of poet, title, text
    licence: Mapped[str] = mapped_column(server_default=EMPTY)
    rights_holder: Mapped[str] = mapped_column(server_default=EMPTY)
    confirmed_by: Mapped[str] = mapped_column(server_default=EMPTY)
    confirmed_at: Mapped[str | None] = mapped_column(index=True)  # ISO 8601, UTC


class PassageRow(Base):
    __tablename__ = "passages"
    __table_args__ = (
        Index("uq_passages_poem_id_first_line", "poem_id", "first_line", unique=True),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poem_id: Mapped[int] = mapped_column(ForeignKey("poems.id", ondelete="CASCADE"))
    first_line: Mapped[int]
    text: Mapped[str]


class ArtworkRow(Base):
    __tablename__ = "artworks"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    number_key: Mapped[str | None] = mapped_column(unique=True)  # without blanks, case folded
    title: Mapped[str]
    artist: Mapped[str]
    date: Mapped[str]
    image: Mapped[str | None]
    description: Mapped[str]
    language: Mapped[str]
    room: Mapped[str]
    extra: Mapped[dict[str, str]] = mapped_column(JSON)
    search_key: Mapped[str]  # search_key of number, title and artist
    identity: Mapped[str] = mapped_column(index=True)  # digest of title, artist, date
    source: Mapped[str] = mapped_column(server_default=EMPTY)
    licence: Mapped[str] = mapped_column(server_default=EMPTY)
    rights_holder: Mapped[str] = mapped_column(server_default=EMPTY)
    confirmed_by: Mapped[str] = mapped_column(server_default=EMPTY)
    confirmed_at: Mapped[str | None] = mapped_column(index=True)  # ISO 8601, UTC


class VectorSetRow(Base):
    """All vectors that one bundle made."""

    __tablename__ = "vector_sets"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    dimension: Mapped[int]
    revision: Mapped[str]  # random; see records.VectorState


class VectorRow(Base):
    __tablename__ = "vectors"

    set_id: Mapped[int] = mapped_column(
        ForeignKey("vector_sets.id", ondelete="CASCADE"), primary_key=True
    )
    passage_id: Mapped[int] = mapped_column(
        ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    vector: Mapped[bytes] = mapped_column(FloatVector)  # float32, little endian


class AnswerRow(Base):
    """The poems that one bundle found for a work, kept so that nobody waits for them."""

    __tablename__ = "answers"

    artwork_id: Mapped[int] = mapped_column(
        ForeignKey("artworks.id", ondelete="CASCADE"), primary_key=True
    )
    fingerprint: Mapped[str] = mapped_column(primary_key=True)  # the bundle's
    stamp: Mapped[str]  # digest of all else that the answer hangs on
    matches: Mapped[list[list[Any]]] = mapped_column(JSON)  # as `AnswerRepository.keep` puts them


class ChangeRow(Base):
    """What became of a poem or a work, whoever changed it; see `kiosk.store.history`."""

    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint("kind IN ('poem', 'artwork')", name="kind"),
        Index("ix_changes_kind_subject_id", "kind", "subject_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]  # of a table that `kind` names; the row may be gone
    before: Mapped[dict[str, Any]] = mapped_column(JSON)  # the fields that differ, as they were
    after: Mapped[dict[str, Any]] = mapped_column(JSON)  # and as they became
    at: Mapped[str]  # ISO 8601, UTC
    who: Mapped[str]
    why: Mapped[str]


class DecisionRow(Base):
    """What a docent decided about a poem: everywhere (no artwork) or for one work."""

    __tablename__ = "decisions"
    __table_args__ = (
        # SQL holds two NULLs to be different, hence an index of its own for "everywhere".
        Index("uq_decisions_artwork_id_poem_id", "artwork_id", "poem_id", unique=True),
        CheckConstraint("(kind = 'pin') = (position IS NOT NULL)", name="position"),
        CheckConstraint("kind IN ('pin', 'hide')", name="kind"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    artwork_id: Mapped[int | None] = mapped_column(ForeignKey("artworks.id", ondelete="CASCADE"))
    poem_id: Mapped[int] = mapped_column(ForeignKey("poems.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    position: Mapped[int | None]  # of a pin, from 1


Index(
    "uq_decisions_poem_id_everywhere",
    DecisionRow.poem_id,
    unique=True,
    sqlite_where=DecisionRow.artwork_id.is_(None),
    postgresql_where=DecisionRow.artwork_id.is_(None),
)


class ImportRow(Base):
    """One import: who brought which file when, how far it came, what became of its rows."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("kind IN ('poems', 'artworks')", name="kind"),
        CheckConstraint("state IN ('running', 'done', 'undoing', 'undone')", name="state"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]  # the file or folder, as it was named
    digest: Mapped[str]  # of its bytes; the same again goes on where it stopped
    who: Mapped[str]
    begun: Mapped[str]  # ISO 8601, UTC
    ended: Mapped[str | None]
    state: Mapped[str]
    total: Mapped[int]  # rows in all
    done: Mapped[int]  # rows behind us
    added: Mapped[int]
    changed: Mapped[int]
    skipped: Mapped[int]
    refused: Mapped[int]


class ImportEntryRow(Base):
    """One thing that an import did, and what it takes to undo it."""

    __tablename__ = "import_entries"
    __table_args__ = (
        CheckConstraint("action IN ('added', 'changed')", name="action"),
        CheckConstraint("subject IN ('poem', 'artwork', 'poet')", name="subject"),
        Index("ix_import_entries_subject_subject_id", "subject", "subject_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    place: Mapped[str]  # the row: "row 3"
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]  # of a table that `subject` names; the row may be gone
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    stamp: Mapped[str]  # digest of what the import left there; another one: edited since
