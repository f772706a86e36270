"""`ekphrasis screenshots OUTDIR`: every screen as a PNG, in all colour schemes and at all sizes.

The paintings and poems are those of the store; where it is empty, a few that are built in.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.config import Settings

SIZES = ((1024, 600), (1280, 800), (800, 1280), (1920, 1080), (3840, 2160))


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("screenshots", help="render every screen to PNG files")
    parser.add_argument("outdir", type=Path, metavar="OUTDIR", help="a folder; made if need be")
    parser.add_argument(
        "--docs",
        type=Path,
        metavar="FOLDER",
        help="write the few that the docs show there, smaller",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Render, and say where the files are."""
    from kiosk.display import require_qt

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    require_qt()
    from PySide6.QtWidgets import QApplication

    from kiosk.screenshots import for_docs, render_all, sample_cards

    try:
        args.outdir.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"{args.outdir} cannot be made ({problem.strerror}).") from None
    application = QApplication.instance() or QApplication([sys.argv[0]])
    artworks, poems = sample_cards(settings)
    files = render_all(args.outdir, artworks, poems, SIZES)
    del application
    print(f"{len(files)} screens are in {args.outdir}")
    if args.docs is not None:
        print(f"{len(for_docs(files, args.docs))} for the docs are in {args.docs}")
    return 0
