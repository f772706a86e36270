"""The console script itself: light until it works, and it never shows a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.__main__ import COMMANDS, build_parser
from tests.kiosk.conftest import Ran

Run = Callable[..., Ran]


@pytest.mark.parametrize("module", ["engine", "kiosk.__main__"])
def test_importing_is_light(module: str) -> None:
    """Neither help nor a list of poems waits for torch or Qt."""
    code = (
        f"import sys, {module}\n"
        "if len(sys.argv) > 1: kiosk.__main__.build_parser()\n"
        "heavy = {'torch', 'transformers', 'PySide6', 'sqlalchemy', 'PIL'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    words = ["parse"] if module == "kiosk.__main__" else []
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_command_has_help(ekphrasis: Run) -> None:
    listed = build_parser().format_help().split()
    for command in COMMANDS:
        assert command in listed
        assert ekphrasis(command, "--help").code == 0


def test_only_the_command_asked_for_is_imported() -> None:
    code = (
        "import sys; from kiosk.__main__ import main\n"
        "try: main(['run', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*(name for name in sys.modules if name.startswith('kiosk.commands.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ekphrasis run" in done.stdout
    assert done.stdout.splitlines()[-1] == "kiosk.commands.run"


def test_a_word_too_many(ekphrasis: Run) -> None:
    assert ekphrasis("sing").code == 2


def test_a_broken_settings_file(
    ekphrasis: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("volume = 'loud'")
    monkeypatch.setenv("EKPHRASIS_CONFIG", str(tmp_path / "config.toml"))
    ran = ekphrasis("doctor")
    assert ran.code == 2
    assert "volume must be of type float" in ran.err


def test_a_data_directory_that_cannot_be(
    ekphrasis: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("EKPHRASIS_DATA_DIR", str(tmp_path / "file"))
    ran = ekphrasis("poems", "list")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
