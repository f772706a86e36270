"""The set-up's second part after an interruption at the worst moments, with the real scripts.

Nothing can be fetched here: what is looked at is which environment the script goes on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.config import HOME


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of the project as the script reads."""
    shutil.copytree(HOME / "packaging", tmp_path / "packaging")
    shutil.copy(HOME / "pyproject.toml", tmp_path)
    return tmp_path


def set_up(clone: Path) -> subprocess.CompletedProcess[str]:
    """The script, without a way to any package."""
    return subprocess.run(
        [clone / "packaging" / "setup" / "20-python.sh"],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(clone),
            "PYTHON": str(Path(sys.executable).resolve()),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "left",
    [
        ["bin/python"],  # killed while a broken one was being removed
        ["bin/python", ".unfinished"],  # killed while packages were being installed
    ],
)
def test_what_an_interruption_left_is_made_anew(clone: Path, left: list[str]) -> None:
    for name in left:
        path = clone / ".venv" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == "bin/python":  # works, and is the system's own: it would install there
            path.symlink_to(Path(sys.executable).resolve())
        else:
            path.touch()
    (clone / ".venv" / "old").touch()
    done = set_up(clone)
    assert done.returncode != 0
    assert "Making" in done.stderr
    assert "externally-managed" not in done.stderr
    assert not (clone / ".venv" / "old").exists()
    assert (clone / ".venv" / "pyvenv.cfg").read_text()
    assert (clone / ".venv" / ".unfinished").exists(), "the next run must not trust it either"


def test_a_whole_environment_is_left_alone(clone: Path) -> None:
    locks = clone / "packaging" / "requirements"
    stamped = hashlib.sha256((clone / "pyproject.toml").read_bytes())
    for name in ("torch-cpu", "torch", "torch-cuda", "base"):
        stamped.update((locks / f"{name}.txt").read_bytes())
    (clone / ".venv").mkdir()
    (clone / ".venv" / ".runtime").write_text(stamped.hexdigest())
    done = set_up(clone)
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in (clone / ".venv").iterdir()] == [".runtime"]
