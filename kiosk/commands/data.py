"""`ekphrasis data`: fetch a published set of pictures and poems, to train and to measure with."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.config import Settings

if TYPE_CHECKING:
    from engine.data.fetching import Report


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("data", help="fetch a research data set")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    fetch = actions.add_parser("fetch", help="fetch pictures and poems; safe to run again")
    fetch.add_argument("what", choices=("multim-poem",))
    fetch.add_argument(
        "--json",
        dest="source",
        metavar="PATH|URL",
        help="the published file (default: where its authors keep it)",
    )
    fetch.add_argument(
        "--out", type=Path, metavar="FOLDER", help="default: multim-poem in the data directory"
    )
    fetch.add_argument("--seed", type=int, help="of the 80/20 split (default 2022)")
    fetch.add_argument("--limit", type=int, metavar="N", help="the first N pairs only, to try out")
    fetch.add_argument(
        "--at-once", type=int, default=4, metavar="N", help="requests at once to one service"
    )
    fetch.add_argument("--contact", default="", help="a mail address for the services asked")
    fetch.add_argument("--report-json", action="store_true", help="print the report as JSON")
    fetch.set_defaults(run=run_fetch)


def run_fetch(args: argparse.Namespace, settings: Settings) -> int:
    """Fetch, and say what came of it."""
    from engine.data.fetching import DEFAULT_SEED, fetch_multim_poem
    from engine.data.multim_poem import ADDRESS
    from engine.data.politeness import Manners
    from kiosk.progress import Told

    if args.at_once < 1 or (args.limit is not None and args.limit < 1):
        raise InputError("--at-once and --limit take numbers from 1 on.")
    folder = args.out if args.out is not None else settings.data_dir / args.what
    with Told() as told:
        report = fetch_multim_poem(
            args.source or ADDRESS,
            folder,
            seed=DEFAULT_SEED if args.seed is None else args.seed,
            limit=args.limit,
            manners=Manners(at_once=args.at_once),
            contact=args.contact,
            told=told.of("pictures"),
        )
    print(json.dumps(asdict(report)) if args.report_json else _as_text(report, folder))
    return 0


def _as_text(report: Report, folder: Path) -> str:
    lines = [
        f"{report.kept} of {report.published} pairs are in {folder}: {report.train} to learn "
        f"from, {report.test} held out (seed {report.seed}).",
        "Pictures: "
        + ", ".join(f"{count} {what}" for what, count in report.outcomes.items() if count)
        + ".",
    ]
    if report.again:
        lines.append(
            f"{report.again} may come another day: run the same command again to ask only for them."
        )
    return "\n".join(lines)
