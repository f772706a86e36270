"""A store with something in every table, its pictures, and what staff wrote beside it."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import JSON, CheckConstraint, Column, Table, func, insert, select

from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.passages import cut
from kiosk.store.database import Store, open_store
from kiosk.store.records import PoemDraft
from kiosk.store.replacing import STORE
from kiosk.store.tables import Base
from kiosk.store.whole import DERIVED

VERSE = "Nur ein Blatt,\n  im Wind\u2028\n\n진달래꽃, “leaf” 𝄞\t\\n"


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def fill(folder: Path) -> None:
    """Put a little collection into a data directory."""
    folder.mkdir(parents=True)
    for number in (1, 2):
        Image.new("RGB", (40, 30), (number * 90, 20, 60)).save(folder / f"{number}.png")
    table = folder / "works.csv"
    table.write_text(
        "number,title,image,Lender\n1,Waves,1.png,a friend\n2,Ünter,2.png,\n3,Words,,\n"
    )
    with open_store(folder / STORE) as store:
        poems = [
            store.poems.add(
                PoemDraft(
                    f"Leaf {n}", f"Poet {n % 3}", f"{VERSE}\n{n}", died=1900, extra={"a": "é"}
                ),
                cut(f"{VERSE}\n{n}"),
            )
            for n in range(7)
        ]
        assert len(import_artworks(store, table).added) == 3
        works = [work.id for work in store.artworks.list()]
        store.curation.pin(works[0], poems[1])
        store.curation.pin(works[0], poems[2], 1)
        store.curation.hide(None, poems[3])
        store.poems.delete(poems[6])  # its id never comes back
        store.artworks.delete(works[2])
        ids = [passage.id for poem in poems[:3] for passage in store.poems.passages_of(poem)]
        store.embeddings.add("bundle", ids, np.eye(len(ids), 4, dtype=np.float32))
        fill_other_tables(store)
    (folder / "pronunciation.txt").write_text("Goethe  en  gurta\n")
    (folder / "mappings").mkdir()
    (folder / "mappings" / "loans.toml").write_text("a = 1\n")
    (folder / "starter-brought.json").write_text('{"poems": ["a.txt"], "paintings": []}')


def fill_other_tables(store: Store) -> None:
    """A row for each table that is to travel and has none yet, whatever its columns are."""
    with store._sessions.writing() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in DERIVED or session.scalar(select(func.count()).select_from(table)):
                continue
            row = {
                column.name: _value(session, table, column)
                for column in table.columns
                if not (column.primary_key and not column.foreign_keys and column.name == "id")
            }
            session.execute(insert(table), row)


def _value(session: Any, table: Table, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return None if key.column.table is table else session.scalar(select(key.column).limit(1))
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            found = re.match(rf"{column.name} IN \('(\w+)'", str(check.sqltext))
            if found:
                return found[1]
    if isinstance(column.type, JSON):
        return {"a": ["b", None]}
    kinds: dict[type, Any] = {
        int: 1,
        float: 0.25,
        bool: True,
        str: "one é",
        bytes: b"\x00\xff",
        date: date(2026, 1, 2),
        datetime: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return kinds[column.type.python_type]


def contents(folder: Path) -> dict[str, Any]:
    """All that a copy must bring back: every row by its id, pictures' and staff's bytes."""
    with open_store(folder / STORE) as store, store.snapshot():
        rows: dict[str, Any] = {"last ids": store.whole.last_ids()}
        with closing(sqlite3.connect(folder / STORE)) as raw:
            for name in store.whole.names():
                rows[name] = raw.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in [
            *folder.glob("pictures/*"),
            *folder.glob("*.txt"),
            *folder.glob("*.json"),
            *folder.glob("mappings/*"),
        ]
    }
    return rows | files


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "data"
    fill(folder)
    return folder


@pytest.fixture
def filled(original: Path, tmp_path: Path) -> Path:
    """A data directory of its own for each test."""
    shutil.copytree(original, tmp_path / "filled")
    return tmp_path / "filled"


@pytest.fixture
def store(filled: Path) -> Iterator[Store]:
    with open_store(filled / STORE) as opened:
        yield opened
