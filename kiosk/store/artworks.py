"""The museum's own works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from kiosk.store.errors import StoreError
from kiosk.store.normal import identity_digest, search_key
from kiosk.store.records import Artwork, ArtworkDraft
from kiosk.store.sessions import Sessions
from kiosk.store.tables import ArtworkRow

# The repository has a method `list`, which would hide the type inside the class.
ArtworkList = list[Artwork]


class ArtworkRepository:
    """Works that visitors can choose by list or by the number on the wall label."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def add(self, draft: ArtworkDraft) -> int:
        """Add a work; its id.

        Raises `StoreError` if the store has it already, or if another work has its number.
        """
        with self._sessions.writing() as session:
            present = _find_duplicate(session, draft)
            if present is not None:
                raise StoreError(f"This work is in the store already, with the id {present}.")
            holder = _find_number(session, draft.number)
            if holder is not None:
                raise StoreError(f"The number {draft.number} belongs to “{holder.title}” already.")
            return session.execute(
                insert(ArtworkRow).returning(ArtworkRow.id),
                {
                    "number": draft.number,
                    "number_key": number_key(draft.number),
                    "title": draft.title,
                    "artist": draft.artist,
                    "date": draft.date,
                    "image": draft.image,
                    "description": draft.description,
                    "language": draft.language,
                    "room": draft.room,
                    "extra": dict(draft.extra),
                    "source": draft.source,
                    "licence": draft.licence,
                    "rights_holder": draft.rights_holder,
                    "search_key": search_key(
                        f"{draft.number or ''} {draft.title} {draft.artist} {draft.room}"
                    ),
                    "identity": _identity(draft),
                },
            ).scalar_one()

    def duplicate_of(self, draft: ArtworkDraft) -> int | None:
        """The id of the work that this is, or None.

        The same title, artist and date; where both have a number the same number, and where both
        have a picture and neither has a number the same picture ("Untitled" is many works).
        """
        with self._sessions.reading() as session:
            return _find_duplicate(session, draft)

    def get(self, artwork_id: int) -> Artwork | None:
        """The work with this id, or None."""
        with self._sessions.reading() as session:
            row = session.execute(_WORKS.where(ArtworkRow.id == artwork_id)).one_or_none()
        return None if row is None else _artwork(row)

    def by_number(self, number: str) -> Artwork | None:
        """The work with this number on its wall label; blanks and capitals do not matter."""
        with self._sessions.reading() as session:
            return _find_number(session, number)

    def list(self, search: str = "", *, limit: int | None = None, offset: int = 0) -> ArtworkList:
        """Works as they came in; with `search`, those that have all its words.

        Number, title, artist and room are searched; capitals and accents do not matter.
        """
        query = _WORKS.where(*_wanted(search)).order_by(ArtworkRow.id).limit(limit).offset(offset)
        with self._sessions.reading() as session:
            return [_artwork(row) for row in session.execute(query)]

    def count(self, search: str = "") -> int:
        """How many works there are, or how many `search` finds."""
        with self._sessions.reading() as session:
            query = select(func.count()).select_from(ArtworkRow).where(*_wanted(search))
            return session.execute(query).scalar_one()

    def delete(self, artwork_id: int) -> bool:
        """Remove a work and what was decided for it; False if there was none.

        Its picture file stays: another work may show the same one.
        """
        with self._sessions.writing() as session:
            gone = session.execute(
                delete(ArtworkRow).where(ArtworkRow.id == artwork_id).returning(ArtworkRow.id)
            )
            return gone.first() is not None


def number_key(number: str | None) -> str | None:
    """A label's number as it is compared; None for an empty one."""
    key = "".join((number or "").split()).casefold()
    return key or None


_COLUMNS = tuple(field.name for field in fields(Artwork))  # the table has them by these names
_WORKS: Select[*tuple[object, ...]] = select(*(getattr(ArtworkRow, name) for name in _COLUMNS))


def _artwork(row: Row[*tuple[object, ...]]) -> Artwork:
    return Artwork(**row._mapping)


def _wanted(search: str) -> Sequence[ColumnElement[bool]]:
    words = search_key(search).split()
    return [ArtworkRow.search_key.contains(word, autoescape=True) for word in words]


def _identity(draft: ArtworkDraft) -> str:
    return identity_digest(draft.title, draft.artist, draft.date)


def _find_number(session: Session, number: str | None) -> Artwork | None:
    key = number_key(number)
    if key is None:
        return None
    row = session.execute(_WORKS.where(ArtworkRow.number_key == key)).one_or_none()
    return None if row is None else _artwork(row)


def _find_duplicate(session: Session, draft: ArtworkDraft) -> int | None:
    query = _WORKS.where(ArtworkRow.identity == _identity(draft)).order_by(ArtworkRow.id)
    for work in map(_artwork, session.execute(query)):
        numbers = {number_key(work.number), number_key(draft.number)}
        if None not in numbers:
            if len(numbers) == 1:
                return work.id
        elif work.image is None or draft.image is None or work.image == draft.image:
            return work.id
    return None
