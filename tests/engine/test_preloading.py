"""torch's library is opened without holding up other threads, and torch works afterwards."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine import preloading

OPENED = """
import threading, time
from engine.preloading import open_ahead
longest = 0.0
done = threading.Event()

def watch():
    global longest
    last = time.perf_counter()
    while not done.is_set():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now

watching = threading.Thread(target=watch)
watching.start()
start = time.perf_counter()
opened = open_ahead()
took = time.perf_counter() - start
done.set()
watching.join()
import torch
print(int(opened), int(open_ahead()), took, longest, float(torch.ones(2, 3).sum()))
"""


def test_the_library_is_opened_while_others_go_on_and_torch_works() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPENED], check=True, capture_output=True, text=True
    )
    opened, again, took, longest, total = map(float, done.stdout.split())
    assert (opened, again, total) == (1, 0, 6)
    assert longest < max(0.6 * took, 0.1)


def test_where_there_is_no_torch_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(preloading.importlib.util, "find_spec", lambda _name: None)
    assert not preloading.open_ahead()


def test_elsewhere_than_on_linux_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not preloading.open_ahead()
