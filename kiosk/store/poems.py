"""Poems, poets and passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.types import Passage
from kiosk.store.errors import StoreError
from kiosk.store.normal import identity_digest, identity_key, search_key
from kiosk.store.records import PassageCut, Poem, PoemDraft, Poet
from kiosk.store.sessions import IDS_AT_ONCE, Sessions, in_chunks
from kiosk.store.tables import PassageRow, PoemRow, PoetRow, VectorRow
from kiosk.store.vector_sets import renew_revision

# The repository has a method `list`, which would hide the type inside the class.
PassageList = list[Passage]
PoemList = list[Poem]


class PoemRepository:
    """Poems as the collection holds them; a `PassageSource` for the engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def add(self, draft: PoemDraft, passages: Sequence[PassageCut]) -> int:
        """Add a poem with the passages that it is found by; its id.

        Raises `ValueError` if the passages are not lines of the text, and `StoreError` if the
        store has this poem already (see `duplicate_of`).
        """
        lines = draft.text.split("\n")
        for cut in passages:
            if "\n".join(lines[cut.first_line : cut.end_line]) != cut.text:
                raise ValueError(f"passage at line {cut.first_line} is not in the poem")
        if not passages:
            raise ValueError("a poem without a passage would never be found")
        with self._sessions.writing() as session:
            present = _find_duplicate(session, draft)
            if present is not None:
                raise StoreError(f"This poem is in the store already, as number {present}.")
            poem_id = session.execute(
                insert(PoemRow).returning(PoemRow.id),
                {
                    "poet_id": _poet_id(session, draft),
                    "title": draft.title,
                    "text": draft.text,
                    "language": draft.language,
                    "source": draft.source,
                    "licence": draft.licence,
                    "rights_holder": draft.rights_holder,
                    "extra": dict(draft.extra),
                    "search_key": search_key(f"{draft.title} {draft.poet}"),
                    "identity": _identity(draft),
                },
            ).scalar_one()
            session.execute(
                insert(PassageRow),
                [
                    {"poem_id": poem_id, "first_line": cut.first_line, "text": cut.text}
                    for cut in sorted(passages, key=lambda cut: cut.first_line)
                ],
            )
            return poem_id

    def duplicate_of(self, draft: PoemDraft) -> int | None:
        """The id of the poem with the same poet, title and words, or None.

        Capitals, punctuation, accents' encoding and line breaks make no difference.
        """
        with self._sessions.reading() as session:
            return _find_duplicate(session, draft)

    def get(self, poem_id: int) -> Poem | None:
        """The poem with this id, or None."""
        with self._sessions.reading() as session:
            row = session.execute(_POEMS.where(PoemRow.id == poem_id)).one_or_none()
        return None if row is None else _poem(row)

    def get_many(self, poem_ids: Sequence[int]) -> PoemList:
        """The poems with these ids, in this order; those that are gone are left out."""
        found: dict[int, Poem] = {}
        with self._sessions.reading() as session:
            for some in in_chunks(poem_ids, IDS_AT_ONCE):
                for row in session.execute(_POEMS.where(PoemRow.id.in_(some))):
                    found[row.id] = _poem(row)
        return [found[i] for i in poem_ids if i in found]

    def list(self, search: str = "", *, limit: int | None = None, offset: int = 0) -> PoemList:
        """Poems by poet and title; with `search`, those whose title or poet has all its words.

        A word is found inside of words too; capitals and accents make no difference.
        """
        query = (
            _POEMS.where(*_wanted(search))
            .order_by(PoetRow.name_key, PoetRow.id, PoemRow.search_key, PoemRow.id)
            .limit(limit)
            .offset(offset)
        )
        with self._sessions.reading() as session:
            return [_poem(row) for row in session.execute(query)]

    def count(self, search: str = "") -> int:
        """How many poems there are, or how many `search` finds."""
        with self._sessions.reading() as session:
            query = select(func.count()).select_from(PoemRow).where(*_wanted(search))
            return session.execute(query).scalar_one()

    def delete(self, poem_id: int) -> bool:
        """Remove a poem with its passages, vectors and pins; False if there was none."""
        with self._sessions.writing() as session:
            poet_id = session.scalar(select(PoemRow.poet_id).where(PoemRow.id == poem_id))
            if poet_id is None:
                return False
            renew_revision(
                session,
                select(VectorRow.set_id)
                .join(PassageRow, PassageRow.id == VectorRow.passage_id)
                .where(PassageRow.poem_id == poem_id),
            )
            session.execute(delete(PoemRow).where(PoemRow.id == poem_id))
            others = select(PoemRow.id).where(PoemRow.poet_id == poet_id).limit(1)
            if session.scalar(others) is None:
                session.execute(delete(PoetRow).where(PoetRow.id == poet_id))
            return True

    def passages(self, ids: Sequence[int]) -> PassageList:
        """The passages with these ids, in this order.

        Raises `StoreError` if one was deleted since its id was learned.
        """
        found: dict[int, Passage] = {}
        with self._sessions.reading() as session:
            for some in in_chunks(ids, IDS_AT_ONCE):
                for row in session.execute(_PASSAGES.where(PassageRow.id.in_(some))):
                    found[row.id] = Passage(row.id, row.poem_id, row.text)
        missing = next((i for i in ids if i not in found), None)
        if missing is not None:
            raise StoreError(
                f"Passage {missing} is no longer in the store: the collection was changed "
                "meanwhile; try again."
            )
        return [found[i] for i in ids]

    def passages_of(self, poem_id: int) -> PassageList:
        """All passages of a poem, in the order of the page."""
        query = _PASSAGES.where(PassageRow.poem_id == poem_id).order_by(PassageRow.first_line)
        with self._sessions.reading() as session:
            return [Passage(*row) for row in session.execute(query)]

    def cuts_of(self, poem_id: int) -> Sequence[PassageCut]:
        """Where in the poem its passages lie, in the order of the page."""
        query = (
            select(PassageRow.first_line, PassageRow.text)
            .where(PassageRow.poem_id == poem_id)
            .order_by(PassageRow.first_line)
        )
        with self._sessions.reading() as session:
            return [PassageCut(*row) for row in session.execute(query)]

    def state(self) -> tuple[int, int]:
        """Changes whenever a poem comes or goes: how many passages there are, and the newest's id.

        Passages are never altered, and ids never given twice.
        """
        query = select(func.count(), func.max(PassageRow.id)).select_from(PassageRow)
        with self._sessions.reading() as session:
            count, newest = session.execute(query).one()
        return count, newest or 0

    def languages(self) -> Iterable[tuple[int, str]]:
        """Each poem's id and language."""
        with self._sessions.reading() as session:
            rows = session.execute(select(PoemRow.id, PoemRow.language)).all()
        return [(row.id, row.language) for row in rows]

    def glosses(self, poem_ids: Iterable[int]) -> dict[int, str]:
        """Of those of these poems that carry a gloss (see `kiosk.own_language`): the gloss."""
        found: dict[int, str] = {}
        with self._sessions.reading() as session:
            for some in in_chunks(sorted(poem_ids), IDS_AT_ONCE):
                query = select(PoemRow.id, PoemRow.extra).where(PoemRow.id.in_(some))
                found |= {
                    row.id: row.extra["gloss"]
                    for row in session.execute(query)
                    if row.extra.get("gloss")
                }
        return found

    def count_passages(self) -> int:
        """How many passages there are in all."""
        with self._sessions.reading() as session:
            return session.execute(select(func.count()).select_from(PassageRow)).scalar_one()


_POEMS: Select[*tuple[object, ...]] = select(
    PoemRow.id,
    PoemRow.title,
    PoemRow.text,
    PoemRow.language,
    PoemRow.source,
    PoemRow.extra,
    PoemRow.licence,
    PoemRow.rights_holder,
    PoemRow.confirmed_by,
    PoemRow.confirmed_at,
    PoetRow.id.label("poet_id"),
    PoetRow.name,
    PoetRow.born,
    PoetRow.died,
).join(PoetRow, PoetRow.id == PoemRow.poet_id)

_PASSAGES: Select[int, int, str] = select(PassageRow.id, PassageRow.poem_id, PassageRow.text)


def _poem(row: Row[*tuple[object, ...]]) -> Poem:
    return Poem(
        id=row.id,
        title=row.title,
        poet=Poet(row.poet_id, row.name, row.born, row.died),
        text=row.text,
        language=row.language,
        source=row.source,
        extra=dict(row.extra),
        licence=row.licence,
        rights_holder=row.rights_holder,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
    )


def _wanted(search: str) -> Iterable[ColumnElement[bool]]:
    words = search_key(search).split()
    return [PoemRow.search_key.contains(word, autoescape=True) for word in words]


def _identity(draft: PoemDraft) -> str:
    return identity_digest(draft.poet, draft.title, draft.text)


def _find_duplicate(session: Session, draft: PoemDraft) -> int | None:
    return session.scalar(select(PoemRow.id).where(PoemRow.identity == _identity(draft)))


def _poet_id(session: Session, draft: PoemDraft) -> int:
    """The poet of this name whose years do not speak against it; made where there is none.

    A year that was not known until now is filled in.
    """
    key = identity_key(draft.poet)
    rows = session.execute(
        select(PoetRow.id, PoetRow.born, PoetRow.died)
        .where(PoetRow.name_key == key)
        .order_by(PoetRow.id)
    ).all()
    for row in rows:
        if _agree(row.born, draft.born) and _agree(row.died, draft.died):
            born = draft.born if row.born is None else row.born
            died = draft.died if row.died is None else row.died
            if (born, died) != (row.born, row.died):
                session.execute(
                    update(PoetRow).where(PoetRow.id == row.id).values(born=born, died=died)
                )
            return int(row.id)
    return session.execute(
        insert(PoetRow).returning(PoetRow.id),
        {"name": draft.poet, "name_key": key, "born": draft.born, "died": draft.died},
    ).scalar_one()


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other
