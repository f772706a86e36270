"""Writing poems, one or many at once, within a session that somebody else commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from kiosk.store.errors import StoreError
from kiosk.store.normal import identity_digest, identity_key, search_key
from kiosk.store.records import PassageCut, PoemDraft
from kiosk.store.sessions import IDS_AT_ONCE, in_chunks
from kiosk.store.tables import PassageRow, PoemRow, PoetRow, VectorRow
from kiosk.store.vector_sets import renew_revision

Brought = tuple[PoemDraft, Sequence[PassageCut]]  # a poem, and the passages that it is found by
PASSAGES = "passages"  # beside the columns in the earlier values of a poem


class Years(TypedDict):
    """What is known of a poet's life."""

    born: int | None
    died: int | None


@dataclass(slots=True)
class AddedPoems:
    """What became of some drafts."""

    ids: list[int] = field(default_factory=list)  # in the order of the drafts
    # Poets whose years were filled in: the draft's place among the drafts, the poet's earlier years
    years: list[tuple[int, int, Years]] = field(default_factory=list)


def poem_identity(draft: PoemDraft) -> str:
    """Equal for two printings of the same poem: poet, title and words."""
    return identity_digest(draft.poet, draft.title, draft.text)


def ids_by_identity(session: Session, identities: Iterable[str]) -> dict[str, int]:
    """Those of these poems that are there, and the ids that they have."""
    found: dict[str, int] = {}
    for some in in_chunks(list(identities), IDS_AT_ONCE):
        query = select(PoemRow.identity, PoemRow.id).where(PoemRow.identity.in_(some))
        found.update((row.identity, row.id) for row in session.execute(query))
    return found


def add_poems(session: Session, brought: Sequence[Brought]) -> AddedPoems:
    """Add poems with their passages. Raises as `PoemRepository.add`."""
    for draft, passages in brought:
        _check(draft, passages)
    identities = [poem_identity(draft) for draft, _ in brought]
    present = ids_by_identity(session, identities)
    if present:
        raise StoreError(f"This poem is in the store already, as number {min(present.values())}.")
    added = AddedPoems()
    if not brought:
        return added
    poets = _Poets(session, {identity_key(draft.poet) for draft, _ in brought})
    poet_ids = []
    for place, (draft, _) in enumerate(brought):
        poet_id, before = poets.id_of(draft)
        poet_ids.append(poet_id)
        if before is not None:
            added.years.append((place, poet_id, before))
    added.ids = list(
        session.scalars(
            insert(PoemRow).returning(PoemRow.id, sort_by_parameter_order=True),
            [
                {
                    "poet_id": poet_id,
                    "title": draft.title,
                    "text": draft.text,
                    "language": draft.language,
                    "source": draft.source,
                    "licence": draft.licence,
                    "rights_holder": draft.rights_holder,
                    "extra": dict(draft.extra),
                    "search_key": search_key(f"{draft.title} {draft.poet}"),
                    "identity": identity,
                }
                for (draft, _), poet_id, identity in zip(brought, poet_ids, identities, strict=True)
            ],
        )
    )
    passage_rows: list[dict[str, Any]] = []
    for poem_id, (_, passages) in zip(added.ids, brought, strict=True):
        passage_rows += _passage_rows(poem_id, passages)
    session.execute(insert(PassageRow), passage_rows)
    return added


def change_poem(
    session: Session,
    poem_id: int,
    values: Mapping[str, Any],
    passages: Sequence[PassageCut] | None = None,
) -> dict[str, Any]:
    """Give columns of a poem other values, and other passages if any; the earlier ones.

    Identity stays: title and text may only be printed differently. Passages are never altered,
    so new ones take the place of the old, and have no vectors yet.
    """
    row = session.execute(
        select(PoemRow, PoetRow.name)
        .join(PoetRow, PoetRow.id == PoemRow.poet_id)
        .where(PoemRow.id == poem_id)
    ).one()
    before = {name: getattr(row.PoemRow, name) for name in values}
    written = dict(values)
    if "title" in written:
        written["search_key"] = search_key(f"{written['title']} {row.name}")
    if written:
        session.execute(update(PoemRow).where(PoemRow.id == poem_id).values(written))
    if passages is not None:
        before[PASSAGES] = [[cut.first_line, cut.text] for cut in cuts_of(session, poem_id)]
        _forget_passages(session, poem_id)
        session.execute(insert(PassageRow), _passage_rows(poem_id, passages))
    return before


def fill_years(session: Session, poet_id: int, years: Years) -> Years | None:
    """Years of a poet that were not known until now; the earlier ones, or None: nothing is new.

    Years that speak against those that are known change nothing.
    """
    row = session.execute(select(PoetRow.born, PoetRow.died).where(PoetRow.id == poet_id)).one()
    if not (_agree(row.born, years["born"]) and _agree(row.died, years["died"])):
        return None
    return _fill(session, _Poet(poet_id, row.born, row.died), years["born"], years["died"])


def cuts_of(session: Session, poem_id: int) -> Sequence[PassageCut]:
    """Where in the poem its passages lie, in the order of the page."""
    query = (
        select(PassageRow.first_line, PassageRow.text)
        .where(PassageRow.poem_id == poem_id)
        .order_by(PassageRow.first_line)
    )
    return [PassageCut(*row) for row in session.execute(query)]


def delete_poems(session: Session, poem_ids: Sequence[int]) -> int:
    """Remove poems with their passages, vectors and pins, and poets that have none left."""
    gone = 0
    for some in in_chunks(poem_ids, IDS_AT_ONCE):
        passages = select(PassageRow.id).where(PassageRow.poem_id.in_(some))
        renew_revision(
            session, select(VectorRow.set_id).where(VectorRow.passage_id.in_(passages)).distinct()
        )
        poets = session.scalars(
            delete(PoemRow).where(PoemRow.id.in_(some)).returning(PoemRow.poet_id)
        ).all()
        gone += len(poets)
        for few in in_chunks(sorted(set(poets)), IDS_AT_ONCE):
            session.execute(
                delete(PoetRow).where(
                    PoetRow.id.in_(few),
                    ~select(PoemRow.id).where(PoemRow.poet_id == PoetRow.id).exists(),
                )
            )
    return gone


def _check(draft: PoemDraft, passages: Sequence[PassageCut]) -> None:
    lines = draft.text.split("\n")
    for cut in passages:
        if "\n".join(lines[cut.first_line : cut.end_line]) != cut.text:
            raise ValueError(f"passage at line {cut.first_line} is not in the poem")
    if not passages:
        raise ValueError("a poem without a passage would never be found")


def _passage_rows(poem_id: int, passages: Sequence[PassageCut]) -> list[dict[str, Any]]:
    return [
        {"poem_id": poem_id, "first_line": cut.first_line, "text": cut.text}
        for cut in sorted(passages, key=lambda cut: cut.first_line)
    ]


def _forget_passages(session: Session, poem_id: int) -> None:
    mine = select(PassageRow.id).where(PassageRow.poem_id == poem_id)
    renew_revision(
        session, select(VectorRow.set_id).where(VectorRow.passage_id.in_(mine)).distinct()
    )
    session.execute(delete(PassageRow).where(PassageRow.poem_id == poem_id))


@dataclass(slots=True)
class _Poet:
    id: int
    born: int | None
    died: int | None


class _Poets:
    """The poets of some names, looked up once; made where there is none."""

    def __init__(self, session: Session, keys: Iterable[str]) -> None:
        self._session = session
        self._known: dict[str, list[_Poet]] = {}
        for some in in_chunks(sorted(keys), IDS_AT_ONCE):
            query = (
                select(PoetRow.name_key, PoetRow.id, PoetRow.born, PoetRow.died)
                .where(PoetRow.name_key.in_(some))
                .order_by(PoetRow.id)
            )
            for row in session.execute(query):
                self._known.setdefault(row.name_key, []).append(_Poet(row.id, row.born, row.died))

    def id_of(self, draft: PoemDraft) -> tuple[int, Years | None]:
        """The poet of this name whose years do not speak against it.

        A year that was not known until now is filled in; then the earlier years are told.
        """
        poets = self._known.setdefault(identity_key(draft.poet), [])
        for poet in poets:
            if _agree(poet.born, draft.born) and _agree(poet.died, draft.died):
                return poet.id, _fill(self._session, poet, draft.born, draft.died)
        made = self._session.execute(
            insert(PoetRow).returning(PoetRow.id),
            {
                "name": draft.poet,
                "name_key": identity_key(draft.poet),
                "born": draft.born,
                "died": draft.died,
            },
        ).scalar_one()
        poets.append(_Poet(made, draft.born, draft.died))
        return made, None


def _fill(session: Session, poet: _Poet, born: int | None, died: int | None) -> Years | None:
    before = Years(born=poet.born, died=poet.died)
    poet.born = born if poet.born is None else poet.born
    poet.died = died if poet.died is None else poet.died
    after = Years(born=poet.born, died=poet.died)
    if after == before:
        return None
    session.execute(update(PoetRow).where(PoetRow.id == poet.id).values(after))
    return before


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other
