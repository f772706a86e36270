"""Keeps what became of poems and works, within a session that somebody else commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kiosk.store.records import Kind
from kiosk.store.tables import ChangeRow
from kiosk.store.times import now


def record_changes(
    session: Session,
    kind: Kind,
    changes: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]],
    who: str,
    why: str,
) -> list[int]:
    """Keep what became of some subjects: (id, fields before, fields after). Their numbers."""
    moment = now()
    rows = [
        {
            "kind": str(kind),
            "subject_id": subject_id,
            "before": dict(before),
            "after": dict(after),
            "at": moment,
            "who": who,
            "why": why,
        }
        for subject_id, before, after in changes
    ]
    if not rows:
        return []
    statement = insert(ChangeRow).returning(ChangeRow.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))
