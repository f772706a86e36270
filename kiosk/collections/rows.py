"""What every table is, whatever its format: rows of named cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import overload

from engine.errors import InputError
from kiosk.collections.text import clean_line


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came."""

    where: str  # how staff find it: "row 3", "object 3", "ozymandias.txt"
    cells: Mapping[str, str]  # by the column's own name
    problem: str = ""  # why the reader itself must refuse it; empty when it is sound
    notes: tuple[str, ...] = ()  # what staff should look at, though it is taken as it is

    def take(self, *names: str) -> str:
        """The first of these cells that holds something; "" where none does."""
        for wanted in names:
            for name, value in self.cells.items():
                if column_key(name) == wanted and value.strip():
                    return value
        return ""

    def others(self, known: Iterable[str]) -> dict[str, str]:
        """The cells of all other columns, as they are; empty ones left out."""
        names = set(known)
        return {
            name: value
            for name, value in self.cells.items()
            if column_key(name) not in names and value.strip()
        }


class ReadRows(Sequence[Row]):
    """Rows that are read anew whenever somebody walks through them; none is held."""

    def __init__(self, read: Callable[[], Iterator[Row]], count: int) -> None:
        """`count`: how many `read` gives."""
        self._read = read
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        return self._read()

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            wanted = range(self._count)[index]
            found = {n: row for n, row in enumerate(self) if n in wanted}
            return [found[n] for n in wanted]
        at = range(self._count)[index]
        return next(islice(self, at, None))


def each(rows: Sequence[Row], change: Callable[[Row], Row]) -> Sequence[Row]:
    """These rows, each as `change` makes it; only those that are held already are held."""
    if isinstance(rows, ReadRows):
        return ReadRows(lambda: map(change, rows), len(rows))
    return tuple(map(change, rows))


@dataclass(frozen=True, slots=True)
class RowTable:
    """A table as it came."""

    path: Path
    columns: tuple[str, ...]
    rows: Sequence[Row]
    notes: tuple[str, ...] = ()  # what staff should know about the reading


def column_key(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().casefold()


def column_names(path: Path, cells: Iterable[str], *, repeated: bool = False) -> tuple[str, ...]:
    """The columns that a table's first row names, without the nameless ones at its end.

    With `repeated`, the second of a name is called "name (2)". Raises `InputError` otherwise.
    """
    columns = [name.strip() for name in cells]
    while columns and not columns[-1]:  # a delimiter at the line's end
        columns.pop()
    times: dict[str, int] = {}
    for i, name in enumerate(columns):
        key = column_key(name)
        times[key] = times.get(key, 0) + 1
        if not key or times[key] == 1:
            continue
        if not repeated:
            raise InputError(f"{path} has two columns named “{key}”; rename or remove one.")
        columns[i] = f"{name} ({times[key]})"
    return tuple(columns)


def require_columns(table: RowTable, *wanted: tuple[str, ...]) -> None:
    """Raise `InputError` unless each of `wanted` (names that mean the same) is a column."""
    there = {column_key(name) for name in table.columns}
    missing = [" or ".join(f"“{n}”" for n in names) for names in wanted if not there & set(names)]
    if missing:
        # Shortened and cleaned: a file that is no table may have anything for columns.
        names_found = [clean_line(name)[:40] for name in table.columns[:20]]
        found = ", ".join(f"“{name}”" for name in names_found) or "no columns at all"
        raise InputError(
            f"{table.path} lacks the column {' and the column '.join(missing)}; it has {found}: "
            "name the columns in the first row."
        )
