"""What an import did, or would do, row by row."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from enum import StrEnum
from typing import overload

Progress = Callable[[int, int], None]  # (rows done, rows in all)
BLOCK = 500  # rows packed together


def no_progress(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SKIPPED = "left alone"  # nothing wrong with it, and nothing to do
    REFUSED = "refused"  # something in it must be put right first


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row's fate."""

    where: str  # "row 3", "object 3", "ozymandias.txt"
    outcome: Outcome
    title: str = ""
    reason: str = ""  # why it was left alone or refused; what was changed
    id: int | None = None  # of the poem or work that is meant
    notes: tuple[str, ...] = ()  # what was understood differently from how it was written


class RowLog(Sequence[RowReport]):
    """The fates of any number of rows, packed: a long table's take a few bytes each."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._fresh: list[RowReport] = []
        self._outcomes: Counter[Outcome] = Counter()
        self.notes = 0  # how many there are

    def append(self, row: RowReport) -> None:
        """Another row."""
        self._outcomes[row.outcome] += 1
        self.notes += len(row.notes)
        self._fresh.append(row)
        if len(self._fresh) == BLOCK:
            rows = json.dumps([astuple(one) for one in self._fresh])
            self._packed.append(zlib.compress(rows.encode()))
            self._fresh = []

    def count(self, value: object) -> int:
        """How many rows have this outcome."""
        return self._outcomes[value] if isinstance(value, Outcome) else super().count(value)

    def __len__(self) -> int:
        return len(self._packed) * BLOCK + len(self._fresh)

    def __iter__(self) -> Iterator[RowReport]:
        for number in range(len(self._packed)):
            yield from self._block(number)
        yield from self._fresh

    @overload
    def __getitem__(self, index: int) -> RowReport: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[RowReport]: ...

    def __getitem__(self, index: int | slice) -> RowReport | Sequence[RowReport]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        block = place // BLOCK
        rows = self._block(block) if block < len(self._packed) else self._fresh
        return rows[place % BLOCK]

    def _block(self, number: int) -> list[RowReport]:
        return [
            RowReport(where, Outcome(outcome), title, reason, own_id, tuple(notes))
            for where, outcome, title, reason, own_id, notes in json.loads(
                zlib.decompress(self._packed[number])
            )
        ]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole import, in the order of the rows."""

    source: str  # what was imported, as staff know it
    rows: RowLog = field(default_factory=RowLog)
    notes: tuple[str, ...] = ()  # about the file as a whole
    dry: bool = False  # nothing was written; this is what would be done
    number: int | None = None  # of the import, by which it can be undone; None: nothing was written
    went_on: bool = False  # with what an earlier run of the same import left to do

    def having(self, outcome: Outcome) -> Iterator[RowReport]:
        """The rows with this outcome; they may be very many."""
        return (row for row in self.rows if row.outcome is outcome)

    @property
    def added(self) -> list[RowReport]:
        """The rows that are in the store now and were not before."""
        return list(self.having(Outcome.ADDED))

    @property
    def changed(self) -> list[RowReport]:
        """The rows that said something new of what was there already."""
        return list(self.having(Outcome.CHANGED))

    @property
    def skipped(self) -> list[RowReport]:
        """The rows without a text, and those that were there already."""
        return list(self.having(Outcome.SKIPPED))

    @property
    def refused(self) -> list[RowReport]:
        """The rows that somebody has to put right."""
        return list(self.having(Outcome.REFUSED))

    @property
    def wrote(self) -> bool:
        """Whether the store is another one now."""
        return self.number is not None

    def sentences(self, most: int | None = None) -> Iterator[str]:
        """The report in words, what needs work first; at most `most` lines about rows."""
        would = "would be " if self.dry else ""
        count = self.rows.count
        yield (
            f"{self.source}: {count(Outcome.ADDED)} {would}added, "
            f"{count(Outcome.CHANGED)} {would}changed, {count(Outcome.SKIPPED)} left alone, "
            f"{count(Outcome.REFUSED)} refused."
        )
        if self.dry:
            yield "This was a trial: nothing was written."
        if self.went_on:
            yield "It went on where it was stopped; the rows of before are counted along."
        yield from (f"note: {note}" for note in self.notes)
        told = [Outcome.REFUSED, Outcome.CHANGED, Outcome.SKIPPED]
        if self.dry:  # of a real import, what was added can be listed
            told.append(Outcome.ADDED)
        lines = sum(count(outcome) for outcome in told) + self.rows.notes
        for shown, line in enumerate(self._lines(told)):
            if shown == most:
                yield f"… and {lines - shown} more; --all shows every one."
                return
            yield line

    def _lines(self, told: Sequence[Outcome]) -> Iterator[str]:
        for outcome in told:
            would = self.dry and outcome in (Outcome.ADDED, Outcome.CHANGED)
            for row in self.having(outcome):
                reason = f": {row.reason}" if row.reason else ""
                yield f"{'would be ' if would else ''}{outcome}: {_name(row)}{reason}"
        yield from (f"note: {_name(row)}: {note}" for row in self.rows for note in row.notes)


def _name(row: RowReport) -> str:
    return f"{row.where} (“{row.title}”)" if row.title else row.where
