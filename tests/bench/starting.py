"""From a command to a loaded model, and what it all takes of the memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figures import RUNS, Figure, milliseconds

LOAD = """
import json, time
start = time.perf_counter()
from kiosk.config import load_settings
from kiosk.matching import MatchService
from kiosk.store.database import open_store
import os, psutil
settings = load_settings()
with open_store(settings.store_path) as store:
    service = MatchService(settings, store)
    service.load()
    ready = (time.perf_counter() - start) * 1000
    work = next(work for work in service.artworks() if work.picture)
    service.match_artwork(work.id)
    me = psutil.Process(os.getpid())
    resident = sum(one.memory_info().rss for one in [me, *me.children(recursive=True)])
print(json.dumps({"ready": ready, "rss": resident / 1e6}))
"""
TORCH = "import torch, transformers"


def measure_starting(_only: str) -> Iterator[Figure]:
    """Each run is a fresh process; the files are warm in the system's cache."""
    ready: list[float] = []
    peer: list[float] = []
    resident: list[float] = []
    for warm in range(RUNS + 1):
        done = subprocess.run(
            [sys.executable, "-c", LOAD], check=True, capture_output=True, text=True
        )
        imports = milliseconds(
            lambda: subprocess.run([sys.executable, "-c", TORCH], check=True, capture_output=True)
        )
        if warm:
            told = json.loads(done.stdout.splitlines()[-1])
            ready.append(told["ready"])
            resident.append(told["rss"])
            peer.append(imports)
    yield Figure(
        "start.load_ms",
        round(statistics.median(ready), 1),
        "ms",
        "importing torch and transformers alone",
        round(statistics.median(peer), 1),
    )
    yield Figure("start.memory_rss_mb", round(statistics.median(resident), 1), "MB")
