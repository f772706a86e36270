"""The token that tells caches of vectors that what they hold may be wrong."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from kiosk.store.tables import VectorSetRow


def new_revision() -> str:
    """Random, so that a store put back from a backup never looks like the one it replaced."""
    return uuid.uuid4().hex


def renew_revision(session: Session, set_ids: Select[int]) -> None:
    """Give each of these vector sets a new revision."""
    for set_id in session.scalars(
        select(VectorSetRow.id).where(VectorSetRow.id.in_(set_ids))
    ).all():
        session.execute(
            update(VectorSetRow).where(VectorSetRow.id == set_id).values(revision=new_revision())
        )
