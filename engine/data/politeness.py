"""How often a server is asked: so many at once, so far apart, and not at all when it says so.

Addresses are taken together by the service behind them (farm1 and farm8 of one photo service are
one), because it is the service that gets tired, not the name.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

LONGEST_WAIT = 300.0  # seconds; a server that wants more is left for another day


@dataclass(frozen=True, slots=True)
class Manners:
    """What we ask of ourselves, for each service."""

    at_once: int = 4
    apart: float = 0.1  # seconds between the starts of two requests
    attempts: int = 4  # for one picture, in one run
    first_wait: float = 1.0  # seconds after the first failure; doubled after each further one
    silence: float = 20.0  # seconds without a byte, then the connection is given up
    longest: float = 90.0  # seconds for one picture, however steadily it drips


class Service:
    """One service's turn-taking; shared by the threads that ask it."""

    def __init__(self, manners: Manners, stop: threading.Event) -> None:
        self._slots = threading.BoundedSemaphore(manners.at_once)
        self._apart = manners.apart
        self._lock = threading.Lock()
        self._next = 0.0
        self._stop = stop

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; raises `Stopped` when the fetch is being broken off."""
        with self._slots:
            while True:
                with self._lock:
                    wait = self._next - time.monotonic()
                    if wait <= 0:
                        self._next = time.monotonic() + self._apart
                        break
                self.sleep(wait)
            yield

    def rest(self, seconds: float) -> None:
        """Nobody asks this service again before so many seconds are over."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)

    def sleep(self, seconds: float) -> None:
        """Sleep, and wake when the fetch is broken off."""
        if self._stop.wait(seconds):
            raise StoppedError


class StoppedError(Exception):
    """The fetch is being broken off; what is not begun is left for the next run."""


def service_of(address: str) -> str:
    """The service behind an address: the last two parts of its name, or a number as it is."""
    host = urlsplit(address).netloc.lower().rsplit("@", maxsplit=1)[-1]
    name = host.split(":")[0]
    if name.replace(".", "").isdigit():
        return host
    return ".".join(name.split(".")[-2:])


def wait_for(headers: Mapping[str, str], failures: int, first_wait: float) -> float:
    """Seconds until the next attempt: as the server says (Retry-After), or doubling, with jitter.

    `failures` is how many there were, 1 after the first.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isdigit():
        return float(said)
    if said:
        try:
            return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
        except (TypeError, ValueError):
            pass
    doubled: float = first_wait * 2 ** (failures - 1)
    return doubled * random.uniform(0.5, 1.0)  # noqa: S311 - a pause
