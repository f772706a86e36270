"""The museum's own works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Protocol

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from kiosk.store import full_text
from kiosk.store.errors import StoreError
from kiosk.store.normal import identity_digest, search_key
from kiosk.store.records import Artwork, ArtworkDraft, FoundArtwork
from kiosk.store.sessions import IDS_AT_ONCE, Sessions, in_chunks
from kiosk.store.tables import ArtworkRow
from kiosk.store.wanted import read_phrases, snippet

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
                _derived(_written(draft)),
            ).scalar_one()

    def change(self, artwork_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give some of its columns (`title`, `room`, …) other values; the earlier ones.

        Raises `StoreError` if another work has the number.
        """
        with self._sessions.writing() as session:
            return change_artwork(session, artwork_id, values)

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
        """Works as they came in; with `search`, those that have all its words, the best first.

        Number, title, artist, room and description are searched, see `kiosk.store.full_text`.
        """
        if search.strip():
            return [found.artwork for found in self.search(search, limit=limit, offset=offset)]
        query = _WORKS.order_by(ArtworkRow.id).limit(limit).offset(offset)
        with self._sessions.reading() as session:
            return [_artwork(row) for row in session.execute(query)]

    def search(
        self, words: str, *, limit: int | None = None, offset: int = 0
    ) -> Sequence[FoundArtwork]:
        """The works that have all these words in what is known of them, the best first."""
        works: dict[int, Artwork] = {}
        with self._sessions.sharing(writes=False), self._sessions.reading() as session:
            ids = full_text.find(session, full_text.ARTWORK_WORDS, words, limit, offset)
            for some in in_chunks(ids, IDS_AT_ONCE):
                for row in session.execute(_WORKS.where(ArtworkRow.id.in_(some))):
                    works[row.id] = _artwork(row)
        phrases = read_phrases(words)
        return [FoundArtwork(works[i], snippet(works[i].description, phrases)) for i in ids]

    def count(self, search: str = "") -> int:
        """How many works there are, or how many `search` finds."""
        with self._sessions.reading() as session:
            if search.strip():
                return full_text.count(session, full_text.ARTWORK_WORDS, search)
            return session.execute(select(func.count()).select_from(ArtworkRow)).scalar_one()

    def delete(self, artwork_id: int) -> bool:
        """Remove a work and what was decided for it; False if there was none.

        Its picture file stays: another work may show the same one.
        """
        with self._sessions.writing() as session:
            gone = session.execute(
                delete(ArtworkRow).where(ArtworkRow.id == artwork_id).returning(ArtworkRow.id)
            )
            return gone.first() is not None


def change_artwork(session: Session, artwork_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """As `ArtworkRepository.change`, within a session that somebody else commits."""
    work = session.execute(_WORKS.where(ArtworkRow.id == artwork_id)).one()._mapping
    holder = _find_number(session, values.get("number"))
    if holder is not None and holder.id != artwork_id:
        raise StoreError(f"The number {values['number']} belongs to “{holder.title}” already.")
    whole = {name: work[name] for name in _COLUMNS if name != "id"} | dict(values)
    session.execute(update(ArtworkRow).where(ArtworkRow.id == artwork_id).values(_derived(whole)))
    return {name: work[name] for name in values}


class Labelled(Protocol):
    """What works of the same title, artist and date are told apart by."""

    @property
    def number(self) -> str | None:
        """As on the wall label."""
        ...

    @property
    def image(self) -> str | None:
        """The picture's file."""
        ...


def same_work(one: Labelled, other: Labelled) -> bool:
    """Whether two works of the same title, artist and date are the same (see `duplicate_of`)."""
    numbers = {number_key(one.number), number_key(other.number)}
    if None not in numbers:
        return len(numbers) == 1
    return one.image is None or other.image is None or one.image == other.image


def number_key(number: str | None) -> str | None:
    """A label's number as it is compared; None for an empty one."""
    key = "".join((number or "").split()).casefold()
    return key or None


_COLUMNS = tuple(field.name for field in fields(Artwork))  # the table has them by these names
_WORKS: Select[*tuple[object, ...]] = select(*(getattr(ArtworkRow, name) for name in _COLUMNS))


def _artwork(row: Row[*tuple[object, ...]]) -> Artwork:
    return Artwork(**row._mapping)


def _written(draft: ArtworkDraft) -> dict[str, Any]:
    return {field.name: getattr(draft, field.name) for field in fields(ArtworkDraft)}


def _derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a work, from those that people see."""
    number, title, artist = values["number"], values["title"], values["artist"]
    return {
        **values,
        "extra": dict(values["extra"]),
        "number_key": number_key(number),
        "search_key": search_key(f"{number or ''} {title} {artist} {values['room']}"),
        "identity": identity_digest(title, artist, values["date"]),
    }


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
        if same_work(draft, work):
            return work.id
    return None
