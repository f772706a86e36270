"""The kiosk as it was set up for the tests, in a data directory of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.__main__ import main
from kiosk.config import Settings, load_settings


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
