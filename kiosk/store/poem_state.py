"""A poem's state, and how it is changed, within a session that somebody else commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from kiosk.store.errors import StoreError
from kiosk.store.extra_fields import MODEL_NOTES, gathered, spread
from kiosk.store.normal import identity_digest, identity_key, search_key
from kiosk.store.records import PassageCut
from kiosk.store.sessions import IDS_AT_ONCE, in_chunks
from kiosk.store.tables import PassageRow, PoemRow, PoetRow, VectorRow
from kiosk.store.vector_sets import renew_revision

OWN_COLUMNS = (
    "title",
    "text",
    "language",
    "source",
    "licence",
    "rights_holder",
    "confirmed_by",
    "confirmed_at",
)
POET = ("poet", "born", "died")
# What the model reads of a poem, and who is answered with it: passages with a vector of before must
# not stay when one of these changes, even where their words do.
READ_OTHERWISE = ("language", *spread(dict.fromkeys(MODEL_NOTES)))


def read_poem_state(session: Session, poem_id: int) -> dict[str, Any] | None:
    """All that can be changed of a poem; None where there is none of this id."""
    row = session.execute(
        select(PoemRow, PoetRow)
        .join(PoetRow, PoetRow.id == PoemRow.poet_id)
        .where(PoemRow.id == poem_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    poem, poet = row
    own = {name: getattr(poem, name) for name in OWN_COLUMNS}
    return {"poet": poet.name, "born": poet.born, "died": poet.died} | own | spread(poem.extra)


def change_poem_state(
    session: Session,
    poem_id: int,
    state: Mapping[str, Any],
    after: Mapping[str, Any],
    cut: Callable[[str], Sequence[PassageCut]],
) -> None:
    """Write the fields `after` of a poem that is in `state`.

    Raises `StoreError` where it would become the same poem as another one.
    """
    new = {**state, **after}
    identity = identity_digest(new["poet"], new["title"], new["text"])
    other = session.execute(
        select(PoemRow.id, PoemRow.title).where(PoemRow.identity == identity, PoemRow.id != poem_id)
    ).one_or_none()
    if other is not None:
        raise StoreError(
            f"Poem {poem_id} would become the same as poem {other.id} (“{other.title}”); nothing "
            "was changed."
        )
    values = {name: after[name] for name in OWN_COLUMNS if name in after}
    values |= {
        "identity": identity,
        "search_key": search_key(f"{new['title']} {new['poet']}"),
        "extra": gathered(new),
    }
    left = None
    if any(name in after for name in POET):
        left = session.scalar(select(PoemRow.poet_id).where(PoemRow.id == poem_id))
        values["poet_id"] = _poet(session, new["poet"], new["born"], new["died"])
    session.execute(update(PoemRow).where(PoemRow.id == poem_id).values(values))
    if left is not None and not _has_poems(session, left):
        session.execute(delete(PoetRow).where(PoetRow.id == left))
    otherwise = any(name in after for name in READ_OTHERWISE)
    if "text" in after or otherwise:
        _renew_passages(session, poem_id, cut(new["text"]), keep=not otherwise)


def _poet(session: Session, name: str, born: int | None, died: int | None) -> int:
    """The poet who is just so; made where there is none. Nobody else's years are touched."""
    found = session.scalar(
        select(PoetRow.id)
        .where(
            PoetRow.name == name,
            PoetRow.born.is_not_distinct_from(born),
            PoetRow.died.is_not_distinct_from(died),
        )
        .order_by(PoetRow.id)
        .limit(1)
    )
    if found is not None:
        return found
    return session.execute(
        insert(PoetRow).returning(PoetRow.id),
        {"name": name, "name_key": identity_key(name), "born": born, "died": died},
    ).scalar_one()


def _has_poems(session: Session, poet_id: int) -> bool:
    query = select(PoemRow.id).where(PoemRow.poet_id == poet_id).limit(1)
    return session.scalar(query) is not None


def _renew_passages(
    session: Session, poem_id: int, cuts: Sequence[PassageCut], *, keep: bool
) -> None:
    """Passages whose words stay keep their ids, and so their vectors (unless not `keep`)."""
    if not cuts:
        raise ValueError("a poem without a passage would never be found")
    old = session.execute(
        select(PassageRow.id, PassageRow.first_line, PassageRow.text)
        .where(PassageRow.poem_id == poem_id)
        .order_by(PassageRow.first_line)
    ).all()
    spare: dict[str, list[int]] = {}
    for row in old if keep else ():
        spare.setdefault(row.text, []).append(row.id)
    lines: dict[int, int] = {}  # of passages that stay
    fresh: list[dict[str, Any]] = []
    for cut in cuts:
        if spare.get(cut.text):
            lines[spare[cut.text].pop(0)] = cut.first_line
        else:
            fresh.append({"poem_id": poem_id, "first_line": cut.first_line, "text": cut.text})
    gone = [row.id for row in old if row.id not in lines]
    for some in in_chunks(gone, IDS_AT_ONCE):
        renew_revision(
            session, select(VectorRow.set_id).where(VectorRow.passage_id.in_(some)).distinct()
        )
        session.execute(delete(PassageRow).where(PassageRow.id.in_(some)))
    moved = {
        row.id: lines[row.id] for row in old if row.id in lines and lines[row.id] != row.first_line
    }
    # No two passages begin in one line, not even between two statements: out of the way first.
    for places in ({one: -1 - line for one, line in moved.items()}, moved):
        for passage_id, line in places.items():
            session.execute(
                update(PassageRow).where(PassageRow.id == passage_id).values(first_line=line)
            )
    if fresh:
        session.execute(insert(PassageRow), fresh)
