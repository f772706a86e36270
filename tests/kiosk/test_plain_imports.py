"""What Qt for Python does to imports, and that the kiosk undoes it."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOOK = """
import linecache
{load}
import wave
print(any(name.endswith("wave.py") for name in linecache.cache))
"""


@pytest.mark.parametrize(
    ("load", "told"),
    [
        ("import PySide6.QtWidgets", "True"),  # what this is for; a later Qt may end it
        ("from kiosk.display import require_qt; require_qt()", "False"),
        ("from kiosk.plain_imports import import_plainly; import_plainly()", "False"),
    ],
)
def test_no_source_is_read_for_its_import(load: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(load=load)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == told
