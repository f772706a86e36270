"""What poems and works were, who changed them, when and why; and how they are changed.

1. What somebody can change of a poem or a work is its *state*: one mapping of names to values, with
   each of the other columns under its own name (`extra.gloss`).
2. A change writes the fields that differ, and keeps what they were and what they became.
3. So an earlier state is today's, walked back through all later changes. Going back is a change as
   well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk.store.artwork_state import change_artwork_state, read_artwork_state
from kiosk.store.changes import record_changes
from kiosk.store.errors import StoreError
from kiosk.store.poem_state import change_poem_state, read_poem_state
from kiosk.store.records import Change, Kind, PassageCut
from kiosk.store.sessions import Sessions
from kiosk.store.tables import ChangeRow

State = dict[str, Any]
Cut = Callable[[str], Sequence[PassageCut]]


class HistoryRepository:
    """Changes, and states of before."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def state(self, kind: Kind, subject_id: int) -> State | None:
        """What it is now; None where there is none."""
        with self._sessions.reading() as session:
            return _state(session, kind, subject_id)

    def change(
        self,
        kind: Kind,
        subject_id: int,
        wanted: Mapping[str, Any],
        *,
        who: str,
        why: str = "",
        cut: Cut,
    ) -> Change | None:
        """Give these fields these values; None where that changes nothing.

        A field `extra.NAME` that becomes None is taken away. `cut` tells the passages of a text.
        Raises `StoreError` where there is nothing of this id, and where it would become the same as
        another one; then nothing was changed.
        """
        with self._sessions.writing() as session:
            state = _state(session, kind, subject_id)
            if state is None:
                raise StoreError(f"There is no {kind} {subject_id} any more.")
            after = {name: value for name, value in wanted.items() if state.get(name) != value}
            if not after:
                return None
            before = {name: state.get(name) for name in after}
            if kind is Kind.POEM:
                change_poem_state(session, subject_id, state, after, cut)
            else:
                change_artwork_state(session, subject_id, state, after)
            (number,) = record_changes(session, kind, [(subject_id, before, after)], who, why)
            return _get(session, number)

    def of(self, kind: Kind, subject_id: int) -> list[Change]:
        """All changes of one poem or work, the first one first."""
        query = (
            select(ChangeRow)
            .where(ChangeRow.kind == str(kind), ChangeRow.subject_id == subject_id)
            .order_by(ChangeRow.id)
        )
        with self._sessions.reading() as session:
            return [_change(row) for row in session.scalars(query)]

    def get(self, number: int) -> Change | None:
        """The change of this number, or None."""
        with self._sessions.reading() as session:
            return _get(session, number)

    def state_at(self, change: Change, *, before: bool = False) -> State | None:
        """The state right after a change, or right before it; None where its subject is gone.

        Fields `extra.NAME` that were not there then are None.
        """
        with self._sessions.reading() as session:
            state = _state(session, change.kind, change.subject_id)
            if state is None:
                return None
            query = (
                select(ChangeRow)
                .where(
                    ChangeRow.kind == str(change.kind),
                    ChangeRow.subject_id == change.subject_id,
                    ChangeRow.id >= change.id if before else ChangeRow.id > change.id,
                )
                .order_by(ChangeRow.id.desc())
            )
            for row in session.scalars(query):
                state |= row.before
            return state


def _state(session: Session, kind: Kind, subject_id: int) -> State | None:
    read = read_poem_state if kind is Kind.POEM else read_artwork_state
    return read(session, subject_id)


def _get(session: Session, number: int) -> Change | None:
    row = session.get(ChangeRow, number)
    return None if row is None else _change(row)


def _change(row: ChangeRow) -> Change:
    return Change(
        row.id,
        Kind(row.kind),
        row.subject_id,
        dict(row.before),
        dict(row.after),
        row.at,
        row.who,
        row.why,
    )
