"""`ekphrasis doctor`: what is there, what is not, what to do."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from kiosk.config import Settings


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("doctor", help="what is there, what is not, what to do")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Exit 0 only when the main job can run: a picture answered with spoken poems."""
    from kiosk.doctor import examine

    findings = []
    for finding in examine(settings):
        findings.append(finding)
        if not args.json:
            mark = "ok " if finding.there else "NO " if finding.needed else "-  "
            print(f"{mark} {finding.name:<16} {finding.sentence}", flush=True)
    well = all(finding.there for finding in findings if finding.needed)
    if args.json:
        print(json.dumps({"well": well, "findings": [asdict(finding) for finding in findings]}))
    else:
        print()
        print(
            "A picture can be answered with spoken poems."
            if well
            else "The main job cannot run: mend what is marked NO."
        )
    return 0 if well else 1
