"""Words, found in poems and works: any text that somebody types is words to look for, nothing else.

A word is found where a word of the poem begins with it ("leaf" finds "leaflet"; Korean particles
stand at the end of a word, so a noun finds all its forms); one or two letters only where the word
is no longer, else they would find everything. All words must be found; accents and capitals make
no difference. What has the words in title or name comes before what has them in its text; beyond
that, rarer words and shorter texts weigh more (BM25).
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from kiosk.store.server_words import count_words, drop_word_tables, find_words
from kiosk.store.wanted import Phrase, read_phrases
from kiosk.store.word_index import ARTWORK_WORDS, INDEXES, POEM_WORDS, WordIndex

__all__ = ["ARTWORK_WORDS", "POEM_WORDS", "WordIndex", "count", "find", "is_full_text"]


def is_full_text(name: str) -> bool:
    """Whether a table of the file belongs to an index; SQLite keeps several beside each."""
    return any(name == one.table or name.startswith(f"{one.table}_") for one in INDEXES)


def drop_indexes(connection: Connection) -> None:
    """Take the indexes away; what keeps them in step goes with the tables that it stands at."""
    if connection.dialect.name == "postgresql":
        drop_word_tables(connection)
        return
    connection.execute(text("DROP VIEW IF EXISTS poem_words_source"))
    for index in INDEXES:
        connection.execute(text(f"DROP TABLE IF EXISTS {index.table}"))


def find(
    session: Session, index: WordIndex, search: str, limit: int | None = None, offset: int = 0
) -> list[int]:
    """The ids of what has all words of `search`, the best first; none for a text without words."""
    phrases = read_phrases(search)
    if _on_server(session):
        return find_words(session, index, phrases, limit, offset)
    wanted = match_expression(phrases)
    if not wanted:
        return []
    query = text(
        f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH :wanted "  # noqa: S608
        "ORDER BY rank, rowid LIMIT :limit OFFSET :offset"
    )
    values = {"wanted": wanted, "limit": -1 if limit is None else limit, "offset": offset}
    return list(session.scalars(query, values))


def count(session: Session, index: WordIndex, search: str) -> int:
    """How many have all words of `search`."""
    phrases = read_phrases(search)
    if _on_server(session):
        return count_words(session, index, phrases)
    wanted = match_expression(phrases)
    if not wanted:
        return 0
    query = text(f"SELECT count(*) FROM {index.table} WHERE {index.table} MATCH :wanted")  # noqa: S608
    return int(session.execute(query, {"wanted": wanted}).scalar_one())


def _on_server(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def match_expression(phrases: list[Phrase]) -> str:
    """As FTS5 takes them: all of them, each quoted, so that no word is an operator."""
    return " ".join(f'"{" ".join(one.words)}"{"*" if one.open else ""}' for one in phrases)
