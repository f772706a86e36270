"""`ekphrasis imports list | show | undo`: what was brought in, and how to take it back."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.commands.listing import write, write_json, write_table
from kiosk.config import Settings
from kiosk.progress import Told, note

if TYPE_CHECKING:
    from kiosk.store.database import Store
    from kiosk.store.import_records import Deed, ImportRecord


def add_parser(subparsers: Any) -> None:
    """Add `imports` and its actions."""
    parser = subparsers.add_parser("imports", help="what was brought in; undo an import")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every import, the first one first")
    listing.add_argument("--json", action="store_true")
    show = actions.add_parser("show", help="what an import added and changed")
    show.add_argument("number", type=int, metavar="N")
    show.add_argument("--json", action="store_true")
    undo = actions.add_parser("undo", help="take back what an import did, as a whole")
    undo.add_argument("number", type=int, metavar="N")
    undo.add_argument(
        "--spare",
        action="store_true",
        help="leave what docents decided about, or was changed since, and undo the rest",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store:
        if args.action == "list":
            _list(store, as_json=args.json)
        elif args.action == "show":
            _show(store, args.number, as_json=args.json)
        else:
            _undo(store, settings, args.number, spare=args.spare)
    return 0


def _list(store: Store, *, as_json: bool) -> None:
    records = store.imports.list()
    if as_json:
        write_json([asdict(record) for record in records])
    elif records:
        write_table(
            ("import", "what", "when", "who", "state", "added", "changed", "refused", "from"),
            (
                (
                    str(record.id),
                    record.kind,
                    _local(record.begun),
                    record.who,
                    _state(record),
                    str(record.counts.added),
                    str(record.counts.changed),
                    str(record.counts.refused),
                    Path(record.source).name,
                )
                for record in records
            ),
        )
    else:
        note("Nothing has been imported yet.")


def _state(record: ImportRecord) -> str:
    """How far it is, and how to go on where it stopped."""
    from kiosk.store.import_records import ImportState

    if record.state is ImportState.RUNNING:
        return f"at row {record.counts.done} of {record.total}"
    if record.state is ImportState.UNDOING:
        return "half undone"
    return record.state


def _show(store: Store, number: int, *, as_json: bool) -> None:
    record = store.imports.get(number)
    if record is None:
        raise InputError(
            f"There is no import {number}; `ekphrasis imports list` shows what there is."
        )
    if as_json:
        write_json(asdict(record) | {"deeds": [asdict(one) for one in store.imports.deeds(number)]})
        return
    counts = record.counts
    write(
        f"Import {number}, {record.kind}, from {record.source}, on {_local(record.begun)}"
        f"{f' by {record.who}' if record.who else ''}: {_state(record)}.\n"
        f"{counts.added} added, {counts.changed} changed, {counts.skipped} left alone, "
        f"{counts.refused} refused."
    )
    for deed in store.imports.deeds(number):
        write(_deed(deed))


def _deed(deed: Deed) -> str:
    changed = f": {', '.join(deed.before)}" if deed.before else ""
    return f"{deed.action}: {deed.place}, {deed.subject} {deed.subject_id}{changed}"


def _undo(store: Store, settings: Settings, number: int, *, spare: bool) -> None:
    from kiosk.collections.undo import tell, undo_import
    from kiosk.commands.bringing import make_searchable, unready

    with Told() as told:
        report = undo_import(store, number, told.of("undoing"), spare=spare)
    left = f"; {len(report.spared)} stay" if report.spared else ""
    write(f"Import {number} is undone: {report.undone} things are as they were{left}.")
    for obstacle in report.spared:
        write(f"stays: {tell(obstacle)}")
    if unready(store):
        make_searchable(store, settings)


def _local(moment: str) -> str:
    """A moment as the clock on the wall shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
