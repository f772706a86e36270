"""What an import did, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

Progress = Callable[[int, int], None]  # (rows done, rows in all)


def no_progress(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    SKIPPED = "skipped"  # nothing wrong with it, and nothing to do
    REFUSED = "refused"  # something in it must be put right first


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row's fate."""

    where: str  # "row 3", "object 3", "ozymandias.txt"
    outcome: Outcome
    title: str = ""
    reason: str = ""  # why it was skipped or refused
    id: int | None = None  # of the poem or work that was added
    notes: tuple[str, ...] = ()  # what was understood differently from how it was written


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole import, in the order of the rows."""

    source: Path
    rows: tuple[RowReport, ...]
    notes: tuple[str, ...] = ()  # about the file as a whole

    def having(self, outcome: Outcome) -> list[RowReport]:
        """The rows with this outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def added(self) -> list[RowReport]:
        """The rows that are in the store now and were not before."""
        return self.having(Outcome.ADDED)

    @property
    def skipped(self) -> list[RowReport]:
        """The rows without a text, and those that were there already."""
        return self.having(Outcome.SKIPPED)

    @property
    def refused(self) -> list[RowReport]:
        """The rows that somebody has to put right."""
        return self.having(Outcome.REFUSED)

    def sentences(self, most: int | None = None) -> Iterator[str]:
        """The report in words, what needs work first; at most `most` lines about rows."""
        yield (
            f"{self.source}: {len(self.added)} added, {len(self.skipped)} skipped, "
            f"{len(self.refused)} refused."
        )
        yield from (f"note: {note}" for note in self.notes)
        told = [
            f"{row.outcome}: {_name(row)}: {row.reason}" for row in (*self.refused, *self.skipped)
        ]
        told += [f"note: {_name(row)}: {note}" for row in self.rows for note in row.notes]
        shown = told if most is None else told[:most]
        yield from shown
        if len(shown) < len(told):
            yield f"… and {len(told) - len(shown)} more; --all shows every one."


def _name(row: RowReport) -> str:
    return f"{row.where} (“{row.title}”)" if row.title else row.where
