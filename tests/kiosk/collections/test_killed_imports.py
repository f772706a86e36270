"""SIGKILL at any moment: a batch is there or it is not, and a second run completes the import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_imports.py")


@pytest.mark.slow
@pytest.mark.timeout(1500)  # a busy machine needs patience; nothing here waits
@pytest.mark.parametrize(("kind", "times"), [("poems", 130), ("artworks", 70)])
def test_killed_at_200_moments(tmp_path: Path, kind: str, times: int) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), kind, str(times), str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert sum(seen.values()) >= times
    assert seen["before the first batch"] > 0
    assert seen["between batches"] > 0
    assert seen["undoing"] > 0
