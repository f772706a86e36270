"""What was imported, when and by whom, and what each import did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from kiosk.store.errors import StoreError
from kiosk.store.import_records import (
    Counts,
    Deed,
    ImportKind,
    ImportRecord,
    ImportState,
    Obstacle,
    Subject,
    UndoStep,
)
from kiosk.store.recording import record_columns
from kiosk.store.records import Kind
from kiosk.store.sessions import IDS_AT_ONCE, Sessions, in_chunks
from kiosk.store.tables import ImportEntryRow, ImportRow
from kiosk.store.undoing import deed_of, obstacles, shown, stamps, undo_entries

AT_ONCE = 250  # deeds undone in one transaction
ImportList = list[ImportRecord]  # the repository has a method `list`
Found = TypeVar("Found")


class ImportRepository:
    """The journal of imports. Who writes what an import brings writes its deeds along with it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def begin(
        self, kind: ImportKind, source: str, digest: str, total: int, who: str
    ) -> ImportRecord:
        """A new import of so many rows."""
        with self._sessions.writing() as session:
            number = session.execute(
                insert(ImportRow).returning(ImportRow.id),
                {
                    "kind": kind,
                    "source": source,
                    "digest": digest,
                    "who": who,
                    "begun": _now(),
                    "ended": None,
                    "state": ImportState.RUNNING,
                    "total": total,
                    "done": 0,
                    "added": 0,
                    "changed": 0,
                    "skipped": 0,
                    "refused": 0,
                },
            ).scalar_one()
            return _get(session, number)

    def unfinished(self, kind: ImportKind, digest: str) -> ImportRecord | None:
        """The import of these very bytes that stopped on its way, or None."""
        query = (
            select(ImportRow)
            .where(
                ImportRow.kind == kind,
                ImportRow.digest == digest,
                ImportRow.state == ImportState.RUNNING,
            )
            .order_by(ImportRow.id.desc())
            .limit(1)
        )
        with self._sessions.reading() as session:
            row = session.scalar(query)
            return None if row is None else _record(row)

    def half_undone(self) -> ImportList:
        """The imports that stopped on their way back."""
        return [one for one in self.list() if one.state is ImportState.UNDOING]

    def keep(self, number: int, deeds: Sequence[Deed], counts: Counts) -> None:
        """Write down what a batch of rows did, in the transaction that does it.

        Counts of a batch that is behind us already (an import that goes on) change nothing.
        """
        with self._sessions.writing() as session:
            marks = {
                subject: stamps(
                    session, subject, [d.subject_id for d in deeds if d.subject == subject]
                )
                for subject in {deed.subject for deed in deeds}
            }
            if deeds:
                session.execute(
                    insert(ImportEntryRow),
                    [
                        {
                            "import_id": number,
                            "place": deed.place,
                            "action": deed.action,
                            "subject": deed.subject,
                            "subject_id": deed.subject_id,
                            "before": None if deed.before is None else dict(deed.before),
                            "stamp": marks[deed.subject][deed.subject_id],
                        }
                        for deed in deeds
                    ],
                )
            _keep_history(session, number, deeds)
            session.execute(
                update(ImportRow)
                .where(ImportRow.id == number, ImportRow.done <= counts.done)
                .values(_columns(counts))
            )

    def finish(self, number: int) -> None:
        """All rows are behind us."""
        with self._sessions.writing() as session:
            _set_state(session, number, ImportState.DONE)

    def forget(self, number: int) -> None:
        """Remove the record of an import of which nothing is left."""
        with self._sessions.writing() as session:
            session.execute(delete(ImportRow).where(ImportRow.id == number))

    def rewind(self, number: int, counts: Counts) -> None:
        """The import is again as far as it was; what came after has been undone."""
        with self._sessions.writing() as session:
            session.execute(
                update(ImportRow)
                .where(ImportRow.id == number)
                .values(**_columns(counts), state=ImportState.RUNNING, ended=None)
            )

    def get(self, number: int) -> ImportRecord | None:
        """The import with this number, or None."""
        with self._sessions.reading() as session:
            row = session.get(ImportRow, number)
            return None if row is None else _record(row)

    def list(self) -> ImportList:
        """All imports, the first one first."""
        with self._sessions.reading() as session:
            rows = session.scalars(select(ImportRow).order_by(ImportRow.id))
            return [_record(row) for row in rows]

    def deeds(self, number: int) -> Iterator[Deed]:
        """What an import did and has not been undone, in that order."""
        yield from self._walk(
            number, lambda _session, entries: [deed_of(entry) for entry in entries]
        )

    def done_with(self, number: int, subject: Subject, ids: Sequence[int]) -> dict[int, Deed]:
        """What this import did with these things, by their ids."""
        found: dict[int, Deed] = {}
        with self._sessions.reading() as session:
            for some in in_chunks(ids, IDS_AT_ONCE):
                query = select(ImportEntryRow).where(
                    ImportEntryRow.import_id == number,
                    ImportEntryRow.subject == subject,
                    ImportEntryRow.subject_id.in_(some),
                )
                for entry in session.scalars(query):
                    found.setdefault(entry.subject_id, deed_of(entry))
        return found

    def last_deed(self, number: int) -> int:
        """The id of the newest deed; what is done later has a larger one."""
        query = select(func.max(ImportEntryRow.id)).where(ImportEntryRow.import_id == number)
        with self._sessions.reading() as session:
            return session.scalar(query) or 0

    def obstacles(self, number: int) -> Iterator[Obstacle]:
        """What hangs on this import, so that it cannot be undone as a whole."""
        yield from self._walk(
            number, lambda session, entries: list(obstacles(session, entries).values())
        )

    def _walk(
        self, number: int, look: Callable[[Session, Sequence[ImportEntryRow]], Sequence[Found]]
    ) -> Iterator[Found]:
        """What `look` finds in the entries of an import, some hundreds at a time."""
        after = 0
        while True:
            query = (
                select(ImportEntryRow)
                .where(ImportEntryRow.import_id == number, ImportEntryRow.id > after)
                .order_by(ImportEntryRow.id)
                .limit(IDS_AT_ONCE)
            )
            with self._sessions.reading() as session:
                entries = session.scalars(query).all()
                if not entries:
                    return
                after = entries[-1].id
                found = look(session, entries)
            yield from found

    def undo_step(
        self,
        number: int,
        note: Callable[[Sequence[str]], object],
        *,
        after: int = 0,
        cursor: int | None = None,
    ) -> UndoStep:
        """Undo the last deeds before `cursor` (at first None) that came after the deed `after`.

        One transaction; before it ends, `note` is told the pictures that nothing shows after it.
        Deeds that something hangs on are left and told. Raises `StoreError` if there is no such
        import, or nothing to undo.
        """
        with self._sessions.writing() as session:
            record = _get(session, number)
            if record.state is ImportState.UNDONE:
                raise StoreError(f"Import {number} was undone already.")
            query = select(ImportEntryRow).where(
                ImportEntryRow.import_id == number, ImportEntryRow.id > after
            )
            if cursor is not None:
                query = query.where(ImportEntryRow.id < cursor)
            entries = session.scalars(query.order_by(ImportEntryRow.id.desc()).limit(AT_ONCE)).all()
            if not entries:
                return UndoStep(0, cursor or 0)
            _set_state(session, number, ImportState.UNDOING)
            first = entries[-1].id
            spared = obstacles(session, entries)
            pictures = undo_entries(session, [e for e in entries if e.id not in spared])
            note(pictures)
            return UndoStep(len(entries), first, tuple(spared.values()), pictures)

    def unshown(self, pictures: Iterable[str]) -> tuple[str, ...]:
        """Those of these that no work shows, nor would if an import were undone."""
        found = set(pictures)
        with self._sessions.reading() as session:
            return tuple(sorted(found - shown(session, found)))

    def undone(self, number: int) -> None:
        """Everything that could be undone has been."""
        with self._sessions.writing() as session:
            _set_state(session, number, ImportState.UNDONE)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _keep_history(session: Session, number: int, deeds: Sequence[Deed]) -> None:
    """What an import changes is an edit as well. Years of a poet are nobody's own."""
    who = session.scalar(select(ImportRow.who).where(ImportRow.id == number)) or ""
    for kind in Kind:
        changed = [
            (deed.subject_id, deed.before)
            for deed in deeds
            if deed.before is not None and deed.subject == str(kind)
        ]
        record_columns(session, kind, changed, who, f"import {number}")


def _set_state(session: Session, number: int, state: ImportState) -> None:
    ended = None if state is ImportState.RUNNING else _now()
    session.execute(
        update(ImportRow).where(ImportRow.id == number).values(state=state, ended=ended)
    )


def _get(session: Session, number: int) -> ImportRecord:
    row = session.get(ImportRow, number)
    if row is None:
        raise StoreError(
            f"There is no import {number}; `ekphrasis imports list` shows what there is."
        )
    return _record(row)


def _columns(counts: Counts) -> dict[str, int]:
    return {
        "done": counts.done,
        "added": counts.added,
        "changed": counts.changed,
        "skipped": counts.skipped,
        "refused": counts.refused,
    }


def _record(row: ImportRow) -> ImportRecord:
    return ImportRecord(
        id=row.id,
        kind=ImportKind(row.kind),
        source=row.source,
        digest=row.digest,
        who=row.who,
        begun=row.begun,
        ended=row.ended,
        state=ImportState(row.state),
        total=row.total,
        counts=Counts(row.done, row.added, row.changed, row.skipped, row.refused),
    )
