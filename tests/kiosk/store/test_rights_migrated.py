"""Rights come into stores of every earlier schema, and nobody falls silent."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.rights import EARLIER_VERSION, HeldBack, rule_of
from kiosk.store.database import open_store
from kiosk.store.records import Kind
from tests.kiosk.store.test_migrations import released, store_of

BEFORE = [revision for revision in released() if revision < "0004"]
MORE = """
UPDATE poems SET extra = '{"Licence": " CC  BY 4.0", "rights holder": "A press", "Note": "n",
    "source": "of another column"}';
UPDATE artworks SET extra = '{"source": "a museum"}';
"""


@pytest.fixture(params=BEFORE)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite"
    store_of(path, request.param)
    raw = sqlite3.connect(path)
    raw.executescript(MORE)
    raw.commit()
    raw.close()
    return path


def test_rights_move_into_columns_of_their_own(path: Path) -> None:
    with open_store(path) as store:
        (poem,) = store.poems.list()
        assert (poem.source, poem.licence, poem.rights_holder) == ("s", "CC BY 4.0", "A press")
        assert poem.extra == {"Note": "n", "source": "of another column"}
        (work,) = store.artworks.list()
        assert (work.source, work.licence, work.extra) == ("a museum", "", {})


def test_what_was_spoken_before_is_spoken_on(path: Path, tmp_path: Path) -> None:
    with open_store(path) as store:
        held = HeldBack(store, rule_of(Settings(data_dir=tmp_path)))
        assert (held.poems(), held.artworks()) == (frozenset(), frozenset())
        records = [record for kind in Kind for record in store.rights.records(kind)]
        assert {record.confirmed_by for record in records} == {EARLIER_VERSION}
        assert all(record.confirmed_at for record in records)
        state = store.rights.state()
        store.rights.confirm(Kind.POEM, [7], "Mira")
        assert store.rights.state() != state
