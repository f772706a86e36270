"""What docents decided: poems that come first, and poems that never come."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from engine.types import Curation
from kiosk.store.errors import StoreError
from kiosk.store.sessions import Sessions
from kiosk.store.tables import ArtworkRow, DecisionRow, PoemRow


class CurationRepository:
    """Pins and hidings. Without an artwork (None) a decision holds everywhere.

    In one place a poem is pinned, or hidden, or neither: the later decision takes the place of
    the earlier one.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def pin(self, artwork_id: int | None, poem_id: int, position: int | None = None) -> None:
        """Let a poem come first; at `position` among the pins (from 1), or as the last of them.

        Raises `StoreError` if there is no such poem or work.
        """
        with self._sessions.writing() as session:
            _must_exist(session, artwork_id, poem_id)
            _forget(session, artwork_id, poem_id)
            order = _pinned(session, artwork_id)
            place = len(order) if position is None else max(0, position - 1)
            order.insert(place, poem_id)
            session.execute(
                insert(DecisionRow),
                {"artwork_id": artwork_id, "poem_id": poem_id, "kind": "pin", "position": 0},
            )
            _number(session, artwork_id, order)

    def hide(self, artwork_id: int | None, poem_id: int) -> None:
        """Let a poem never come, for one work or everywhere.

        Raises `StoreError` if there is no such poem or work.
        """
        with self._sessions.writing() as session:
            _must_exist(session, artwork_id, poem_id)
            _forget(session, artwork_id, poem_id)
            session.execute(
                insert(DecisionRow),
                {"artwork_id": artwork_id, "poem_id": poem_id, "kind": "hide", "position": None},
            )

    def clear(self, artwork_id: int | None, poem_id: int | None = None) -> None:
        """Take back what was decided in this place about a poem, or about all."""
        with self._sessions.writing() as session:
            _forget(session, artwork_id, poem_id)

    def for_artwork(self, artwork_id: int | None) -> Curation:
        """What holds for a work, or (None) for a picture that is none of the collection's.

        The work's own pins in their order, then those for everywhere; hidden is what is hidden
        for the work or everywhere, and hiding is stronger than a pin.
        """
        with self._sessions.reading() as session:
            hidden = set(
                session.scalars(
                    select(DecisionRow.poem_id).where(
                        DecisionRow.kind == "hide",
                        _place(artwork_id) | DecisionRow.artwork_id.is_(None),
                    )
                )
            )
            pins = [] if artwork_id is None else _pinned(session, artwork_id)
            pins += _pinned(session, None)
        shown = dict.fromkeys(poem_id for poem_id in pins if poem_id not in hidden)
        return Curation(pinned=tuple(shown), hidden=frozenset(hidden))


def _place(artwork_id: int | None) -> ColumnElement[bool]:
    if artwork_id is None:
        return DecisionRow.artwork_id.is_(None)
    return DecisionRow.artwork_id == artwork_id


def _must_exist(session: Session, artwork_id: int | None, poem_id: int) -> None:
    if session.scalar(select(PoemRow.id).where(PoemRow.id == poem_id)) is None:
        raise StoreError(f"There is no poem with the id {poem_id}.")
    if artwork_id is None:
        return
    if session.scalar(select(ArtworkRow.id).where(ArtworkRow.id == artwork_id)) is None:
        raise StoreError(f"There is no artwork with the id {artwork_id}.")


def _pinned(session: Session, artwork_id: int | None) -> list[int]:
    query = select(DecisionRow.poem_id).where(DecisionRow.kind == "pin", _place(artwork_id))
    return list(session.scalars(query.order_by(DecisionRow.position, DecisionRow.id)))


def _forget(session: Session, artwork_id: int | None, poem_id: int | None) -> None:
    statement = delete(DecisionRow).where(_place(artwork_id))
    if poem_id is not None:
        statement = statement.where(DecisionRow.poem_id == poem_id)
    session.execute(statement)
    if poem_id is not None:
        _number(session, artwork_id, _pinned(session, artwork_id))


def _number(session: Session, artwork_id: int | None, order: list[int]) -> None:
    for position, poem_id in enumerate(order, start=1):
        session.execute(
            update(DecisionRow)
            .where(_place(artwork_id), DecisionRow.poem_id == poem_id)
            .values(position=position)
        )
