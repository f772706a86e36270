"""A real store for each test: in a file of its own, and in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.database import Store, open_store
from tests.postgres import Server


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data" / "store.sqlite") as opened:
        yield opened


@pytest.fixture
def server_store(server: Server, empty_database: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(server.place(tmp_path / "data", empty_database)) as opened:
        yield opened


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest) -> Store:
    """The same test with both."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
