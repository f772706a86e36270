"""From a command to the first sound, to a kiosk that answers, and what it takes of the memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figures import RUNS, Figure, milliseconds

TORCH = "import torch, transformers"


def measure_starting(_only: str) -> Iterator[Figure]:
    """Each run is a fresh kiosk; the files are warm in the system's cache, and so is its greeting
    in the cache of spoken lines, as after a set-up. Modules are compiled, as an installer does; the
    first run, which is not counted, does so otherwise."""
    told: list[dict[str, float]] = []
    peer: list[float] = []
    for _ in range(RUNS + 1):
        told.append(start_once())
        peer.append(
            milliseconds(
                lambda: subprocess.run(
                    [sys.executable, "-c", TORCH], check=True, capture_output=True
                )
            )
        )
    yield Figure(
        "start.ready_ms",
        _median(told, "ready_ms"),
        "ms",
        "importing torch and transformers alone",
        round(statistics.median(peer[1:]), 1),
    )
    yield Figure("start.first_sound_ms", _median(told, "first_sound_ms"), "ms")
    yield _memory(told)


def measure_memory(_only: str) -> Iterator[Figure]:
    """All processes of a kiosk that has answered by its model."""
    yield _memory([start_once() for _ in range(4)])


def start_once() -> dict[str, float]:
    """What `tests.bench.cold_start` tells."""
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.cold_start", repr(time.time())],
        check=True,
        capture_output=True,
        text=True,
        env=environ,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _memory(told: list[dict[str, float]]) -> Figure:
    return Figure("memory.rss_mb", _median(told, "rss_mb"), "MB")


def _median(told: list[dict[str, float]], name: str) -> float:
    return round(statistics.median(one[name] for one in told[1:]), 1)
