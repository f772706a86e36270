"""`ekphrasis export` and `ekphrasis import`: the whole collection in one archive, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.commands.listing import write
from kiosk.config import Settings

if TYPE_CHECKING:
    from kiosk.store.database import Store


def add_parser(subparsers: Any) -> None:
    """Declare both commands."""
    out = subparsers.add_parser(
        "export", help="write the whole collection into one archive: JSON lines and pictures"
    )
    out.add_argument("archive", type=Path, metavar="FILE.zip")
    out.set_defaults(run=run_export)
    back = subparsers.add_parser("import", help="bring an exported collection into an empty kiosk")
    back.add_argument("archive", type=Path, metavar="FILE.zip")
    back.add_argument(
        "--later", action="store_true", help="leave reading and ranking the poems to the kiosk"
    )
    back.set_defaults(run=run_import)


def run_export(args: argparse.Namespace, settings: Settings) -> int:
    """Write the archive, and say what is in it."""
    from kiosk.copies.export import export
    from kiosk.progress import Told, note
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store, Told() as told:
        done = export(store, settings.data_dir, args.archive, told)
    write(
        f"{done.path}: {done.tables['poems']} poems, {done.tables['artworks']} works, "
        f"{done.pictures} pictures, {done.tables['decisions']} decisions of docents."
    )
    if done.missing:
        note(
            f"{len(done.missing)} pictures that works name are not on this disk, so the archive "
            f"goes without them: {', '.join(done.missing[:5])}."
        )
    return 0


def run_import(args: argparse.Namespace, settings: Settings) -> int:
    """Bring the archive in, and let the model read what came."""
    from kiosk.copies.arrival import bring
    from kiosk.progress import Told, note
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store:
        with Told() as told:
            done = bring(store, settings.data_dir, args.archive, told)
        rows = done.manifest.tables
        write(
            f"{args.archive}: {rows['poems']} poems, {rows['artworks']} works, {done.pictures} "
            f"pictures, {rows['decisions']} decisions of docents."
        )
        for name in done.kept:
            note(f"{settings.data_dir / name} was here already and stays; the archive has another.")
        if not args.later:
            _read(store, settings)
    return 0


def _read(store: Store, settings: Settings) -> None:
    """Give poems their vectors and works their poems, so that no visitor waits for them."""
    from engine.errors import BundleError
    from kiosk.matching import MatchService
    from kiosk.progress import Told, note
    from kiosk.rendering import prepare

    service = MatchService(settings, store)
    try:
        with Told() as told:
            service.load(told)
            sentences = prepare(settings, service, told)
    except BundleError as problem:
        sentences = [f"The collection is in; its poems are found later: {problem.sentence}"]
    for sentence in sentences:
        note(sentence)
