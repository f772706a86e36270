"""Full-text indexes of poems and works, kept in step by the database itself.

They hold no texts of their own: what they need of a row they read from it, hence the exact old
words when a row changes or goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

from kiosk.store.letters import read_letters
from kiosk.store.migrations import server_words
from kiosk.store.migrations.tokens import TOKENS

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

POET = "(SELECT name FROM poets WHERE id = {row}.poet_id)"
OUT = (
    "INSERT INTO poem_words (poem_words, rowid, title, poet, text) "
    "VALUES ('delete', old.id, old.title, " + POET.format(row="old") + ", old.text);"
)
IN = (
    "INSERT INTO poem_words (rowid, title, poet, text) "
    "VALUES (new.id, new.title, " + POET.format(row="new") + ", new.text);"
)
WORK = "number, title, artist, room, description"
WORK_OUT = (
    f"INSERT INTO artwork_words (artwork_words, rowid, {WORK}) VALUES ('delete', old.id, "  # noqa: S608
    "old.number, old.title, old.artist, old.room, old.description);"
)
WORK_IN = (
    f"INSERT INTO artwork_words (rowid, {WORK}) VALUES (new.id, "  # noqa: S608
    "new.number, new.title, new.artist, new.room, new.description);"
)
SQLITE = (
    "CREATE VIEW poem_words_source AS SELECT poems.id, poems.title, poets.name AS poet, poems.text "
    "FROM poems JOIN poets ON poets.id = poems.poet_id",
    "CREATE VIRTUAL TABLE poem_words USING fts5(title, poet, text, "
    f"content = 'poem_words_source', content_rowid = 'id', {TOKENS})",
    f"CREATE VIRTUAL TABLE artwork_words USING fts5({WORK}, "
    f"content = 'artworks', content_rowid = 'id', {TOKENS})",
    f"CREATE TRIGGER poem_words_added AFTER INSERT ON poems BEGIN {IN} END",
    f"CREATE TRIGGER poem_words_gone AFTER DELETE ON poems BEGIN {OUT} END",
    "CREATE TRIGGER poem_words_changed AFTER UPDATE OF id, title, text, poet_id ON poems "
    f"BEGIN {OUT} {IN} END",
    "CREATE TRIGGER poem_words_renamed AFTER UPDATE OF name ON poets BEGIN "
    "INSERT INTO poem_words (poem_words, rowid, title, poet, text) "
    "SELECT 'delete', id, title, old.name, text FROM poems WHERE poet_id = old.id; "
    "INSERT INTO poem_words (rowid, title, poet, text) "
    "SELECT id, title, new.name, text FROM poems WHERE poet_id = new.id; END",
    f"CREATE TRIGGER artwork_words_added AFTER INSERT ON artworks BEGIN {WORK_IN} END",
    f"CREATE TRIGGER artwork_words_gone AFTER DELETE ON artworks BEGIN {WORK_OUT} END",
    f"CREATE TRIGGER artwork_words_changed AFTER UPDATE OF id, {WORK} ON artworks "
    f"BEGIN {WORK_OUT} {WORK_IN} END",
    # Title and name weigh more than the text.
    "INSERT INTO poem_words (poem_words, rank) VALUES ('rank', 'bm25(10.0, 5.0, 1.0)')",
    "INSERT INTO artwork_words (artwork_words, rank) "
    "VALUES ('rank', 'bm25(10.0, 10.0, 5.0, 2.0, 1.0)')",
    "INSERT INTO poem_words (poem_words) VALUES ('rebuild')",
    "INSERT INTO artwork_words (artwork_words) VALUES ('rebuild')",
)


BY_NUMBER = (
    ("poets", "name_key"),
    ("poems", "search_key"),
    ("poems", "language"),
    ("poems", "confirmed_at"),
    ("artworks", "confirmed_at"),
    ("imports", "ended"),
)


def upgrade() -> None:
    # Which poem is in which language is asked at every start; without reading its text.
    op.create_index("ix_poems_language", "poems", ["language"], unique=False)
    for statement in _server() if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(statement)


def _server() -> Iterator[str]:
    # Lists are in the order of the letters' numbers, whatever order the server prefers.
    for table, column in BY_NUMBER:
        yield f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar COLLATE "C"'
    letters = read_letters()
    yield from server_words.letters_table(letters)
    yield server_words.plain_function(letters)
    yield from server_words.STATEMENTS
