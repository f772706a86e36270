"""`ekphrasis backup` and `ekphrasis restore`: a copy for a bad day, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.commands.listing import write
from kiosk.config import Settings


def add_parser(subparsers: Any) -> None:
    """Declare both commands."""
    take = subparsers.add_parser("backup", help="copy store and pictures while the kiosk runs")
    take.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder is made in it")
    take.set_defaults(run=run_backup)
    back = subparsers.add_parser(
        "restore", help="put a backup in the place of store and pictures; the kiosk is closed"
    )
    back.add_argument("backup", type=Path, metavar="BACKUP", help="the folder that backup made")
    back.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace, settings: Settings) -> int:
    """Write a backup, and say where it is."""
    from kiosk.copies.backup import back_up
    from kiosk.progress import Told

    _refuse_server(settings, "Its copies are made by `pg_dump`")
    with Told() as told:
        done = back_up(settings.store_path, settings.data_dir, args.folder, told)
    size = sum(sealed.bytes for sealed in done.manifest.files.values())
    write(
        f"{done.folder}: {done.manifest.tables['poems']} poems, "
        f"{done.manifest.tables['artworks']} works, {size / 2**20:,.1f} MB."
    )
    return 0


def run_restore(args: argparse.Namespace, settings: Settings) -> int:
    """Prove a backup and put it into its place; say where the state of before lies."""
    from kiosk.copies.restore import restore
    from kiosk.progress import Told

    _refuse_server(settings, "Its copies are put back by `pg_restore`")
    with Told() as told:
        done = restore(args.backup, settings.data_dir, told)
    write(
        f"The backup of {done.manifest.created} is in its place: "
        f"{done.manifest.tables['poems']} poems, {done.manifest.tables['artworks']} works."
    )
    if done.aside is not None:
        write(f"What was there before lies in {done.aside}; delete it when all is well.")
    return 0


def _refuse_server(settings: Settings, instead: str) -> None:
    """A backup is a copy of a file, and a server has none for us."""
    if settings.store_place.on_server:
        raise InputError(
            f"The store is {settings.store_place}. {instead} (see docs/technicians.md), and "
            f"{settings.pictures_dir} is copied beside it; `ekphrasis export` and `ekphrasis "
            "import` carry all of it between any two kiosks."
        )
