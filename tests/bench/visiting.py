"""From a visitor's first key to the first sample, while the model is being loaded beside it."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figures import RUNS, Figure

EARLIEST_S, APART_S = 0.3, 0.15  # after the start; the runs are spread over the loading
MOST = 4 * RUNS  # starts, until the machine is taken for one that loads too fast to be measured


def measure_visiting(_only: str) -> Iterator[Figure]:
    """Each run is a fresh kiosk, and its key comes a little later than the last one's.

    One run goes before, so that the greeting lies in the cache of spoken lines, as after a set-up.
    A run in which the model had been loaded before the key came does not count; the next key comes
    early again.
    """
    taken: list[float] = []
    first_key(EARLIEST_S)
    after = EARLIEST_S
    for _ in range(MOST):
        milliseconds, loading = first_key(after)
        after = after + APART_S if loading else EARLIEST_S
        if loading:
            taken.append(milliseconds)
        if len(taken) == RUNS:
            break
    assert len(taken) == RUNS, "the model was loaded before the keys came"
    yield Figure("visit.first_key_to_sound_ms", round(statistics.median(taken), 1), "ms")
    yield Figure("visit.first_key_to_sound_worst_ms", round(max(taken), 1), "ms")


def first_key(after_s: float) -> tuple[float, bool]:
    """Milliseconds from a key to its sound, and whether the model was still being loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.first_key", str(after_s)],
        check=True,
        capture_output=True,
        text=True,
    )
    milliseconds, loading = done.stdout.split()[-2:]
    return float(milliseconds), bool(int(loading))
