"""The kiosk as it was set up for the tests, in a data directory of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.__main__ import main
from kiosk.config import Settings, load_settings
from kiosk.store.database import Store, open_store
from tests.kiosk.scripted_kiosk import Stage, scripted_kiosks
from tests.postgres import Server, debian_programs, programs_with_pgvector, running


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """One application for all tests, with windows: a process can have only one, and a command that
    needs none with windows would otherwise make a smaller one that window tests cannot use."""
    return qapp


@pytest.fixture(scope="session")
def installed() -> Settings:
    """Model, store and starter collection, as `make test` set them up. Tests only read them."""
    settings = load_settings()
    if "EKPHRASIS_DATA_DIR" not in os.environ or not settings.store_path.exists():
        pytest.fail("The test data is not set up; run `make test`, or `make dev` once.")
    return settings


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, without pgvector."""
    with running(debian_programs()) as started:
        yield started


@pytest.fixture(scope="session")
def pgvector_server() -> Iterator[Server]:
    """Another one, with pgvector."""
    with running(programs_with_pgvector(), copied=True) as started:
        yield started


@pytest.fixture(scope="session")
def opened_once(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which a store was opened; others are copied from it."""
    place = server.place(tmp_path_factory.mktemp("opened-once"))
    open_store(place).close()
    return place.database


@pytest.fixture
def empty_database(server: Server, opened_once: str) -> Iterator[str]:
    """The name of a database that holds an empty store, gone after the test."""
    name = server.new_database(opened_once, "")
    yield name
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """A real store in a file of its own."""
    with open_store(tmp_path / "data" / "store.sqlite") as opened:
        yield opened


@pytest.fixture
def server_store(server: Server, empty_database: str, tmp_path: Path) -> Iterator[Store]:
    """A real store in a database of its own."""
    with open_store(server.place(tmp_path / "data", empty_database)) as opened:
        yield opened


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest) -> Store:
    """Either: the same test with both."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def make_stage(qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    """Makes kiosks whose story is scripted, each in a window of its own."""
    yield from scripted_kiosks(qtbot)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def ekphrasis(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process, as typed."""

    def run(*words: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:  # argparse's own way out
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def own_data(installed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory that a test may change: the installed model, and no store yet."""
    data = tmp_path / "data"
    (data / "bundles").mkdir(parents=True)
    for bundle in installed.bundles_dir.iterdir():
        shutil.copytree(bundle, data / "bundles" / bundle.name, copy_function=os.link)
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(data))
    return data
