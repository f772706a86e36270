"""What a figure is, and how one is taken."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

RUNS = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its peer's."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    more_is_better: bool = False  # a rate, not a time

    @property
    def ratio(self) -> float | None:
        """Peer over value, of rates value over peer; above 1 is better than the peer."""
        if not self.peer_value or not self.value:
            return None
        if self.more_is_better:
            return round(self.value / self.peer_value, 3)
        return round(self.peer_value / self.value, 3)

    def row(self) -> str:
        peer = "" if self.peer_value is None else f"{self.peer_value:.2f}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (
            f"{self.name:<32}{self.value:>12.2f}  {self.unit:<6}{self.peer or '':<44}"
            f"{peer:>12}{ratio:>8}"
        )


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def side_by_side(
    name: str,
    ours: Callable[[], object],
    peer: str | None = None,
    theirs: Callable[[], object] | None = None,
    *,
    runs: int = RUNS,
) -> Figure:
    """The medians of `runs` calls each, in turn, so that noise meets both alike; one warm-up."""
    ours()
    if theirs is not None:
        theirs()
    own: list[float] = []
    other: list[float] = []
    for _ in range(runs):
        own.append(milliseconds(ours))
        if theirs is not None:
            other.append(milliseconds(theirs))
    return Figure(
        name,
        round(statistics.median(own), 3),
        "ms",
        peer,
        round(statistics.median(other), 3) if other else None,
    )
