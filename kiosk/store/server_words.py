"""Words, found on a server: the same things in the same order as SQLite's FTS5 finds them.

1. What is looked for is cut into words as the texts were, by the function that cut these.
2. An index of words gives the rows that have them all; where words must stand one after the other,
   or are longer than the index keeps, the rows' own words are looked at.
3. BM25 is computed as FTS5 does: how often each phrase occurs in each column, times the column's
   weight; how many rows have it; how long the row is beside all others.

In the tables each word stands between two blanks of its own, so that counting ` leaf ` or, for the
beginning of a word, ` leaf` counts words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from kiosk.store.migrations.server_words import LONGEST
from kiosk.store.wanted import Phrase
from kiosk.store.word_index import INDEXES, WordIndex

K1, B = 1.2, 0.75  # of BM25, FTS5's own


@dataclass(frozen=True, slots=True)
class _Sought:
    """A phrase as it stands in the tables."""

    words: tuple[str, ...]
    open: bool

    @property
    def needle(self) -> str:
        return f" {'  '.join(self.words)}{'' if self.open else ' '}"

    @property
    def lexemes(self) -> str:
        """For the index: all words, of which the last may be a beginning."""
        last = len(self.words) - 1
        return " & ".join(
            f"'{word[:LONGEST]}'{':*' if self.open and place == last else ''}"
            for place, word in enumerate(self.words)
        )

    @property
    def whole(self) -> bool:
        """Whether the index alone tells."""
        return len(self.words) == 1 and len(self.words[0]) <= LONGEST


def find_words(
    session: Session, index: WordIndex, phrases: Sequence[Phrase], limit: int | None, offset: int
) -> list[int]:
    """As `kiosk.store.full_text.find`."""
    sought = _cut(session, phrases)
    if not sought:
        return []
    often = ", ".join(_often(index, one, at) for at, one in enumerate(sought))
    having = ", ".join(
        f"(SELECT count(*) FROM {index.table} WHERE {_has(index, one, at)}) AS having{at}"  # noqa: S608
        for at, one in enumerate(sought)
    )
    rank = " + ".join(_weighed(at) for at in range(len(sought)))
    query = text(  # OFFSET 0: what is counted is counted once
        f"SELECT id FROM (SELECT id, size, {often} FROM {index.table} "  # noqa: S608
        f"WHERE {_all(index, sought)} OFFSET 0) AS found, "
        f"(SELECT count(*)::float8 AS total, sum(size)::float8 / count(*) AS usual, {having} "
        f"FROM {index.table}) AS whole ORDER BY {rank} DESC, id LIMIT :limit OFFSET :offset"
    )
    values = {**_values(sought), "limit": limit, "offset": offset}
    return list(session.scalars(query, values))


def count_words(session: Session, index: WordIndex, phrases: Sequence[Phrase]) -> int:
    """As `kiosk.store.full_text.count`."""
    sought = _cut(session, phrases)
    if not sought:
        return 0
    query = text(f"SELECT count(*) FROM {index.table} WHERE {_all(index, sought)}")  # noqa: S608
    return int(session.execute(query, _values(sought)).scalar_one())


def drop_word_tables(connection: Connection) -> None:
    """Take the indexes away; what keeps them in step stands at the tables of poems and works."""
    for index in INDEXES:
        connection.execute(text(f"DROP TABLE IF EXISTS {index.table}"))
    connection.execute(text("DROP TABLE IF EXISTS poem_words_letters"))


def _cut(session: Session, phrases: Sequence[Phrase]) -> list[_Sought]:
    """The phrases in the words of the tables; signs alone are none."""
    if not phrases:
        return []
    query = text(
        "SELECT poem_words_plain(said) FROM unnest(CAST(:said AS text[])) WITH ORDINALITY "
        "AS typed (said, place) ORDER BY place"
    )
    said = [" ".join(one.words) for one in phrases]
    found = [words.split() for words in session.scalars(query, {"said": said})]
    return [
        _Sought(tuple(words), phrase.open)
        for words, phrase in zip(found, phrases, strict=True)
        if words
    ]


def _values(sought: Sequence[_Sought]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for at, one in enumerate(sought):
        values |= {f"lexemes{at}": one.lexemes, f"needle{at}": one.needle}
    return values


def _all(index: WordIndex, sought: Sequence[_Sought]) -> str:
    return " AND ".join(_has(index, one, at) for at, one in enumerate(sought))


def _has(index: WordIndex, one: _Sought, at: int) -> str:
    has = f"lexemes @@ CAST(:lexemes{at} AS tsquery)"
    if one.whole:
        return has
    columns = " OR ".join(f"strpos({name}, :needle{at}) > 0" for name in index.weights)
    return f"{has} AND ({columns})"


def _often(index: WordIndex, one: _Sought, at: int) -> str:
    """How often a phrase occurs in a row, by the weights of the columns."""
    times = "poem_words_times" if len(one.words) > 1 else "poem_words_times_one"
    often = " + ".join(
        f"{weight} * {times}({name}, :needle{at})" for name, weight in index.weights.items()
    )
    return f"({often})::float8 AS often{at}"


def _weighed(at: int) -> str:
    """What a phrase adds to a row's rank; worked out in FTS5's order, so that ties stay ties."""
    rare = f"ln((total - having{at} + 0.5) / (having{at} + 0.5))"
    rare = f"CASE WHEN {rare} <= 0 THEN 1e-6 ELSE {rare} END"
    length = f"{K1} * ({1 - B} + {B} * size / usual)"
    return f"({rare}) * ((often{at} * {K1 + 1}) / (often{at} + {length}))"
