"""`ekphrasis rights list | confirm`: what may be used, what is held back, and who says so."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.commands.listing import write, write_json, write_table
from kiosk.config import Settings
from kiosk.progress import note
from kiosk.store.records import Kind

if TYPE_CHECKING:
    from kiosk.rights import HeldBack, Reason
    from kiosk.store.database import Store
    from kiosk.store.records import RightsRecord


def add_parser(subparsers: Any) -> None:
    """Add `rights` and its actions."""
    parser = subparsers.add_parser("rights", help="what may be used, and who says so")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("list", help="source, licence and rights holder of everything")
    show.add_argument("--held", action="store_true", help="only what is held back, and why")
    show.add_argument("--json", action="store_true")
    confirm = actions.add_parser("confirm", help="say that something may be used")
    confirm.add_argument("kind", nargs="?", choices=[str(kind) for kind in Kind])
    confirm.add_argument("ids", nargs="*", type=int, metavar="ID")
    confirm.add_argument(
        "--import", dest="batch", type=int, metavar="N", help="what is held back of an import"
    )
    confirm.add_argument("--all", action="store_true", help="all that is held back")
    confirm.add_argument("--by", metavar="NAME", required=True, help="who says so; it is kept")
    confirm.add_argument("--licence", default="", metavar="L", help="under which licence, if known")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    from kiosk.rights import HeldBack, rule_of
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store:
        held = HeldBack(store, rule_of(settings))
        if args.action == "list":
            _list(held, only_held=args.held, as_json=args.json)
        else:
            _confirm(args, store, held)
    return 0


def _list(held: HeldBack, *, only_held: bool, as_json: bool) -> None:
    judged = [
        (record, reason)
        for kind in Kind
        for record, reason in held.reasons(kind)
        if reason is not None or not only_held
    ]
    if as_json:
        write_json([_as_json(record, reason) for record, reason in judged])
    elif judged:
        write_table(
            ("what", "id", "title", "by", "source", "licence", "rights holder", "state"),
            (
                (
                    record.kind,
                    str(record.id),
                    record.title,
                    record.by,
                    record.source,
                    record.licence,
                    record.rights_holder,
                    _state(record, reason),
                )
                for record, reason in judged
            ),
        )
    else:
        note("Nothing is held back." if only_held else "There are no poems and no artworks yet.")


def _state(record: RightsRecord, reason: Reason | None) -> str:
    if reason is not None:
        return f"held: {reason}"
    return f"confirmed by {record.confirmed_by}" if record.confirmed_by else "may be used"


def _as_json(record: RightsRecord, reason: Reason | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": record.kind,
        "id": record.id,
        "title": record.title,
        "by": record.by,
        "source": record.source,
        "licence": record.licence,
        "rights_holder": record.rights_holder,
        "confirmed_by": record.confirmed_by,
        "confirmed_at": record.confirmed_at,
    }
    return told if reason is None else told | {"held": True, "reason": str(reason)}


def _confirm(args: argparse.Namespace, store: Store, held: HeldBack) -> None:
    by = " ".join(args.by.split())
    if not by:
        raise InputError("Give the name of whoever confirms it with --by.")
    named = args.kind is not None
    if [named, args.batch is not None, args.all].count(True) != 1:
        raise InputError(
            "Say what is confirmed, in one way: `poem` or `artwork` with ids, or --import N, or "
            "--all."
        )
    if named and not args.ids:
        raise InputError(f"Give the ids of each {args.kind} that is confirmed.")
    if named:
        wanted: dict[Kind, Sequence[int]] = {Kind(args.kind): args.ids}
    else:
        back = {Kind.POEM: held.poems(), Kind.ARTWORK: held.artworks()}
        if args.batch is None:
            wanted = {kind: sorted(ids) for kind, ids in back.items()}
        else:
            brought = store.rights.of_import(args.batch)
            wanted = {kind: [i for i in ids if i in back[kind]] for kind, ids in brought.items()}
        if not any(wanted.values()):
            note("Nothing was held back, so there was nothing to confirm.")
            return
    licence = " ".join(args.licence.split())
    with store.transaction():
        for kind, ids in wanted.items():
            store.rights.confirm(kind, ids, by, licence)
    what = [
        f"{len(set(ids))} {kind}{'' if len(set(ids)) == 1 else 's'}"
        for kind, ids in wanted.items()
        if ids
    ]
    write(f"{' and '.join(what)} confirmed by {by}; visitors meet them from now on.")
