"""`ekphrasis bundles`: models come, are proved, travel and go.

Only `install` uses a network, and only because it was asked to.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.config import Settings

if TYPE_CHECKING:
    from engine import Bundle

HOW_RANKED = "no cross-encoder reorders its poems; they are ranked by similarity alone"


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "bundles", help="list, verify, install, import, export and remove model bundles"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the installed bundles")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(run=run_list)
    verify = actions.add_parser(
        "verify", help="prove each file's sha256, and that a known picture gives known scores"
    )
    verify.add_argument("name", nargs="?", help="one bundle (default: all)")
    verify.set_defaults(run=run_verify)
    install = actions.add_parser(
        "install", help="fetch towers from a model hub, a mirror of it, or a folder"
    )
    install.add_argument(
        "what",
        choices=("clip", "paper"),
        help="clip: towers to rank by; paper: the same, with the MPNet that a training begins from",
    )
    install.add_argument(
        "--model", metavar="NAME", help="open_clip's name (default ViT-B-32), or hf-hub:ORG/MODEL"
    )
    install.add_argument("--pretrained", metavar="TAG", help="tag of the weights (default openai)")
    install.add_argument("--mpnet", metavar="ORG/MODEL", help="paper: another MPNet")
    install.add_argument("--name", help="install under this name")
    install.add_argument(
        "--from", dest="source", type=Path, metavar="FOLDER", help="copies of the hub's models"
    )
    install.set_defaults(run=run_install)
    importing = actions.add_parser("import", help="install a bundle from a folder or an archive")
    importing.add_argument("source", type=Path, metavar="FOLDER|ARCHIVE")
    importing.set_defaults(run=run_import)
    export = actions.add_parser("export", help="write a bundle to a folder, a .zip or a .tar")
    export.add_argument("bundle", help="an installed bundle's name, or a folder, such as a run's")
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--licence", default="", help="what it may be used for, in a sentence")
    export.set_defaults(run=run_export)
    remove = actions.add_parser("remove", help="take an installed bundle away")
    remove.add_argument("name")
    remove.set_defaults(run=run_remove)


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
        if not bundle.reranks:
            print(f"    {HOW_RANKED}")
    return 0


def _about(bundle: Bundle, settings: Settings) -> dict[str, Any]:
    return {
        "name": bundle.name,
        "version": bundle.version,
        "fingerprint": bundle.fingerprint,
        "licence": bundle.licence,
        "folder": str(bundle.folder),
        "default": bundle.name == settings.bundle,
        "cross_encoder": bundle.reranks,
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
        print(f"  ok  {_prove(bundle)}")
    return 0


def run_install(args: argparse.Namespace, settings: Settings) -> int:
    """Fetch, wrap, prove and install."""
    from engine.bundling.clip import MODEL, MPNET, PRETRAINED, find_model, install_clip
    from engine.bundling.hub import FolderHub, OnlineHub
    from kiosk.progress import Told

    if args.what == "clip" and args.mpnet:
        raise InputError("--mpnet belongs to `install paper`.")
    if args.source is not None and not args.source.is_dir():
        raise InputError(f"There is no folder {args.source}; give one that holds the models.")
    name = _name(args.name or args.what)
    if (settings.assets_dir / "models" / name).is_dir():
        raise InputError(f"{name} is the name of a bundle that comes with the kiosk; give another.")
    model = find_model(args.model or MODEL, args.pretrained or PRETRAINED)
    downloads = settings.bundles_dir / ".downloads"
    online = None if args.source is not None else OnlineHub(downloads)
    with Told() as told:
        bundle = install_clip(
            settings.bundles_dir,
            online if online is not None else FolderHub(args.source, alone=args.what == "clip"),
            model,
            name=name,
            mpnet=(args.mpnet or MPNET) if args.what == "paper" else None,
            prove=_require,
            progress=told,
        )
    if online is not None:
        online.clear()
    _installed(bundle, settings)
    return 0


def run_import(args: argparse.Namespace, settings: Settings) -> int:
    """Judge, unpack, prove and install."""
    from engine.bundling.carrying import import_bundle
    from kiosk.progress import Told

    if not args.source.exists():
        raise InputError(f"There is nothing at {args.source}; check the name.")
    with Told() as told:
        bundle = import_bundle(args.source, settings.bundles_dir, prove=_require, progress=told)
    _installed(bundle, settings)
    return 0


def run_export(args: argparse.Namespace, settings: Settings) -> int:
    """Check and pack."""
    from engine import find_bundle
    from engine.bundles import MANIFEST
    from engine.bundling.carrying import export_bundle
    from kiosk.progress import Told

    folder = Path(args.bundle)
    if (folder / MANIFEST).is_file():
        source = folder
    elif (folder / "bundle" / MANIFEST).is_file():  # a run keeps its bundle there
        source = folder / "bundle"
    else:
        source = find_bundle(settings.bundles_dir, args.bundle).folder
    with Told() as told:
        bundle = export_bundle(source, args.out, licence=args.licence, progress=told)
    print(f"{bundle.name} {bundle.version} is in {args.out}. {bundle.licence}")
    return 0


def run_remove(args: argparse.Namespace, settings: Settings) -> int:
    """Remove, but never the bundle that answers."""
    from engine import find_bundle
    from engine.bundles import MANIFEST
    from engine.bundling.carrying import remove_bundle
    from engine.errors import BundleError

    if args.name == settings.bundle:
        raise InputError(
            f"{args.name} is the bundle that answers; choose another one in the settings first."
        )
    folder = settings.bundles_dir / _name(args.name)
    try:
        fingerprint = find_bundle(settings.bundles_dir, args.name).fingerprint
    except BundleError:
        if not (folder / MANIFEST).is_file():
            raise
        fingerprint = ""  # it cannot be read, which is no reason to keep it
    remove_bundle(folder)
    _forget_vectors(settings, fingerprint)
    print(f"{args.name} is removed.")
    return 0


def _forget_vectors(settings: Settings, fingerprint: str) -> None:
    """The vectors of a bundle that no installed one can read any more, and what was worked out."""
    from engine import find_bundles
    from kiosk.encoding import forget_caches
    from kiosk.store.database import open_store

    installed = {bundle.fingerprint for bundle in find_bundles(settings.bundles_dir)}
    forget_caches(settings.cache_dir, installed)
    if not fingerprint or not settings.store_place.exists():
        return
    if settings.store_place.on_server:
        return  # another kiosk may have the bundle
    if fingerprint not in installed:
        with open_store(settings.store_place) as store:
            store.embeddings.forget(fingerprint)


def _name(name: str) -> str:
    from engine.bundles import NAME

    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name: small letters, figures, hyphens and dots only.")
    return name


def _installed(bundle: Bundle, settings: Settings) -> None:
    print(f"{bundle.name} {bundle.version} is installed in {bundle.folder}.")
    print(f"Licence: {bundle.licence}")
    if not bundle.reranks:
        print(f"Note: {HOW_RANKED}.")
    if bundle.name != settings.bundle:
        print(f'To let it answer, write  bundle = "{bundle.name}"  into the settings.')


def _require(bundle: Bundle) -> None:
    """Raise where the bundle does not load or does not give the scores it should."""
    _prove(bundle)


def _prove(bundle: Bundle) -> str:
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
    return (
        f"the known picture gives the known scores ({scores}; off by at most "
        f"{check.deviation:.1e}, {check.tolerance} is allowed)"
    )
