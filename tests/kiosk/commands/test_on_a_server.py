"""Commands with a store on a server: what they say of it, and what they leave to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.config import load_settings
from kiosk.store.database import open_store
from kiosk.store.records import ArtworkDraft
from tests.kiosk.conftest import Ran
from tests.postgres import Server

Run = Callable[..., Ran]
POEM = "title: Leaf\nauthor: Anna Blatt\n\none leaf\nfalls\n"


@pytest.fixture
def url(
    server: Server, empty_database: str, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Of the store that the settings name."""
    monkeypatch.setenv("EKPHRASIS_DATABASE_URL", server.url(empty_database))
    return server.url(empty_database)


@pytest.mark.slow
@pytest.mark.usefixtures("url")
def test_poems_are_imported_listed_and_counted(
    own_data: Path, tmp_path: Path, ekphrasis: Run, empty_database: str
) -> None:
    (tmp_path / "leaf.txt").write_text(POEM)
    brought = ekphrasis("poems", "import", tmp_path / "leaf.txt")
    assert brought.code == 0, brought.err
    assert "Leaf" in ekphrasis("poems", "list", "--search", "blatt").out
    assert not (own_data / "store.sqlite").exists()
    doctor = ekphrasis("doctor", "--json")
    (store,) = [one for one in json.loads(doctor.out)["findings"] if one["name"] == "store"]
    assert store["there"]
    assert store["sentence"].startswith(
        f"PostgreSQL database '{empty_database}' on this machine: 1 poems, 0 artworks."
    )
    assert "PostgreSQL 15" in store["sentence"]
    with open_store(load_settings().store_place) as kept:
        kept.artworks.add(ArtworkDraft("Wave", image="pictures/wave.jpg"))
    doctor = ekphrasis("doctor", "--json")
    (told,) = [one for one in json.loads(doctor.out)["findings"] if one["name"] == "pictures"]
    assert told["sentence"].startswith("The pictures of 1 works are not in ")


def test_a_server_that_is_not_there_is_told_of(
    own_data: Path, ekphrasis: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKPHRASIS_DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/poems")
    listed, doctor = ekphrasis("poems", "list"), ekphrasis("doctor")
    assert listed.code == 2
    assert listed.err.count("\n") == 1
    assert "PostgreSQL database 'poems' on 127.0.0.1 cannot be opened" in listed.err
    assert doctor.code == 1
    assert "cannot be opened" in doctor.out
    assert "hush" not in listed.err + listed.out + doctor.out + doctor.err


@pytest.mark.usefixtures("url")
def test_backups_are_the_servers_own(own_data: Path, tmp_path: Path, ekphrasis: Run) -> None:
    for words in (("backup", tmp_path), ("restore", tmp_path)):
        ran = ekphrasis(*words)
        assert ran.code == 2
        assert "pg_" in ran.err
        assert str(own_data / "pictures") in ran.err
        assert ran.err.count("\n") == 1
