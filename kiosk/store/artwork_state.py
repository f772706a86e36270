"""A work's state, and how it is changed, within a session that somebody else commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kiosk.store.artworks import number_key
from kiosk.store.errors import StoreError
from kiosk.store.extra_fields import gathered, spread
from kiosk.store.normal import identity_digest, search_key
from kiosk.store.tables import ArtworkRow

OWN_COLUMNS = (
    "number",
    "title",
    "artist",
    "date",
    "image",
    "description",
    "language",
    "room",
    "source",
    "licence",
    "rights_holder",
    "confirmed_by",
    "confirmed_at",
)


def read_artwork_state(session: Session, artwork_id: int) -> dict[str, Any] | None:
    """All that can be changed of a work; None where there is none of this id."""
    row = session.scalars(
        select(ArtworkRow)
        .where(ArtworkRow.id == artwork_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    return {name: getattr(row, name) for name in OWN_COLUMNS} | spread(row.extra)


def change_artwork_state(
    session: Session, artwork_id: int, state: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Write the fields `after` of a work that is in `state`.

    Raises `StoreError` where it would become the same as another one, or has another one's number.
    """
    new = {**state, **after}
    key = number_key(new["number"])
    holder = session.scalar(  # no number is nobody's
        select(ArtworkRow.title).where(ArtworkRow.number_key == key, ArtworkRow.id != artwork_id)
    )
    if key is not None and holder is not None:
        raise StoreError(
            f"The number {new['number']} belongs to “{holder}” already; nothing was changed."
        )
    identity = identity_digest(new["title"], new["artist"], new["date"])
    if any(name in after for name in ("title", "artist", "date", "number", "image")):
        _refuse_twin(session, artwork_id, identity, new)
    values = {name: after[name] for name in OWN_COLUMNS if name in after}
    values |= {
        "number_key": key,
        "identity": identity,
        "search_key": search_key(
            f"{new['number'] or ''} {new['title']} {new['artist']} {new['room']}"
        ),
        "extra": gathered(new),
    }
    session.execute(update(ArtworkRow).where(ArtworkRow.id == artwork_id).values(values))


def _refuse_twin(session: Session, artwork_id: int, identity: str, new: Mapping[str, Any]) -> None:
    """Two works of the same title, artist and date are told apart by number, else by picture."""
    query = select(ArtworkRow.id, ArtworkRow.title, ArtworkRow.number_key, ArtworkRow.image).where(
        ArtworkRow.identity == identity, ArtworkRow.id != artwork_id
    )
    key = number_key(new["number"])
    for twin in session.execute(query.order_by(ArtworkRow.id)):
        if key is not None and twin.number_key is not None:
            continue  # each number is there once
        pictures = {twin.image, new["image"]}
        if None in pictures or len(pictures) == 1:
            raise StoreError(
                f"Artwork {artwork_id} would become the same as artwork {twin.id} "
                f"(“{twin.title}”); nothing was changed."
            )
