"""`ekphrasis history poem | artwork | restore`: what was changed, and back to what it was."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.commands.changes_told import told_change
from kiosk.commands.edit import add_who, make_again, who
from kiosk.commands.listing import write, write_json
from kiosk.config import Settings
from kiosk.progress import note
from kiosk.store.records import Kind

if TYPE_CHECKING:
    from kiosk.store.database import Store
    from kiosk.store.records import Change


def add_parser(subparsers: Any) -> None:
    """Add `history` and its actions."""
    parser = subparsers.add_parser("history", help="what was changed by whom, and back again")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for kind in Kind:
        show = actions.add_parser(str(kind), help=f"all changes of a {kind}, the first one first")
        show.add_argument("id", type=int, metavar="ID")
        show.add_argument("--json", action="store_true")
    restore = actions.add_parser("restore", help="back to what it was right after a change")
    restore.add_argument("change", type=int, metavar="CHANGE")
    restore.add_argument("--before", action="store_true", help="to what it was before that change")
    add_who(restore)
    restore.add_argument(
        "--later", action="store_true", help="leave ranking and speaking to the running kiosk"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store:
        if args.action == "restore":
            _restore(args, store, settings)
        else:
            _show(store, Kind(args.action), args.id, as_json=args.json)
    return 0


def _show(store: Store, kind: Kind, subject_id: int, *, as_json: bool) -> None:
    changes = store.history.of(kind, subject_id)
    if not changes and store.history.state(kind, subject_id) is None:
        raise InputError(f"There is no {kind} {subject_id}; `ekphrasis {kind}s list` shows them.")
    if as_json:
        write_json([_as_json(change) for change in changes])
        return
    if not changes:
        note(f"Nothing was changed of {kind} {subject_id} since it came in.")
        return
    for change in changes:
        for line in told_change(change):
            write(line)
    note(
        "`ekphrasis history restore CHANGE` goes back to what it was right after a change, with "
        "--before to what it was before it."
    )


def _restore(args: argparse.Namespace, store: Store, settings: Settings) -> None:
    from kiosk.collections.editing import restore

    to, change = restore(store, args.change, who(args), before=args.before)
    if change is None:
        note(f"Nothing was changed: {to.kind} {to.subject_id} is so already.")
        return
    for line in told_change(change):
        write(line)
    if not args.later:
        make_again(store, settings, change)


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind,
        "subject_id": change.subject_id,
        "at": change.at,
        "who": change.who,
        "why": change.why,
        "before": change.before,
        "after": change.after,
    }
