"""A store of any earlier schema, with data in it, opens as today's and has lost nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from kiosk.store.database import open_store
from kiosk.store.schema import HEAD, MIGRATIONS

FILLED = """
INSERT INTO poets (id, name, name_key, born) VALUES (3, 'Zoë', 'zoe', 1850);
INSERT INTO poems (id, poet_id, title, text, language, source, extra, search_key, identity)
    VALUES (7, 3, 'Étude', 'one' || char(10) || 'two', 'fr', 's',
        '{"Thème": "amour"}', 'etude', 'i');
INSERT INTO passages (id, poem_id, first_line, text) VALUES (9, 7, 0, 'one');
INSERT INTO artworks (id, number, number_key, title, artist, date, image, description,
    language, room, extra, search_key, identity)
    VALUES (4, '12', '12', 'Wave', 'A', '1830', NULL, 'd', 'en', '3',
        '{"Thème": "amour"}', 'w', 'j');
INSERT INTO vector_sets (id, fingerprint, dimension, revision) VALUES (1, 'f', 2, 'r');
INSERT INTO vectors (set_id, passage_id, vector) VALUES (1, 9, x'0000803f00000000');
INSERT INTO decisions (artwork_id, poem_id, kind, position) VALUES (4, 7, 'pin', 1);
"""


def script_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def released() -> list[str]:
    """Every revision before today's, the first one first."""
    scripts = ScriptDirectory.from_config(script_config()).walk_revisions()
    return [script.revision for script in scripts if script.revision != HEAD][::-1]


def store_of(path: Path, revision: str) -> None:
    """A store as the program of that time left it: by its own migrations, filled by plain SQL."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = script_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        assert MigrationContext.configure(connection).get_current_revision() == revision
    engine.dispose()
    raw = sqlite3.connect(path)
    raw.executescript(FILLED)
    raw.commit()
    raw.close()


@pytest.mark.parametrize("revision", released())
def test_a_store_of_every_released_schema_keeps_what_it_holds(
    tmp_path: Path, revision: str
) -> None:
    path = tmp_path / "store.sqlite"
    store_of(path, revision)
    with open_store(path) as store:
        (poem,) = store.poems.list()
        assert (poem.id, poem.title, poem.text, poem.language) == (7, "Étude", "one\ntwo", "fr")
        assert (poem.poet.name, poem.poet.born, poem.extra) == ("Zoë", 1850, {"Thème": "amour"})
        assert [passage.id for passage in store.poems.passages_of(7)] == [9]
        (work,) = store.artworks.list()
        assert (work.number, work.room, work.extra) == ("12", "3", {"Thème": "amour"})
        assert store.curation.for_artwork(4).pinned == (7,)
        (batch,) = store.embeddings.read("f")
        assert batch.vectors.tolist() == [[1.0, 0.0]]
        store.answers.keep(work.id, "f", "stamp", [])  # a table that came later serves, too
        assert store.answers.get(work.id, "f", "stamp") == []
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    raw.close()
