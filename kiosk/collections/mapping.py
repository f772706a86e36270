"""From the columns of somebody's table to the fields of a work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from engine.errors import InputError
from kiosk.collections.markup import plain
from kiosk.collections.rows import Row, RowTable, column_key, each
from kiosk.collections.text import clean_line

FIELDS = ("number", "title", "artist", "date", "image", "description", "language", "room")
# What is known of the rights; the store keeps them beside the work.
RIGHTS_FIELDS = ("source", "licence", "rights_holder")
ALL_FIELDS = (*FIELDS, *RIGHTS_FIELDS)
MOST_LOOKED_AT = 10_000  # rows, for examples
ONE_NAME = re.compile(r"([^,]+),\s*([^,]+)")  # "Blake, Robert", and not three of them


@dataclass(frozen=True, slots=True)
class Reading:
    """How a cell is read, where it is not simply taken as it is."""

    divided_by: str = ""  # what stands between several names
    inverted: bool = False  # "Blake, Robert"
    pattern: str = ""  # with {} where the cell goes
    values: Mapping[str, str] = field(default_factory=dict)  # by small letters; "" for all others

    def read(self, cell: str) -> str:
        """The cell's meaning; "" where it has none."""
        cell = cell.strip()
        if self.values:
            return self.values.get(cell.casefold(), "")
        if not cell:
            return ""
        if self.pattern:
            return self.pattern.replace("{}", cell)
        names = cell.split(self.divided_by) if self.divided_by else [cell]
        if self.inverted:
            names = [ONE_NAME.sub(r"\2 \1", name.strip()) for name in names]
        return ", ".join(dict.fromkeys(name.strip() for name in names if name.strip()))


AS_IT_IS = Reading()


@dataclass(frozen=True, slots=True)
class Source:
    """One column that a field may come from."""

    column: str
    reading: Reading = AS_IT_IS


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which columns each field comes from, the better ones first."""

    name: str  # whose it is, in words; "" for one that was guessed column by column
    fields: Mapping[str, tuple[Source, ...]]

    def with_columns(self, field_name: str, columns: Sequence[str]) -> ColumnMapping:
        """The same with one field corrected; no columns: the field stays empty."""
        sources = tuple(Source(column) for column in columns)
        return replace(self, fields={**self.fields, field_name: sources})

    def within(self, columns: Iterable[str]) -> ColumnMapping:
        """The same without the columns that a table does not have, named as the table does."""
        there: dict[str, str] = {}
        for column in columns:
            there.setdefault(loose_key(column), column)
        kept = {
            name: tuple(
                replace(source, column=there[loose_key(source.column)])
                for source in sources
                if loose_key(source.column) in there
            )
            for name, sources in self.fields.items()
        }
        return replace(self, fields={name: sources for name, sources in kept.items() if sources})

    @property
    def columns(self) -> set[str]:
        """All columns that some field comes from."""
        return {source.column for sources in self.fields.values() for source in sources}


def loose_key(name: str) -> str:
    """A column's name as names are compared here: "Object_Number" is "object number"."""
    return re.sub(r"[\s_-]+", " ", column_key(name)).strip()


def corrections(said: Iterable[str]) -> dict[str, list[str]]:
    """What `field=Column` on the command line says, by field; `field=` leaves it empty.

    A field may be given several times: the first column with something in it counts. Raises
    `InputError` for what is not of this form, or names a field that there is not.
    """
    corrected: dict[str, list[str]] = {}
    for one in said:
        name, equals, column = one.partition("=")
        name = loose_key(name).replace(" ", "_")
        name = {"license": "licence", "picture": "image"}.get(name, name)
        if not equals or name not in ALL_FIELDS:
            raise InputError(
                f"“{one}” is not FIELD=COLUMN with one of the fields {', '.join(ALL_FIELDS)}."
            )
        columns = corrected.setdefault(name, [])
        if column.strip():
            columns.append(column.strip())
    return corrected


def corrected_by(
    mapping: ColumnMapping, table: RowTable, said: Mapping[str, Sequence[str]]
) -> ColumnMapping:
    """The mapping with somebody's corrections. Raises `InputError` for a column there is not."""
    there = {loose_key(column): column for column in table.columns}
    for name, columns in said.items():
        for column in columns:
            if loose_key(column) not in there:
                known = ", ".join(f"“{clean_line(name)[:40]}”" for name in table.columns[:40])
                raise InputError(
                    f"{table.path} has no column “{column}” for {name}; its columns are {known}."
                )
        mapping = mapping.with_columns(name, [there[loose_key(column)] for column in columns])
    return mapping


def mapped(table: RowTable, mapping: ColumnMapping) -> RowTable:
    """The table with its columns under the fields' names; all others keep their own."""
    mapping = mapping.within(table.columns)
    rows = each(table.rows, lambda row: row if row.problem else _mapped(row, mapping))
    others = dict.fromkeys(_own_name(c) for c in table.columns if c not in mapping.columns)
    return replace(table, columns=(*mapping.fields, *others), rows=rows)


def told(table: RowTable, mapping: ColumnMapping) -> Iterator[tuple[str, str, str]]:
    """(field, its columns, what the first row with something in it has there) for each field.

    An example that comes late in a long table is not found.
    """
    mapping = mapping.within(table.columns)
    examples: dict[str, str] = {}
    for row in islice(table.rows, MOST_LOOKED_AT):
        waiting = [name for name in mapping.fields if name not in examples]
        if not waiting:
            break
        for name in waiting if not row.problem else ():
            if text := _value(row, name, mapping.fields[name])[0]:
                examples[name] = text
    for name in ALL_FIELDS:
        columns = ", else ".join(source.column for source in mapping.fields.get(name, ()))
        yield name, columns, clean_line(examples.get(name, ""))


def _mapped(row: Row, mapping: ColumnMapping) -> Row:
    cells: dict[str, str] = {}
    used: set[str] = set()
    for name, sources in mapping.fields.items():
        cells[name], whole = _value(row, name, sources)
        used |= whole
    others = {_own_name(name): text for name, text in row.cells.items() if name not in used}
    return replace(row, cells=cells | others)


def _value(row: Row, name: str, sources: Sequence[Source]) -> tuple[str, set[str]]:
    """What the row has for a field, and the column that needs not be kept beside it."""
    for source in sources:
        cell = row.cells.get(source.column, "")
        text = source.reading.read(cell) if source.reading is not AS_IT_IS else cell
        text = plain(text)
        if name == "artist":  # a list of names, or a name with a line below it
            text = ", ".join(line.strip() for line in text.splitlines() if line.strip())
        whole = source.reading == AS_IT_IS
        if name in ("image", "number"):  # of several the first
            first = next(iter(text.strip().splitlines()), "")
            whole, text = whole and first == text.strip(), first
        if text.strip():
            return text, {source.column} if whole else set()
    return "", set()


def _own_name(column: str) -> str:
    """Another column's name, told apart from the fields'."""
    taken = {column_key(name) for name in ALL_FIELDS}
    return f"{column} (column)" if column_key(column) in taken else column
