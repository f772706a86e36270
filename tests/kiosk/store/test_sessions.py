"""Transactions: all or nothing, and nobody waits for a reader."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event

from kiosk.store.database import Store, open_store
from kiosk.store.errors import StoreError
from kiosk.store.records import PassageCut, PoemDraft


def add(store: Store, title: str, text: str = "a line") -> int:
    return store.poems.add(PoemDraft(title, "Poet", text), [PassageCut(0, text)])


def integrity(store: Store) -> str:
    if store.place.on_server:
        return "ok"  # a server has no such question
    raw = sqlite3.connect(store.path)
    try:
        return str(raw.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        raw.close()


def test_an_error_takes_everything_back(store: Store) -> None:
    add(store, "before")
    with pytest.raises(ZeroDivisionError), store.transaction():
        add(store, "one")
        add(store, "two")
        assert store.poems.count() == 3
        raise ZeroDivisionError
    assert [poem.title for poem in store.poems.list()] == ["before"]
    assert integrity(store) == "ok"
    add(store, "after")  # the thread is free again


def test_one_transaction_inside_another_is_the_same(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        with store.transaction():
            add(store, "inner")
        raise ZeroDivisionError
    assert store.poems.count() == 0


def test_a_snapshot_does_not_write(store: Store) -> None:
    with store.snapshot(), pytest.raises(RuntimeError, match="snapshot"):
        add(store, "one")
    assert store.poems.count() == 0


def test_a_reader_sees_the_last_committed_state_while_another_writes(store: Store) -> None:
    add(store, "before")
    inside, done = threading.Event(), threading.Event()

    def write() -> None:
        with store.transaction():
            add(store, "new")
            inside.set()
            assert done.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    assert inside.wait(30)
    assert store.poems.count() == 1  # neither blocked nor half informed
    done.set()
    writer.join(30)
    assert store.poems.count() == 2


def test_a_snapshot_stays_the_same_while_another_writes(store: Store) -> None:
    with store.snapshot():
        assert store.poems.count() == 0
        thread = threading.Thread(target=add, args=(store, "new"))
        thread.start()
        thread.join(30)
        assert store.poems.count() == 0
    assert store.poems.count() == 1


def test_readers_and_writers_in_many_threads(store: Store) -> None:
    """Every poem is either there with its passage or not there at all."""
    problems: list[BaseException] = []

    def write(name: int) -> None:
        try:
            for number in range(25):
                add(store, f"{name}-{number}")
        except BaseException as error:
            problems.append(error)

    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                with store.snapshot():
                    assert store.poems.count() == store.poems.count_passages()
                for poem in store.poems.list():
                    assert len(store.poems.passages_of(poem.id)) == 1
        except BaseException as error:
            problems.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in range(3)]
    reader = threading.Thread(target=read)
    for thread in [*writers, reader]:
        thread.start()
    for thread in writers:
        thread.join(120)
    stop.set()
    reader.join(120)
    assert problems == []
    assert store.poems.count() == 75
    assert integrity(store) == "ok"


def test_a_full_store_says_so_and_keeps_what_it_had(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store.sqlite")
    add(store, "before")
    store.close()

    @event.listens_for(store._sessions.engine, "connect")
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    with pytest.raises(StoreError, match=r"is full; nothing was changed") as caught:
        add(store, "large", "x" * 200_000)
    assert "\n" not in caught.value.sentence
    with pytest.raises(StoreError, match="is full"), store.transaction():
        for number in range(100):
            add(store, f"t{number}", "x" * 1000)
    assert [poem.title for poem in store.poems.list()] == ["before"]
    assert integrity(store) == "ok"
    store.close()


def test_a_store_that_another_program_holds_says_so(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = file_store
    monkeypatch.setattr("kiosk.store.sessions.BUSY_MS", 50)
    store.close()  # so that the next connection takes the shorter patience
    raw = sqlite3.connect(store.path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreError, match="in use by another program"):
            add(store, "one")
        assert store.poems.count() == 0
    finally:
        raw.close()
    add(store, "one")
