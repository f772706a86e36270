"""Two tables of one export, laid side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.guessing import Join, known_columns, recognised
from kiosk.collections.mapping import loose_key
from kiosk.collections.rows import Row, RowTable, each
from kiosk.collections.tables import read_table


def joined(table: RowTable, beside: Sequence[Path]) -> RowTable:
    """The table with the columns of its other tables, and a note on each.

    The tables are those in `beside`, and those that a known export usually has, where they lie in
    the same folder. Raises `InputError` for a table in `beside` that does not fit.
    """
    export = recognised(table.columns)
    joins = () if export is None else export.joins
    given = list(beside)
    for join in joins:
        named = next((path for path in given if path.name.casefold() == join.file), None)
        found = named or table.path.parent / join.file
        if named is not None:
            given.remove(named)
        elif not found.is_file():
            continue
        table = _beside(table, _read(found), join)
    for path in given:
        other = _read(path)
        table = _beside(table, other, _fitting(table, other, joins))
    return table


def _read(path: Path) -> RowTable:
    return read_table(path, known_columns(), repeated=True)


def _fitting(table: RowTable, other: RowTable, joins: Iterable[Join]) -> Join:
    """By which columns the two are laid side by side: as is known, or by the one they share."""
    theirs = {loose_key(name): name for name in other.columns}
    known = next((join for join in joins if loose_key(join.there) in theirs), None)
    if known is not None:
        return known
    shared = [name for name in table.columns if loose_key(name) in theirs]
    if len(shared) == 1:
        return Join(other.path.name, shared[0], theirs[loose_key(shared[0])])
    found = f"they share {', '.join(shared[:10])}" if shared else "they share none"
    raise InputError(
        f"{other.path} cannot be laid beside {table.path}: exactly one column must have the same "
        f"name in both, and {found}; rename the others, or the one by which they belong together."
    )


def _beside(table: RowTable, other: RowTable, join: Join) -> RowTable:
    here = _column(table, join.here)
    there = _column(other, join.there)
    chosen: dict[str, Row] = {}
    for row in other.rows:
        key = row.cells.get(there, "").strip()
        if key and not row.problem and (key not in chosen or _better(row, chosen[key], join)):
            chosen[key] = row
    names = _new_names(table, other, there)

    def beside(row: Row) -> Row | None:
        return None if row.problem else chosen.get(row.cells.get(here, "").strip())

    def widened(row: Row) -> Row:
        found = beside(row)
        if found is None:
            return row
        more = {names[name]: text for name, text in found.cells.items() if name in names}
        return replace(row, cells={**row.cells, **more})

    matched = sum(1 for row in table.rows if beside(row) is not None)
    note = (
        f"{other.path.name} was laid beside it by {here}: {matched} of {len(table.rows)} rows are "
        "in it"
    )
    return RowTable(
        table.path,
        (*table.columns, *names.values()),
        each(table.rows, widened),
        (*table.notes, *(f"{other.path.name}: {said}" for said in other.notes), note),
    )


def _column(table: RowTable, wanted: str) -> str:
    for name in table.columns:
        if loose_key(name) == loose_key(wanted):
            return name
    raise InputError(
        f"{table.path} lacks the column “{wanted}”, by which it belongs to the other table."
    )


def _new_names(table: RowTable, other: RowTable, key: str) -> Mapping[str, str]:
    """The other table's columns; one whose name is taken has its table's name before it."""
    taken = {loose_key(name) for name in table.columns}
    return {
        name: f"{other.path.stem}.{name}" if loose_key(name) in taken else name
        for name in other.columns
        if name and name != key
    }


def _better(row: Row, than: Row, join: Join) -> bool:
    return _rank(row, join) < _rank(than, join)


def _rank(row: Row, join: Join) -> tuple[int, float]:
    cells = {loose_key(name): text.strip() for name, text in row.cells.items()}
    preferred = all(cells.get(name, "").casefold() == value for name, value in join.prefer.items())
    try:
        order = float(cells.get(join.order, ""))
    except ValueError:
        order = math.inf
    return 0 if preferred else 1, math.inf if math.isnan(order) else order
