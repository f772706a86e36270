"""Undoing what an import did, deed by deed, within a session that somebody else commits.

1. A deed is undone only where nothing hangs on it: no docent's decision, no later import, no edit
   since. What does hang on it is told (`obstacles`), and the deed stays.
2. Deeds are undone from the last to the first: what was added is removed, what was changed gets
   its earlier values back.
3. Whether somebody edited a thing since is told by its stamp, a digest of what the import left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kiosk.store.artworks import change_artwork
from kiosk.store.import_records import Action, Deed, Obstacle, Subject
from kiosk.store.poem_writing import PASSAGES, change_poem, delete_poems
from kiosk.store.recording import record_columns
from kiosk.store.records import Kind, PassageCut
from kiosk.store.sessions import IDS_AT_ONCE, in_chunks
from kiosk.store.tables import ArtworkRow, DecisionRow, ImportEntryRow, PoemRow, PoetRow

TABLES: dict[Subject, type[PoemRow] | type[ArtworkRow] | type[PoetRow]] = {
    Subject.POEM: PoemRow,
    Subject.ARTWORK: ArtworkRow,
    Subject.POET: PoetRow,
}
DERIVED = {"id", "poet_id", "search_key", "identity", "number_key", "name_key"}
CONFIRMED = {"confirmed_by", "confirmed_at"}  # said of a thing by a person; it does not edit it


def stamps(session: Session, subject: Subject, ids: Sequence[int]) -> dict[int, str]:
    """A digest of what each of these holds now; those that are gone are left out.

    An empty column counts for nothing, so a column that a later schema adds changes no stamp.
    """
    table = TABLES[subject].__table__
    columns = [column for column in table.columns if column.name not in DERIVED | CONFIRMED]
    found: dict[int, str] = {}
    for some in in_chunks(ids, IDS_AT_ONCE):
        for row in session.execute(
            select(table.c.id.label("own_id"), *columns).where(table.c.id.in_(some))
        ):
            held = {column.name: row._mapping[column] for column in columns}
            whole = json.dumps({name: v for name, v in held.items() if v}, sort_keys=True)
            found[row.own_id] = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return found


def obstacles(session: Session, entries: Sequence[ImportEntryRow]) -> dict[int, Obstacle]:
    """What keeps these deeds of one import from being undone, by the entry's id."""
    found: dict[int, Obstacle] = {}
    for subject in (Subject.POEM, Subject.ARTWORK):
        mine = [entry for entry in entries if entry.subject == subject]
        ids = [entry.subject_id for entry in mine]
        now = stamps(session, subject, ids)
        titles = _titles(session, subject, ids)
        decided = _decided(session, subject, ids)
        later = _later_imports(session, subject, mine)
        for entry in mine:
            if entry.subject_id not in now:
                continue  # gone already
            reason = ""
            if entry.action == Action.ADDED and entry.subject_id in decided:
                reason = "a docent decided about it; take that back first"
            elif entry.subject_id in later:
                number = later[entry.subject_id]
                reason = f"import {number} changed it since; undo that first"
            elif now[entry.subject_id] != entry.stamp:
                reason = "it was edited since"
            if reason:
                found[entry.id] = Obstacle(deed_of(entry), titles[entry.subject_id], reason)
    return found


def undo_entries(session: Session, entries: Sequence[ImportEntryRow]) -> tuple[str, ...]:
    """Undo these deeds, the last of which comes first; the pictures that no work shows any more.

    What is gone already, and years of a poet that are others now, are passed over.
    """
    added = [entry for entry in entries if entry.action == Action.ADDED]
    pictures = _pictures(session, entries)
    delete_poems(session, [e.subject_id for e in added if e.subject == Subject.POEM])
    works = [e.subject_id for e in added if e.subject == Subject.ARTWORK]
    for some in in_chunks(works, IDS_AT_ONCE):
        session.execute(delete(ArtworkRow).where(ArtworkRow.id.in_(some)))
    for entry in entries:
        if entry.action == Action.CHANGED:
            _restore(session, entry)
    for some in in_chunks([entry.id for entry in entries], IDS_AT_ONCE):
        session.execute(delete(ImportEntryRow).where(ImportEntryRow.id.in_(some)))
    return tuple(sorted(pictures - shown(session, pictures)))


def deed_of(entry: ImportEntryRow) -> Deed:
    """The entry as others see it."""
    return Deed(
        entry.place,
        Action(entry.action),
        Subject(entry.subject),
        entry.subject_id,
        entry.before,
    )


def _restore(session: Session, entry: ImportEntryRow) -> None:
    subject = Subject(entry.subject)
    now = stamps(session, subject, [entry.subject_id]).get(entry.subject_id)
    before: dict[str, Any] = dict(entry.before or {})
    if now != entry.stamp:
        return
    if subject == Subject.POET:
        session.execute(update(PoetRow).where(PoetRow.id == entry.subject_id).values(before))
        return
    if subject == Subject.ARTWORK:
        was = change_artwork(session, entry.subject_id, before)
    else:
        passages = before.pop(PASSAGES, None)
        cuts = None if passages is None else [PassageCut(*one) for one in passages]
        was = change_poem(session, entry.subject_id, before, cuts)
    undone = f"import {entry.import_id} undone"
    record_columns(session, Kind(str(subject)), [(entry.subject_id, was)], "", undone)


def _titles(session: Session, subject: Subject, ids: Sequence[int]) -> dict[int, str]:
    table = PoemRow if subject == Subject.POEM else ArtworkRow
    found: dict[int, str] = {}
    for some in in_chunks(ids, IDS_AT_ONCE):
        query = select(table.id, table.title).where(table.id.in_(some))
        found.update((row.id, row.title) for row in session.execute(query))
    return found


def _decided(session: Session, subject: Subject, ids: Sequence[int]) -> set[int]:
    column = DecisionRow.poem_id if subject == Subject.POEM else DecisionRow.artwork_id
    found: set[int] = set()
    for some in in_chunks(ids, IDS_AT_ONCE):
        query = select(column).where(column.in_(some))
        found.update(one for one in session.scalars(query) if one is not None)
    return found


def _later_imports(
    session: Session, subject: Subject, entries: Sequence[ImportEntryRow]
) -> dict[int, int]:
    """Which of these things a later import changed, and the number of the last that did."""
    found: dict[int, int] = {}
    if not entries:
        return found
    for some in in_chunks([entry.subject_id for entry in entries], IDS_AT_ONCE):
        query = (
            select(ImportEntryRow.subject_id, ImportEntryRow.import_id)
            .where(
                ImportEntryRow.subject == subject,
                ImportEntryRow.subject_id.in_(some),
                ImportEntryRow.import_id > entries[0].import_id,
            )
            .order_by(ImportEntryRow.import_id)
        )
        found.update((row.subject_id, row.import_id) for row in session.execute(query))
    return found


def _pictures(session: Session, entries: Sequence[ImportEntryRow]) -> set[str]:
    """The pictures that the works of these deeds show now."""
    works = [entry.subject_id for entry in entries if entry.subject == Subject.ARTWORK]
    found: set[str] = set()
    for some in in_chunks(works, IDS_AT_ONCE):
        query = select(ArtworkRow.image).where(ArtworkRow.id.in_(some))
        found.update(image for image in session.scalars(query) if image is not None)
    return found


def shown(session: Session, pictures: Iterable[str]) -> set[str]:
    """Those of these pictures that some work shows, or would if another import were undone."""
    earlier = ImportEntryRow.before["image"].as_string()
    found: set[str] = set()
    for some in in_chunks(sorted(pictures), IDS_AT_ONCE):
        for column in (ArtworkRow.image, earlier):
            query = select(column).where(column.in_(some))
            found.update(image for image in session.scalars(query) if image is not None)
    return found
