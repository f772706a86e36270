"""`ekphrasis artworks import | list | show`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.commands.listing import (
    write,
    write_json,
    write_report,
    write_table,
)
from kiosk.config import Settings
from kiosk.progress import Told, note

if TYPE_CHECKING:
    from kiosk.store.database import Store
    from kiosk.store.records import Artwork


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `artworks` and its actions."""
    parser = subparsers.add_parser("artworks", help="bring in, list and look at artworks")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    bring = actions.add_parser("import", help="add artworks from CSV or JSON, with their pictures")
    bring.add_argument("path", type=Path, metavar="FILE")
    bring.add_argument("--all", action="store_true", help="report every row, however many")
    bring.add_argument(
        "--later", action="store_true", help="leave ranking and speaking to the running kiosk"
    )
    show_all = actions.add_parser("list", help="the artworks, as they came in")
    show_all.add_argument("--search", default="", metavar="WORDS", help="in title, artist, room")
    show_all.add_argument("--json", action="store_true")
    show = actions.add_parser("show", help="one artwork")
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--json", action="store_true")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    from kiosk.store.database import open_store

    with open_store(settings.store_path) as store:
        if args.action == "import":
            _import(store, args.path, everything=args.all)
            if not args.later:
                _prepare(store, settings)
        elif args.action == "list":
            _list(store, args.search, as_json=args.json)
        else:
            _show(store, args.id, as_json=args.json)
    return 0


def _import(store: Store, path: Path, *, everything: bool) -> None:
    from kiosk.collections.artwork_import import import_artworks

    with Told() as told:
        report = import_artworks(store, path, told.of("artworks"))
    write_report(report, everything=everything)


def _prepare(store: Store, settings: Settings) -> None:
    """Rank the new works and speak the beginnings, so that no visitor waits for them."""
    from engine.errors import BundleError
    from kiosk.matching import MatchService
    from kiosk.rendering import prepare

    service = MatchService(settings, store)
    try:
        with Told() as told:
            waiting = service.unranked()
            sentences = prepare(settings, service, told) if waiting else []
    except BundleError as problem:
        sentences = [f"The works are in; their poems are found later: {problem.sentence}"]
    for sentence in sentences:
        note(sentence)


def _list(store: Store, search: str, *, as_json: bool) -> None:
    works = store.artworks.list(search)
    if as_json:
        write_json([_summary(store, work) for work in works])
    elif works:
        write_table(
            ("id", "number", "artist", "title", "date", "picture"),
            (
                (
                    str(work.id),
                    work.number or "",
                    work.artist,
                    work.title,
                    work.date,
                    "no" if work.image is None else "yes",
                )
                for work in works
            ),
        )
    elif search:
        note(f"No artwork has “{search}” in its number, title, artist or room.")
    else:
        note("There are no artworks yet; `ekphrasis artworks import FILE` brings some in.")


def _show(store: Store, artwork_id: int, *, as_json: bool) -> None:
    work = store.artworks.get(artwork_id)
    if work is None:
        raise InputError(
            f"There is no artwork {artwork_id}; `ekphrasis artworks list` shows what there is."
        )
    facts = _summary(store, work)
    if as_json:
        write_json(facts | {"description": work.description, "extra": work.extra})
        return
    told = {name: str(value) for name, value in (facts | work.extra).items() if value is not None}
    width = max(len(name) for name in told)
    for name, value in told.items():
        if value:
            write(f"{name:<{width}}  {' '.join(value.split())}")
    if work.description:
        write(f"\n{work.description}")


def _summary(store: Store, work: Artwork) -> dict[str, Any]:
    path = store.picture_path(work)
    return {
        "id": work.id,
        "number": work.number,
        "title": work.title,
        "artist": work.artist,
        "date": work.date,
        "image": None if path is None else str(path),
        "language": work.language,
        "room": work.room,
    }
