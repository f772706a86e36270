"""Vectors of passages, kept apart for each bundle by its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from engine.types import Passage
from kiosk.store.records import VectorBatch, VectorState
from kiosk.store.sessions import IDS_AT_ONCE, Sessions, in_chunks
from kiosk.store.tables import PassageRow, VectorRow, VectorSetRow
from kiosk.store.vector_sets import new_revision, renew_revision

FLOAT = np.dtype("<f4")  # as in the file, on any machine


class EmbeddingRepository:
    """What each bundle makes of each passage. A bundle never reads another one's vectors."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def missing(self, fingerprint: str, limit: int, *, after_id: int = 0) -> list[Passage]:
        """The first passages without a vector of this bundle, by id, at most `limit`.

        Whoever walks through many gives the last id seen as `after_id`, which spares looking at
        the beginning again.
        """
        with self._sessions.reading() as session:
            set_id = _set_id(session, fingerprint) or 0
            has_vector = (
                select(VectorRow.passage_id)
                .where(VectorRow.set_id == set_id, VectorRow.passage_id == PassageRow.id)
                .exists()
            )
            query = (
                select(PassageRow.id, PassageRow.poem_id, PassageRow.text)
                .where(PassageRow.id > after_id, ~has_vector)
                .order_by(PassageRow.id)
                .limit(limit)
            )
            return [Passage(*row) for row in session.execute(query)]

    def missing_count(self, fingerprint: str) -> int:
        """How many passages still need a vector of this bundle."""
        with self._sessions.reading() as session:
            passages = session.execute(select(func.count()).select_from(PassageRow)).scalar_one()
            return passages - _count(session, _set_id(session, fingerprint))

    def add(self, fingerprint: str, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors [n, d] of the passages with these ids; older ones are replaced.

        A passage that was deleted while it was being encoded is passed over. Raises `ValueError`
        for another shape, another dimension than before, or a number that is not finite.
        """
        rows = np.ascontiguousarray(vectors, dtype=FLOAT)
        if rows.ndim != 2 or len(rows) != len(ids):
            raise ValueError(f"{len(ids)} ids but vectors of shape {rows.shape}")
        if len(set(ids)) != len(ids):
            raise ValueError("the same passage twice")
        if not np.isfinite(rows).all():
            raise ValueError("a vector holds a number that is not finite")
        if not ids:
            return
        with self._sessions.writing() as session:
            set_id = _ensure_set(session, fingerprint, rows.shape[1])
            there = _existing(session, ids)
            last = _max_id(session, set_id)
            order = sorted((i for i in range(len(ids)) if ids[i] in there), key=ids.__getitem__)
            if not order:
                return
            if ids[order[0]] <= last:  # not a plain continuation: caches must look again
                renew_revision(session, select(VectorSetRow.id).where(VectorSetRow.id == set_id))
                for some in in_chunks(ids, IDS_AT_ONCE):
                    session.execute(
                        delete(VectorRow).where(
                            VectorRow.set_id == set_id, VectorRow.passage_id.in_(some)
                        )
                    )
            session.execute(
                insert(VectorRow),
                [
                    {"set_id": set_id, "passage_id": ids[i], "vector": rows[i].tobytes()}
                    for i in order
                ],
            )

    def count(self, fingerprint: str) -> int:
        """How many passages have a vector of this bundle."""
        with self._sessions.reading() as session:
            return _count(session, _set_id(session, fingerprint))

    def read(self, fingerprint: str, after_id: int = 0, batch: int = 4096) -> Iterator[VectorBatch]:
        """All vectors of this bundle with passage ids above `after_id`, by id, in batches.

        Each batch is read by itself, so a slow reader holds nobody up; where they must come from
        one moment, do it inside `Store.snapshot()`.
        """
        while True:
            with self._sessions.reading() as session:
                found = session.execute(
                    select(VectorRow.passage_id, PassageRow.poem_id, VectorRow.vector)
                    .join(PassageRow, PassageRow.id == VectorRow.passage_id)
                    .where(
                        VectorRow.set_id == (_set_id(session, fingerprint) or 0),
                        VectorRow.passage_id > after_id,
                    )
                    .order_by(VectorRow.passage_id)
                    .limit(batch)
                ).all()
            if not found:
                return
            passage_ids, poem_ids, blobs = zip(*found, strict=True)
            yield VectorBatch(
                np.array(passage_ids, dtype=np.int64),
                np.array(poem_ids, dtype=np.int64),
                np.frombuffer(b"".join(blobs), dtype=FLOAT)
                .reshape(len(blobs), -1)
                .astype(np.float32),
            )
            after_id = passage_ids[-1]

    def state(self, fingerprint: str) -> VectorState:
        """What a cache of this bundle's vectors must agree with."""
        with self._sessions.reading() as session:
            row = session.execute(
                select(VectorSetRow.id, VectorSetRow.revision).where(
                    VectorSetRow.fingerprint == fingerprint
                )
            ).one_or_none()
            if row is None:
                return VectorState(0, 0, "")
            return VectorState(_count(session, row.id), _max_id(session, row.id), row.revision)

    def fingerprints(self) -> list[str]:
        """The bundles that have vectors here."""
        with self._sessions.reading() as session:
            return list(session.scalars(select(VectorSetRow.fingerprint).order_by(VectorSetRow.id)))

    def forget(self, fingerprint: str) -> None:
        """Remove all vectors of a bundle that is no longer used."""
        with self._sessions.writing() as session:
            session.execute(delete(VectorSetRow).where(VectorSetRow.fingerprint == fingerprint))


def _set_id(session: Session, fingerprint: str) -> int | None:
    return session.scalar(select(VectorSetRow.id).where(VectorSetRow.fingerprint == fingerprint))


def _ensure_set(session: Session, fingerprint: str, dimension: int) -> int:
    """The id of the bundle's set, made where there is none."""
    row = session.execute(
        select(VectorSetRow.id, VectorSetRow.dimension).where(
            VectorSetRow.fingerprint == fingerprint
        )
    ).one_or_none()
    if row is None:
        return session.execute(
            insert(VectorSetRow).returning(VectorSetRow.id),
            {"fingerprint": fingerprint, "dimension": dimension, "revision": new_revision()},
        ).scalar_one()
    if row.dimension != dimension:
        raise ValueError(f"vectors of {dimension} numbers where this bundle's have {row.dimension}")
    return int(row.id)


def _count(session: Session, set_id: int | None) -> int:
    query = select(func.count()).select_from(VectorRow).where(VectorRow.set_id == (set_id or 0))
    return session.execute(query).scalar_one()


def _max_id(session: Session, set_id: int) -> int:
    query = select(func.max(VectorRow.passage_id)).where(VectorRow.set_id == set_id)
    return session.execute(query).scalar_one() or 0


def _existing(session: Session, ids: Sequence[int]) -> set[int]:
    """Those of these passages that are still there."""
    found: set[int] = set()
    for some in in_chunks(ids, IDS_AT_ONCE):
        found.update(session.scalars(select(PassageRow.id).where(PassageRow.id.in_(some))))
    return found
