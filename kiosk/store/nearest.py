"""Vectors compared by the server that keeps them, for kiosks without room for their own matrix.

Exact, as `engine.index` is where it has no short list. With pgvector in the database its dot
product does the work; without it plain SQL does, and takes many times as long.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from engine.types import Candidate
from kiosk.store.pgvector import pgvector_versions
from kiosk.store.sessions import Sessions

_log = logging.getLogger(__name__)

BY_PGVECTOR = "-(vector::vector <#> CAST(CAST(:query AS real[]) AS vector))"
BY_SQL = (
    "(SELECT sum(CAST(mine AS float8) * yours) "
    "FROM unnest(vector, CAST(:query AS real[])) AS pair (mine, yours))"
)
AT_ONCE = 8  # passages looked at for each poem that is wanted, at first


class ServerIndex:
    """All vectors of one bundle, as they are at each search."""

    def __init__(self, sessions: Sessions, fingerprint: str) -> None:
        self._sessions = sessions
        self._fingerprint = fingerprint
        with sessions.reading() as session:
            _, installed = pgvector_versions(session.connection())
        if installed is None:
            _log.warning("the database has no pgvector: vectors are compared in plain SQL, slowly")
        self._similarity = BY_SQL if installed is None else BY_PGVECTOR

    def search(
        self, vector: NDArray[np.float32], k: int, *, hidden: Collection[int] = frozenset()
    ) -> list[Candidate]:
        """The `k` poems nearest to `vector` [d], each by its best passage; not `hidden`."""
        wanted = AT_ONCE * k
        while k > 0:
            rows = self._nearest(vector, "poem_id <> ALL (CAST(:poems AS int[]))", hidden, wanted)
            found: dict[int, Candidate] = {}
            for one in rows:
                found.setdefault(one.poem_id, one)
            if len(found) >= k or len(rows) < wanted:
                return list(found.values())[:k]
            wanted *= AT_ONCE
        return []

    def best_passages(self, vector: NDArray[np.float32], poems: Collection[int]) -> list[Candidate]:
        """For each of `poems`, in this order, its passage nearest to `vector`; none for unknown."""
        found: dict[int, Candidate] = {}
        if poems:
            for one in self._nearest(vector, "poem_id = ANY (CAST(:poems AS int[]))", poems, None):
                found.setdefault(one.poem_id, one)
        return [found[poem] for poem in poems if poem in found]

    def _nearest(
        self,
        vector: NDArray[np.float32],
        which: str,
        poems: Collection[int],
        limit: int | None,
    ) -> list[Candidate]:
        """Passages, the nearest first; of equal ones that with the smaller id."""
        query = text(
            f"SELECT passage_id, poem_id, {self._similarity} AS similarity FROM vectors "  # noqa: S608
            "JOIN passages ON passages.id = passage_id WHERE set_id = "
            f"(SELECT id FROM vector_sets WHERE fingerprint = :fingerprint) AND {which} "
            "ORDER BY similarity DESC, passage_id LIMIT :limit"
        )
        values = {
            "query": vector.astype(np.float32).tolist(),
            "fingerprint": self._fingerprint,
            "poems": [int(poem) for poem in poems],
            "limit": limit,
        }
        with self._sessions.reading() as session:
            return [
                Candidate(row.passage_id, row.poem_id, float(row.similarity))
                for row in session.execute(query, values)
            ]
