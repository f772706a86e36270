"""What `poems import` and `artworks import` have in common: trial runs, reports, being stopped."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.listing import write_report
from kiosk.config import Settings
from kiosk.progress import Told, note

if TYPE_CHECKING:
    from kiosk.collections.report import ImportReport
    from kiosk.collections.report_csv import ReportFile
    from kiosk.store.database import Store
    from kiosk.store.import_records import ImportKind


def add_import_options(parser: argparse.ArgumentParser) -> None:
    """How an import is tried, and how it is reported."""
    parser.add_argument(
        "--dry-run", action="store_true", help="only tell what would be done, row by row"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE.csv", help="every row's outcome, for a spreadsheet"
    )
    parser.add_argument("--all", action="store_true", help="report every row, however many")


def report_file(args: argparse.Namespace) -> ReportFile | None:
    """Where the report is to be written. Raises `InputError` before anything is done."""
    from kiosk.collections.report_csv import ReportFile

    return None if args.report is None else ReportFile(args.report)


def tell_report(report: ImportReport, args: argparse.Namespace, file: ReportFile | None) -> None:
    """What was done, or would be, on the screen and in the file."""
    write_report(report, everything=args.all)
    if report.number is not None:
        note(
            f"This was import {report.number}; `ekphrasis imports undo {report.number}` undoes it."
        )
    if file is not None:
        file.write(report.rows)
        note(f"Every row is in {args.report}.")


@contextmanager
def may_be_stopped(store: Store, kind: ImportKind, path: Path) -> Iterator[None]:
    """Whoever stops an import is told how far it came and what the two ways on are."""
    from kiosk.collections.importing import digest_of

    try:
        yield
    except KeyboardInterrupt:
        record = store.imports.unfinished(kind, digest_of(path))
        if record is None:
            note("Stopped before anything was written.")
        else:
            note(
                f"Stopped: {record.counts.done:,} of {record.total:,} rows are behind us (import "
                f"{record.id}). Run the same command again to complete it, or `ekphrasis imports "
                f"undo {record.id}` to take it back."
            )
        raise


def make_searchable(store: Store, settings: Settings) -> None:
    """Give poems that have none their vectors now, so that the next visitor does not wait."""
    from engine.errors import BundleError
    from kiosk.matching import MatchService
    from kiosk.store.errors import StoreError

    try:
        with Told() as told:
            MatchService(settings, store).load(told)
    except BundleError as problem:
        note(f"The poems are in the store; they cannot be searched yet: {problem.sentence}")
    except StoreError as problem:
        raise StoreError(
            "The poems are in the store, but not all of them could be made ready to be found: "
            f"{problem.sentence} The next start goes on with it."
        ) from problem


def unready(store: Store) -> bool:
    """Whether any poem has no vectors yet of a bundle that is in use."""
    repository = store.embeddings
    return any(repository.missing_count(one) for one in repository.fingerprints())
