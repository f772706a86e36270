"""Answers that were found ahead of the visitors."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from engine.types import Match
from kiosk.store.sessions import Sessions
from kiosk.store.tables import AnswerRow, ArtworkRow


class AnswerRepository:
    """For each work and bundle at most one answer, with a stamp of all else that it hangs on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def keep(self, artwork_id: int, fingerprint: str, stamp: str, matches: Sequence[Match]) -> None:
        """Take the place of what was kept for this work; nothing where the work is gone."""
        rows = [[one.poem_id, one.passage_id, one.score, one.similarity] for one in matches]
        with self._sessions.writing() as session:
            session.execute(
                delete(AnswerRow).where(
                    AnswerRow.artwork_id == artwork_id, AnswerRow.fingerprint == fingerprint
                )
            )
            if session.scalar(select(ArtworkRow.id).where(ArtworkRow.id == artwork_id)) is None:
                return
            session.execute(
                insert(AnswerRow),
                {
                    "artwork_id": artwork_id,
                    "fingerprint": fingerprint,
                    "stamp": stamp,
                    "matches": rows,
                },
            )

    def get(self, artwork_id: int, fingerprint: str, stamp: str) -> list[Match] | None:
        """What was kept, best first; None where nothing was, or under another stamp."""
        query = select(AnswerRow.matches).where(
            AnswerRow.artwork_id == artwork_id,
            AnswerRow.fingerprint == fingerprint,
            AnswerRow.stamp == stamp,
        )
        with self._sessions.reading() as session:
            rows = session.scalar(query)
        if rows is None:
            return None
        return [
            Match(rank, int(poem), int(passage), score, similarity)
            for rank, (poem, passage, score, similarity) in enumerate(rows, start=1)
        ]

    def stamps(self, fingerprint: str) -> dict[int, str]:
        """Each work that has an answer of this bundle, and the answer's stamp."""
        query = select(AnswerRow.artwork_id, AnswerRow.stamp).where(
            AnswerRow.fingerprint == fingerprint
        )
        with self._sessions.reading() as session:
            return {row.artwork_id: row.stamp for row in session.execute(query)}

    def forget(self, fingerprint: str | None = None) -> None:
        """Remove the answers of a bundle, in every language, or all."""
        statement = delete(AnswerRow)
        if fingerprint is not None:
            statement = statement.where(
                (AnswerRow.fingerprint == fingerprint)
                | AnswerRow.fingerprint.startswith(f"{fingerprint}/", autoescape=True)
            )
        with self._sessions.writing() as session:
            session.execute(statement)
