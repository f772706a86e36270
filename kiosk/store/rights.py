"""Who holds rights in what, and who said that it may be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update

from kiosk.store.changes import record_changes
from kiosk.store.errors import StoreError
from kiosk.store.records import Kind, RightsQuestion, RightsRecord
from kiosk.store.sessions import IDS_AT_ONCE, Sessions, in_chunks
from kiosk.store.tables import (
    ArtworkRow,
    ChangeRow,
    ImportEntryRow,
    ImportRow,
    PoemRow,
    PoetRow,
)
from kiosk.store.times import now

YEAR = re.compile(r"\s*(\d{1,4})\s*")
CONFIRMED = "rights confirmed"
TABLES: dict[Kind, type[PoemRow] | type[ArtworkRow]] = {
    Kind.POEM: PoemRow,
    Kind.ARTWORK: ArtworkRow,
}


class RightsRepository:
    """What is known of the rights in poems and pictures; whether they are held back is judged
    elsewhere (`kiosk.rights`)."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def records(self, kind: Kind, ids: Sequence[int] | None = None) -> list[RightsRecord]:
        """All of a kind by id, or those with these ids; ids that are gone are left out."""
        query, record = _QUERIES[kind]
        column = TABLES[kind].id
        with self._sessions.reading() as session:
            if ids is None:
                return [record(row) for row in session.execute(query.order_by(column))]
            found: list[RightsRecord] = []
            for some in in_chunks(sorted(set(ids)), IDS_AT_ONCE):
                rows = session.execute(query.where(column.in_(some)).order_by(column))
                found += map(record, rows)
            return found

    def licences(self, kind: Kind) -> list[str]:
        """Every licence that something of a kind has, each once."""
        with self._sessions.reading() as session:
            return list(session.scalars(select(TABLES[kind].licence).distinct()))

    def asked(self, kind: Kind, question: RightsQuestion) -> list[RightsRecord]:
        """Those of a kind that the question is about, in no order.

        All else is left in the database: a large collection has few of them.
        """
        query, record = _QUERIES[kind]
        table = TABLES[kind]
        query = query.where(table.confirmed_by.in_(question.confirmed_by))
        conditions: list[ColumnElement[bool]] = []
        if question.silent:
            columns = (table.source, table.licence, table.rights_holder)
            said = (func.lower(func.trim(one)).in_(question.silent) for one in columns)
            conditions.append(and_(*said))
        if question.died_from is not None and table is PoemRow:
            conditions += [
                PoetRow.died.is_(None),
                PoetRow.died >= question.died_from,
                *(column.is_not(None) for column in _TRANSLATED),
            ]
        some = list(in_chunks(question.licences, IDS_AT_ONCE)) or [()]
        found: dict[int, RightsRecord] = {}
        with self._sessions.reading() as session:
            for licences in some:
                any_of = [*conditions, table.licence.in_(licences)]
                for row in session.execute(query.where(or_(*any_of))):
                    found[row.id] = record(row)
        return list(found.values())

    def of_import(self, import_id: int) -> dict[Kind, list[int]]:
        """What an import added and is still there. Raises `StoreError` for an unknown import."""
        found: dict[Kind, list[int]] = {}
        with self._sessions.reading() as session:
            if session.scalar(select(ImportRow.id).where(ImportRow.id == import_id)) is None:
                raise StoreError(f"There is no import {import_id}; `ekphrasis imports` lists them.")
            for kind, table in TABLES.items():
                query = (
                    select(table.id)
                    .join(ImportEntryRow, ImportEntryRow.subject_id == table.id)
                    .where(
                        ImportEntryRow.import_id == import_id,
                        ImportEntryRow.subject == str(kind),
                        ImportEntryRow.action == "added",
                    )
                    .order_by(table.id)
                )
                found[kind] = list(session.scalars(query))
        return found

    def confirm(self, kind: Kind, ids: Sequence[int], by: str, licence: str = "") -> None:
        """Write down that `by` says these may be used, under `licence` where one is given.

        Raises `StoreError` if one of them does not exist; then nothing was changed.
        """
        table = TABLES[kind]
        wanted = sorted(set(ids))
        values: dict[str, Any] = {"confirmed_by": by, "confirmed_at": now()}
        if licence:
            values["licence"] = licence
        columns = [getattr(table, name) for name in values]
        with self._sessions.writing() as session:
            for some in in_chunks(wanted, IDS_AT_ONCE):
                there = set(session.scalars(select(table.id).where(table.id.in_(some))))
                if missing := sorted(set(some) - there):
                    raise StoreError(
                        f"There is no {kind} {missing[0]}; nothing was confirmed. "
                        f"`ekphrasis rights list` shows what there is."
                    )
            for some in in_chunks(wanted, IDS_AT_ONCE):
                rows = session.execute(
                    select(table.id, *columns).where(table.id.in_(some)).order_by(table.id)
                ).all()
                session.execute(update(table).where(table.id.in_(some)).values(values))
                changes = [
                    (row.id, {name: getattr(row, name) for name in values}, values) for row in rows
                ]
                record_changes(session, kind, changes, by, CONFIRMED)

    def state(self) -> tuple[object, ...]:
        """Changes whenever what is known of the rights may have; costs a few looks at an index."""
        state: list[object] = []
        with self._sessions.reading() as session:
            for table in (PoemRow, ArtworkRow):
                query = select(
                    func.count(table.id),
                    func.max(table.id),
                    func.count(table.confirmed_at),
                    func.max(table.confirmed_at),
                )
                state += session.execute(query).one()
            imports = select(  # they may fill in what was not known of the rights
                func.count(), func.max(ImportRow.ended), func.sum(ImportRow.done)
            ).select_from(ImportRow)
            state += session.execute(imports).one()
            state.append(session.scalar(select(func.max(ChangeRow.id))))
        return tuple(state)


_TRANSLATED = (
    PoemRow.extra["translator"].as_string(),
    PoemRow.extra["translator-died"].as_string(),
)
_POEMS: Select[*tuple[object, ...]] = select(
    PoemRow.id,
    PoemRow.title,
    PoetRow.name,
    PoetRow.died,
    PoemRow.source,
    PoemRow.licence,
    PoemRow.rights_holder,
    PoemRow.confirmed_by,
    PoemRow.confirmed_at,
    _TRANSLATED[0].label("translator"),
    _TRANSLATED[1].label("translator_died"),
).join(PoetRow, PoetRow.id == PoemRow.poet_id)

_ARTWORKS: Select[*tuple[object, ...]] = select(
    ArtworkRow.id,
    ArtworkRow.title,
    ArtworkRow.artist,
    ArtworkRow.source,
    ArtworkRow.licence,
    ArtworkRow.rights_holder,
    ArtworkRow.confirmed_by,
    ArtworkRow.confirmed_at,
)


def _of_poem(row: Row[*tuple[object, ...]]) -> RightsRecord:
    deaths: tuple[int | None, ...] = (row.died,)
    if row.translator or row.translator_died:
        year = YEAR.fullmatch(row.translator_died or "")
        deaths = (row.died, int(year[1]) if year else None)
    return RightsRecord(
        Kind.POEM,
        row.id,
        row.title,
        row.name,
        row.source,
        row.licence,
        row.rights_holder,
        deaths,
        row.confirmed_by,
        row.confirmed_at,
    )


def _of_artwork(row: Row[*tuple[object, ...]]) -> RightsRecord:
    return RightsRecord(
        Kind.ARTWORK,
        row.id,
        row.title,
        row.artist,
        row.source,
        row.licence,
        row.rights_holder,
        (),
        row.confirmed_by,
        row.confirmed_at,
    )


_QUERIES = {Kind.POEM: (_POEMS, _of_poem), Kind.ARTWORK: (_ARTWORKS, _of_artwork)}
