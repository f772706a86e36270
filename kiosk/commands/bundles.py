"""`ekphrasis bundles`: what models are installed, and whether they are what they should be."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from kiosk.config import Settings

if TYPE_CHECKING:
    from engine import Bundle


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("bundles", help="list and verify model bundles")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the installed bundles")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(run=run_list)
    verify = actions.add_parser(
        "verify", help="prove each file's sha256, and that a known picture gives known scores"
    )
    verify.add_argument("name", nargs="?", help="one bundle (default: all)")
    verify.set_defaults(run=run_verify)


def run_list(args: argparse.Namespace, settings: Settings) -> int:
    """Name, version, licence and place of each bundle."""
    from engine import find_bundles

    bundles = find_bundles(settings.bundles_dir)
    if args.json:
        print(json.dumps([_about(bundle, settings) for bundle in bundles]))
        return 0
    if not bundles:
        print(f"No bundle is installed in {settings.bundles_dir}; run `make setup`.")
    for bundle in bundles:
        mark = "*" if bundle.name == settings.bundle else " "
        print(f"{mark} {bundle.name} {bundle.version}   {bundle.folder}")
        print(f"    fingerprint {bundle.fingerprint}; {bundle.licence}")
    return 0


def _about(bundle: Bundle, settings: Settings) -> dict[str, Any]:
    return {
        "name": bundle.name,
        "version": bundle.version,
        "fingerprint": bundle.fingerprint,
        "licence": bundle.licence,
        "folder": str(bundle.folder),
        "default": bundle.name == settings.bundle,
    }


def run_verify(args: argparse.Namespace, settings: Settings) -> int:
    """Exit 0 when every file is right and the known picture gives the known scores."""
    from engine import BundleError, find_bundle, find_bundles
    from engine.bundles import verify_files
    from kiosk.progress import Told

    bundles = (
        [find_bundle(settings.bundles_dir, args.name)]
        if args.name
        else find_bundles(settings.bundles_dir)
    )
    if not bundles:
        raise BundleError(f"No bundle is installed in {settings.bundles_dir}; run `make setup`.")
    for bundle in bundles:
        print(f"{bundle.name} {bundle.version}")
        with Told() as told:
            findings = verify_files(bundle, told)
        for finding in findings:
            print(f"  {'ok ' if finding.ok else 'BAD'} {finding.sentence}")
        broken = [finding for finding in findings if not finding.ok]
        if broken:
            raise BundleError(
                f"The model bundle {bundle.name!r} cannot be used: {broken[0].sentence}"
            )
        _verify_scores(bundle)
    return 0


def _verify_scores(bundle: Bundle) -> None:
    from engine import BundleError
    from engine.loading import check_scores, load_encoder

    check = check_scores(bundle, load_encoder(bundle))
    scores = ", ".join(f"{score:.4f}" for score in check.scores)
    if not check.ok:
        raise BundleError(
            f"The model bundle {bundle.name!r} loads, but its known picture gives other scores "
            f"than it should (off by {check.deviation:.4f}; {check.tolerance} is allowed): the "
            "bundle and this version of the kiosk do not fit; install both anew."
        )
    print(
        f"  ok  the known picture gives the known scores ({scores}; off by at most "
        f"{check.deviation:.1e}, {check.tolerance} is allowed)"
    )
