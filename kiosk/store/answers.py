"""Answers that were found ahead of the visitors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import delete, insert, select

from engine.types import Match, Reason, Shared
from kiosk.store.sessions import Sessions
from kiosk.store.tables import AnswerRow, ArtworkRow


class AnswerRepository:
    """For each work and bundle at most one answer, with a stamp of all else that it hangs on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def keep(
        self,
        artwork_id: int,
        fingerprint: str,
        stamp: str,
        matches: Sequence[Match],
        reasons: Sequence[Reason] | None = None,
    ) -> None:
        """Take the place of what was kept for this work; nothing where the work is gone.

        `reasons`: why each of the matches was chosen, where that is known.
        """
        rows = [
            [one.poem_id, one.passage_id, one.score, one.similarity, _plain(reason)]
            for one, reason in zip(matches, reasons or repeat(None), strict=False)
        ]
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

    def get(
        self, artwork_id: int, fingerprint: str, stamp: str
    ) -> list[tuple[Match, Reason | None]] | None:
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
            (Match(rank, int(poem), int(passage), score, similarity), _reason(rest))
            for rank, (poem, passage, score, similarity, *rest) in enumerate(rows, start=1)
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


def _plain(reason: Reason | None) -> list[Any] | None:
    if reason is None:
        return None
    shared = [[one.key, one.kind, one.picture, one.poem] for one in reason.shared]
    return [reason.line, reason.line_share, shared]


def _reason(kept: Sequence[Any]) -> Reason | None:
    """Answers that were kept before there were reasons have no place for one."""
    if not kept or kept[0] is None:
        return None
    line, share, shared = kept[0]
    return Reason(line, share, tuple(Shared(*one) for one in shared))
