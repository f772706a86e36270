"""What imports change of what is there already is kept in the history, like any edit by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kiosk.store.artwork_state import read_artwork_state
from kiosk.store.changes import record_changes
from kiosk.store.extra_fields import EXTRA, spread
from kiosk.store.poem_state import read_poem_state
from kiosk.store.records import Kind

Columns = Mapping[str, Any]  # of a table, as they were


def record_columns(
    session: Session, kind: Kind, changed: Sequence[tuple[int, Columns]], who: str, why: str
) -> None:
    """Keep what was just changed: (id, the columns as they were), in the order of the changes.

    What they became is read from the store, so call it in the transaction that changed them.
    """
    read = read_poem_state if kind is Kind.POEM else read_artwork_state
    after: dict[int, dict[str, Any]] = {}
    kept: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
    for subject_id, columns in reversed(changed):
        if subject_id not in after:
            state = read(session, subject_id)
            if state is None:
                continue
            after[subject_id] = state
        became = after[subject_id]
        was = _earlier(became, columns)
        names = [name for name in {**was, **became} if was.get(name) != became.get(name)]
        if names:
            kept.append(
                (
                    subject_id,
                    {name: was.get(name) for name in names},
                    {name: became.get(name) for name in names},
                )
            )
        after[subject_id] = was
    record_changes(session, kind, reversed(kept), who, why)


def _earlier(state: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """The state before: some columns had other values."""
    was = dict(state)
    for name, value in columns.items():
        if name == EXTRA.rstrip("."):
            was = {key: one for key, one in was.items() if not key.startswith(EXTRA)}
            was |= spread(value or {})
        elif name in was:
            was[name] = value
    return was
