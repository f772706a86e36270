"""From a visitor's first key to the first sample, while the model is being loaded beside it."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figures import RUNS, Figure

EARLIEST_S, APART_S = 0.3, 0.15  # after the start; the runs are spread over the loading


def measure_visiting(_only: str) -> Iterator[Figure]:
    """Each run is a fresh kiosk, and its key comes a little later than the last one's.

    One run goes before, so that the greeting lies in the cache of spoken lines, as after a set-up.
    Runs in which the model had been loaded before the key came do not count.
    """
    taken: list[float] = []
    for run in range(RUNS + 1):
        after = EARLIEST_S + max(0, run - 1) * APART_S
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.first_key", str(after)],
            check=True,
            capture_output=True,
            text=True,
        )
        milliseconds, loading = done.stdout.split()[-2:]
        if run and int(loading):
            taken.append(float(milliseconds))
    assert len(taken) >= RUNS // 2, "the model was loaded before the keys came"
    yield Figure("visit.first_key_to_sound_ms", round(statistics.median(taken), 1), "ms")
    yield Figure("visit.first_key_to_sound_worst_ms", round(max(taken), 1), "ms")
