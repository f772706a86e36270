"""Whose export a table is, and which of its columns is what: guessed from the columns' names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.collections.mapping import ALL_FIELDS, ColumnMapping, Reading, Source, loose_key
from kiosk.collections.rows import column_key

KNOWN_EXPORTS = Path(__file__).with_name("known_exports.toml")


@dataclass(frozen=True, slots=True)
class Join:
    """A second table that belongs to the first."""

    file: str  # its usual name
    here: str  # the column of the first table …
    there: str  # … that this one of the second is laid beside
    prefer: Mapping[str, str] = field(default_factory=dict)  # which of several rows
    order: str = ""  # the column whose least number comes first


@dataclass(frozen=True, slots=True)
class KnownExport:
    """How one museum, or one system, names its columns."""

    name: str
    recognised_by: tuple[tuple[str, ...], ...]
    mapping: ColumnMapping
    joins: tuple[Join, ...] = ()

    def is_this(self, columns: Iterable[str]) -> bool:
        """Whether a table with these columns is such an export."""
        there = {loose_key(column) for column in columns}
        return any(all(loose_key(name) in there for name in names) for names in self.recognised_by)


@cache
def known_exports() -> tuple[KnownExport, ...]:
    """All exports that are known, the most particular first."""
    return tuple(_export(entry) for entry in _tables()["export"])


@cache
def known_columns() -> frozenset[str]:
    """Every column's name that is known to mean something, as `column_key` has it."""
    names = {name for export in known_exports() for name in export.mapping.columns}
    names |= {
        name for export in known_exports() for several in export.recognised_by for name in several
    }
    names |= {name for several in _tables()["generic"].values() for name in several}
    return frozenset(column_key(name) for name in names) | frozenset(ALL_FIELDS)


@cache
def second_tables() -> frozenset[str]:
    """The usual names of tables that only belong to another."""
    return frozenset(join.file for export in known_exports() for join in export.joins)


def recognised(columns: Iterable[str]) -> KnownExport | None:
    """The export that a table with these columns is, or None."""
    columns = tuple(columns)
    if {"title", "image"} <= {column_key(name) for name in columns}:
        return None  # the table that the documents describe
    return next((export for export in known_exports() if export.is_this(columns)), None)


def guess(columns: Iterable[str]) -> ColumnMapping:
    """The most probable mapping; fields without a column are left out.

    A column with a field's own name is that field. Then a known export's mapping is taken whole,
    and else each field the first column that anybody calls so.
    """
    columns = tuple(columns)
    export = recognised(columns)
    if export is not None:
        return export.mapping.within(columns)
    there: dict[str, str] = {}
    for column in columns:
        there.setdefault(loose_key(column), column)
    fields: dict[str, tuple[Source, ...]] = {}
    taken: set[str] = set()
    generic: Mapping[str, list[str]] = _tables()["generic"]
    for name in ALL_FIELDS:
        for candidate in (name.replace("_", " "), *generic[name]):
            column = there.get(loose_key(candidate), "")
            if column and column not in taken:
                fields[name] = (Source(column),)
                taken.add(column)
                break
    return ColumnMapping("", fields)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(KNOWN_EXPORTS.read_text(encoding="utf-8"))


def _export(entry: dict[str, Any]) -> KnownExport:
    fields = {name: tuple(_sources(said)) for name, said in entry["fields"].items()}
    return KnownExport(
        entry["name"],
        tuple(tuple(names) for names in entry["recognised_by"]),
        ColumnMapping(entry["name"], fields),
        tuple(Join(**join) for join in entry.get("join", ())),
    )


def _sources(said: list[Any] | dict[str, Any]) -> Iterable[Source]:
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str):
            yield Source(one)
        else:
            rest = {name: value for name, value in one.items() if name != "columns"}
            yield from (Source(column, Reading(**rest)) for column in one["columns"])
