"""`ekphrasis artworks import | list | show | edit`."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.commands.bringing import (
    add_import_options,
    may_be_stopped,
    report_file,
    tell_report,
)
from kiosk.commands.edit import add_edit_parser, run_edit
from kiosk.commands.held import rights_in_words, rights_of, tell_held
from kiosk.commands.listing import (
    write,
    write_json,
    write_table,
)
from kiosk.config import Settings
from kiosk.progress import Told, note
from kiosk.store.records import Kind

if TYPE_CHECKING:
    from kiosk.collections.artwork_reading import Artworks, Workplace
    from kiosk.store.database import Store
    from kiosk.store.records import Artwork


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `artworks` and its actions."""
    parser = subparsers.add_parser("artworks", help="bring in, list and look at artworks")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    bring = actions.add_parser("import", help="add artworks from a table, with their pictures")
    bring.add_argument("source", metavar="FILE|FOLDER|ARCHIVE|ADDRESS")
    bring.add_argument(
        "--pictures",
        type=Path,
        metavar="FOLDER|ARCHIVE",
        help="where the pictures are, if not beside the table; found by name, or by number",
    )
    bring.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="which column a field comes from; again for a second choice, empty for none",
    )
    bring.add_argument(
        "--show-mapping", action="store_true", help="only show what would be read as what"
    )
    bring.add_argument("--save-mapping", metavar="NAME", help="keep it for tables of this kind")
    bring.add_argument("--mapping", default="", metavar="NAME", help="one that was saved")
    bring.add_argument(
        "--with",
        dest="beside",
        action="append",
        type=Path,
        default=[],
        metavar="TABLE",
        help="a second table of the same export, e.g. published_images.csv",
    )
    bring.add_argument(
        "--fetch", action="store_true", help="fetch the pictures that a table has as addresses"
    )
    bring.add_argument(
        "--fetch-again",
        action="store_true",
        help="the same, of pictures that were fetched before, too: they may have changed",
    )
    bring.add_argument(
        "--allow-private-network",
        action="store_true",
        help="fetch from the museum's own network, too; see docs/technicians.md",
    )
    add_import_options(bring)
    bring.add_argument(
        "--later", action="store_true", help="leave ranking and speaking to the running kiosk"
    )
    show_all = actions.add_parser("list", help="the artworks, as they came in")
    show_all.add_argument(
        "--search",
        default="",
        metavar="WORDS",
        help="in all that is known",
    )
    show_all.add_argument("--json", action="store_true")
    show = actions.add_parser("show", help="one artwork")
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--json", action="store_true")
    add_edit_parser(actions, Kind.ARTWORK)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store:
        if args.action == "import":
            brought = _bring(store, args, settings)
            if brought:
                show(store, settings)
                if not args.later:
                    _prepare(store, settings)
        elif args.action == "edit":
            run_edit(args, store, settings, Kind.ARTWORK)
        elif args.action == "list":
            _list(store, args.search, as_json=args.json)
        else:
            _show(store, args.id, settings, as_json=args.json)
    return 0


def _bring(store: Store, args: argparse.Namespace, settings: Settings) -> bool:
    """Read and import; False where it was only tried, or the mapping only shown."""
    from kiosk.collections.artwork_reading import Workplace
    from kiosk.collections.picture_fetching import link_imported
    from kiosk.collections.pictures import PictureShelf
    from kiosk.collections.web import Web, WebLimits

    fetched = settings.cache_dir / "fetched"
    if args.fetch_again:
        shutil.rmtree(fetched, ignore_errors=True)
    with (
        # Beside the store: what is unpacked may be large, and /tmp may be small.
        TemporaryDirectory(prefix=".import-", dir=settings.data_dir) as scratch,
        Web(WebLimits(private=args.allow_private_network)) as web,
        Told() as told,
    ):
        done = _import(store, args, settings, Workplace(Path(scratch), fetched, web, told))
    if done:
        link_imported(fetched, PictureShelf(settings.data_dir))
    return done


def _import(store: Store, args: argparse.Namespace, settings: Settings, work: Workplace) -> bool:
    """Bring the works in; False where it was only tried, or the mapping only shown."""
    from kiosk.collections.artwork_import import import_artworks
    from kiosk.collections.artwork_reading import Choices, document_at, read_artworks
    from kiosk.collections.mapping import corrections
    from kiosk.collections.report import Outcome
    from kiosk.collections.saved_mappings import MappingShelf
    from kiosk.store.import_records import ImportKind

    file = report_file(args)
    shelf = MappingShelf(settings.data_dir)
    choices = Choices(
        args.mapping,
        corrections(args.map),
        args.beside,
        args.pictures,
        fetch=False if args.show_mapping else args.fetch or args.fetch_again or None,
        languages=(settings.language, "en"),
    )
    path = document_at(args.source, work)
    brought = read_artworks(path, choices, shelf, work)
    if args.save_mapping:
        kept = shelf.save(args.save_mapping, brought.mapping, brought.as_it_came.columns)
        note(f"The mapping is kept in {kept}, and is taken for every table with these columns.")
    if args.show_mapping:
        _show_mapping(brought)
        return False
    _tell_mapping(brought)
    with Told() as told, may_be_stopped(store, ImportKind.ARTWORKS, path):
        report = import_artworks(store, path, told.of("artworks"), brought, trial=args.dry_run)
    tell_report(report, args, file)
    if report.wrote:
        added = (row.id for row in report.having(Outcome.ADDED) if row.id)
        tell_held(store, settings, Kind.ARTWORK, added, batch=report.number)
    return not report.dry


def _show_mapping(brought: Artworks) -> None:
    from kiosk.collections.mapping import told

    lines = told(brought.as_it_came, brought.mapping)
    write_table(
        ("field", "column", "for example"),
        ((name, columns or "-", example) for name, columns, example in lines),
    )
    unused = [name for name in brought.as_it_came.columns if name not in brought.mapping.columns]
    if unused:
        write(f"\nKept as they are: {', '.join(unused)}")
    write("\nTo correct it: --map FIELD=COLUMN, and --save-mapping NAME to keep it.")


def _tell_mapping(brought: Artworks) -> None:
    """What is read as what, unless the columns have the fields' own names."""
    from kiosk.collections.mapping import told

    lines = [(name, columns) for name, columns, _ in told(brought.as_it_came, brought.mapping)]
    if any(columns and columns != name for name, columns in lines):
        note(
            "Read as: " + "; ".join(f"{name} from {columns}" for name, columns in lines if columns)
        )


def show(store: Store, settings: Settings) -> None:
    """Make copies of the pictures that every screen can show."""
    from kiosk.shown_pictures import ShownPictures

    paths = [store.picture_path(work) for work in store.artworks.list()]
    with Told() as told:
        problems = ShownPictures(settings.cache_dir).make(filter(None, paths), told.of("pictures"))
    for sentence in problems:
        note(sentence)


def _prepare(store: Store, settings: Settings) -> None:
    """Rank the new works and speak the beginnings, so that no visitor waits for them."""
    from engine.errors import BundleError
    from kiosk.matching import MatchService
    from kiosk.rendering import prepare

    service = MatchService(settings, store)
    try:
        with Told() as told:
            waiting = service.unranked()
            sentences = prepare(settings, service, told) if waiting else []
    except BundleError as problem:
        sentences = [f"The works are in; their poems are found later: {problem.sentence}"]
    for sentence in sentences:
        note(sentence)


def _list(store: Store, search: str, *, as_json: bool) -> None:
    works = store.artworks.list(search)
    if as_json:
        write_json([_summary(store, work) for work in works])
    elif works:
        write_table(
            ("id", "number", "artist", "title", "date", "picture"),
            (
                (
                    str(work.id),
                    work.number or "",
                    work.artist,
                    work.title,
                    work.date,
                    "no" if work.image is None else "yes",
                )
                for work in works
            ),
        )
    elif search:
        note(f"No artwork has the words “{search}” in what is known of it.")
    else:
        note("There are no artworks yet; `ekphrasis artworks import FILE` brings some in.")


def _show(store: Store, artwork_id: int, settings: Settings, *, as_json: bool) -> None:
    work = store.artworks.get(artwork_id)
    if work is None:
        raise InputError(
            f"There is no artwork {artwork_id}; `ekphrasis artworks list` shows what there is."
        )
    facts = _summary(store, work)
    if as_json:
        rights = rights_of(work)
        write_json(facts | rights | {"description": work.description, "extra": work.extra})
        return
    facts |= {"source": work.source} | rights_in_words(work)
    told = {name: str(value) for name, value in (facts | work.extra).items() if value}
    width = max(len(name) for name in told)
    for name, value in told.items():
        if value:
            write(f"{name:<{width}}  {' '.join(value.split())}")
    if work.description:
        write(f"\n{work.description}")
    tell_held(store, settings, Kind.ARTWORK, [work.id])


def _summary(store: Store, work: Artwork) -> dict[str, Any]:
    path = store.picture_path(work)
    return {
        "id": work.id,
        "number": work.number,
        "title": work.title,
        "artist": work.artist,
        "date": work.date,
        "image": None if path is None else str(path),
        "language": work.language,
        "room": work.room,
    }
