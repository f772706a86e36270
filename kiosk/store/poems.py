"""Poems, poets and passages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from engine.types import Passage
from kiosk.store import full_text
from kiosk.store.errors import StoreError
from kiosk.store.extra_fields import MODEL_NOTES
from kiosk.store.poem_writing import (
    AddedPoems,
    Brought,
    Years,
    add_poems,
    change_poem,
    cuts_of,
    delete_poems,
    fill_years,
    ids_by_identity,
    poem_identity,
)
from kiosk.store.records import FoundPoem, PassageCut, Poem, PoemDraft, Poet
from kiosk.store.sessions import IDS_AT_ONCE, Sessions, in_chunks
from kiosk.store.tables import PassageRow, PoemRow, PoetRow
from kiosk.store.wanted import read_phrases, snippet

# The repository has a method `list`, which would hide the type inside the class.
PassageList = list[Passage]
PoemList = list[Poem]
Codes = list[str]


class PoemRepository:
    """Poems as the collection holds them; a `PassageSource` for the engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def add(self, draft: PoemDraft, passages: Sequence[PassageCut]) -> int:
        """Add a poem with the passages that it is found by; its id.

        Raises `ValueError` if the passages are not lines of the text, and `StoreError` if the
        store has this poem already (see `duplicate_of`).
        """
        return self.add_many([(draft, passages)]).ids[0]

    def add_many(self, brought: Sequence[Brought]) -> AddedPoems:
        """The same for many at once, no two of which are the same poem."""
        with self._sessions.writing() as session:
            return add_poems(session, brought)

    def change(
        self, poem_id: int, values: Mapping[str, Any], passages: Sequence[PassageCut] | None = None
    ) -> dict[str, Any]:
        """Give some of its columns (`title`, `text`, …) other values; the earlier ones.

        With `passages` (needed where text, language or gloss change) those are cut anew. The poem
        stays the same poem: title and text may only be printed differently.
        """
        with self._sessions.writing() as session:
            return change_poem(session, poem_id, values, passages)

    def fill_years(self, poet_id: int, years: Years) -> Years | None:
        """Keep years of a poet that were not known until now; the earlier ones if any was new."""
        with self._sessions.writing() as session:
            return fill_years(session, poet_id, years)

    def find(self, identities: Iterable[str]) -> dict[str, Poem]:
        """Those poems of these identities (`poem_identity`) that the store has."""
        with self._sessions.reading() as session:
            ids = ids_by_identity(session, identities)
        poems = {poem.id: poem for poem in self.get_many(sorted(ids.values()))}
        return {identity: poems[own] for identity, own in ids.items() if own in poems}

    def duplicate_of(self, draft: PoemDraft) -> int | None:
        """The id of the poem with the same poet, title and words, or None.

        Capitals, punctuation, accents' encoding and line breaks make no difference.
        """
        identity = poem_identity(draft)
        with self._sessions.reading() as session:
            return ids_by_identity(session, [identity]).get(identity)

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
        """Poems by poet and title; with `search`, those that have all its words, the best first.

        Title, poet and text are searched, see `kiosk.store.full_text`.
        """
        if search.strip():
            return [found.poem for found in self.search(search, limit=limit, offset=offset)]
        query = (
            _POEMS.order_by(PoetRow.name_key, PoetRow.id, PoemRow.search_key, PoemRow.id)
            .limit(limit)
            .offset(offset)
        )
        with self._sessions.reading() as session:
            return [_poem(row) for row in session.execute(query)]

    def search(
        self, words: str, *, limit: int | None = None, offset: int = 0
    ) -> Sequence[FoundPoem]:
        """The poems that have all these words in title, poet or text, the best first."""
        with self._sessions.sharing(writes=False), self._sessions.reading() as session:
            poems = self.get_many(
                full_text.find(session, full_text.POEM_WORDS, words, limit, offset)
            )
        phrases = read_phrases(words)
        return [FoundPoem(poem, snippet(poem.text, phrases)) for poem in poems]

    def count(self, search: str = "") -> int:
        """How many poems there are, or how many `search` finds."""
        with self._sessions.reading() as session:
            if search.strip():
                return full_text.count(session, full_text.POEM_WORDS, search)
            return session.execute(select(func.count()).select_from(PoemRow)).scalar_one()

    def delete(self, poem_id: int) -> bool:
        """Remove a poem with its passages, vectors and pins; False if there was none."""
        with self._sessions.writing() as session:
            return bool(delete_poems(session, [poem_id]))

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
        with self._sessions.reading() as session:
            return cuts_of(session, poem_id)

    def state(self) -> tuple[int, int]:
        """Changes whenever a poem comes or goes: how many passages there are, and the newest's id.

        Passages are never altered, and ids never given twice.
        """
        query = select(func.count(), func.max(PassageRow.id)).select_from(PassageRow)
        with self._sessions.reading() as session:
            count, newest = session.execute(query).one()
        return count, newest or 0

    def languages(self) -> Sequence[str]:
        """The languages that poems are in, each once; a look at an index for each."""
        found: Codes = []
        query = select(func.min(PoemRow.language))
        with self._sessions.reading() as session:
            code = session.scalar(query)
            while code is not None:
                found.append(code)
                code = session.scalar(query.where(PoemRow.language > code))
        return found

    def ids(self, languages: Collection[str] | None = None) -> Sequence[int]:
        """The ids of all poems, or of those in one of these languages."""
        query = select(PoemRow.id)
        if languages is not None:
            query = query.where(PoemRow.language.in_(languages))
        with self._sessions.reading() as session:
            return session.scalars(query).all()

    def noted(self, poem_ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """Of these poems what the model reads besides the text, by name (`MODEL_NOTES`), as far as
        they have any of it."""
        found: dict[int, dict[str, str]] = {}
        with self._sessions.reading() as session:
            for some in in_chunks(sorted(poem_ids), IDS_AT_ONCE):
                query = select(PoemRow.id, PoemRow.extra).where(PoemRow.id.in_(some))
                found |= {
                    row.id: {
                        name: str(row.extra[name]) for name in MODEL_NOTES if row.extra.get(name)
                    }
                    for row in session.execute(query)
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
