"""`ekphrasis run`: the kiosk itself, or, where there is no display, one visit that plays alone."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from engine.uncollected import uncollected
from kiosk.config import Settings


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("run", help="open the kiosk")
    parser.add_argument(
        "--windowed", action="store_true", help="in a window, for a desk, not full screen"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Open the kiosk on the display there is; without one play a visit into files."""
    from kiosk.display import missing_display, require_qt

    with ThreadPoolExecutor(1) as aside:  # the kiosk is read while a child tries the display
        asked = aside.submit(missing_display)
        with uncollected():
            require_qt()
            from kiosk.app import run_kiosk
        problem = asked.result()
    if problem is None:
        from kiosk.tasks import work_goes_on

        code = run_kiosk(settings, windowed=args.windowed)
        if work_goes_on():  # everything is closed; a model that is still being loaded would be
            sys.stdout.flush()  # torn apart by Python's own way out, which aborts
            sys.stderr.flush()
            os._exit(code)
        return code
    print(f"{problem} Instead of a window, one visit is played into files.", file=sys.stderr)
    from kiosk.demo_visit import play_visit

    return play_visit(settings)
