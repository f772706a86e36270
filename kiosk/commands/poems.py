"""`ekphrasis poems import | list | show | edit`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.commands.bringing import (
    add_import_options,
    make_searchable,
    may_be_stopped,
    report_file,
    tell_report,
    unready,
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
    from collections.abc import Sequence

    from kiosk.store.database import Store
    from kiosk.store.records import FoundPoem, Poem, Poet


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `poems` and its actions."""
    parser = subparsers.add_parser("poems", help="bring in, list and read poems")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    bring = actions.add_parser("import", help="add poems from CSV, JSON or a folder of text files")
    bring.add_argument("path", type=Path, metavar="FILE|FOLDER")
    bring.add_argument(
        "--update",
        action="store_true",
        help="for poems that are there already, take the table's text, title and all else",
    )
    add_import_options(bring)
    show_all = actions.add_parser("list", help="the poems, by poet and title")
    show_all.add_argument("--search", default="", metavar="WORDS", help="in title, poet and text")
    show_all.add_argument("--json", action="store_true")
    show = actions.add_parser("show", help="one poem")
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--json", action="store_true")
    add_edit_parser(actions, Kind.POEM)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store:
        if args.action == "import":
            _import(store, args, settings)
        elif args.action == "edit":
            run_edit(args, store, settings, Kind.POEM)
        elif args.action == "list":
            _list(store, args.search, as_json=args.json)
        else:
            _show(store, args.id, settings, as_json=args.json)
    return 0


def _import(store: Store, args: argparse.Namespace, settings: Settings) -> None:
    from kiosk.collections.poem_import import import_poems
    from kiosk.collections.report import Outcome
    from kiosk.store.import_records import ImportKind

    file = report_file(args)
    with Told() as told, may_be_stopped(store, ImportKind.POEMS, args.path):
        report = import_poems(
            store, args.path, told.of("poems"), trial=args.dry_run, update=args.update
        )
    tell_report(report, args, file)
    if report.wrote:
        added = (row.id for row in report.having(Outcome.ADDED) if row.id)
        tell_held(store, settings, Kind.POEM, added, batch=report.number)
    if not report.dry and (report.wrote or unready(store)):
        make_searchable(store, settings)


def _list(store: Store, search: str, *, as_json: bool) -> None:
    if search.strip():
        _found(store.poems.search(search), search, as_json=as_json)
        return
    poems = store.poems.list()
    if as_json:
        write_json([_summary(poem) for poem in poems])
    elif poems:
        write_table(
            ("id", "poet", "title", "language", "lines"),
            (
                (
                    str(poem.id),
                    poem.poet.name + _years(poem.poet),
                    poem.title,
                    poem.language,
                    str(sum(1 for line in poem.lines if line)),
                )
                for poem in poems
            ),
        )
    else:
        note("There are no poems yet; `ekphrasis poems import FILE` brings some in.")


def _found(found: Sequence[FoundPoem], search: str, *, as_json: bool) -> None:
    if as_json:
        write_json([_summary(one.poem) | {"snippet": one.snippet} for one in found])
    elif found:
        write_table(
            ("id", "poet", "title", "text"),
            (
                (
                    str(one.poem.id),
                    one.poem.poet.name,
                    one.poem.title,
                    " ".join(one.snippet.split()),
                )
                for one in found
            ),
        )
    else:
        note(f"No poem has the words “{search}” in its title, its poet's name or its text.")


def _show(store: Store, poem_id: int, settings: Settings, *, as_json: bool) -> None:
    poem = store.poems.get(poem_id)
    if poem is None:
        raise InputError(f"There is no poem {poem_id}; `ekphrasis poems list` shows what there is.")
    if as_json:
        passages = zip(store.poems.passages_of(poem.id), store.poems.cuts_of(poem.id), strict=True)
        write_json(
            _summary(poem)
            | rights_of(poem)
            | {
                "lines": poem.lines,
                "extra": poem.extra,
                "passages": [
                    {"id": passage.id, "first_line": cut.first_line, "lines": passage.lines}
                    for passage, cut in passages
                ],
            }
        )
        return
    write(f"{poem.title}\n{poem.poet.name}{_years(poem.poet)}\n\n{poem.text}")
    facts = {"language": poem.language, "source": poem.source} | rights_in_words(poem) | poem.extra
    told = [f"{name}: {' '.join(value.split())}" for name, value in facts.items() if value]
    write("\n" + "\n".join(told))
    tell_held(store, settings, Kind.POEM, [poem.id])


def _summary(poem: Poem) -> dict[str, Any]:
    return {
        "id": poem.id,
        "title": poem.title,
        "poet": poem.poet.name,
        "born": poem.poet.born,
        "died": poem.poet.died,
        "language": poem.language,
        "source": poem.source,
    }


def _years(poet: Poet) -> str:
    if poet.born is None and poet.died is None:
        return ""
    born = "?" if poet.born is None else poet.born
    died = "" if poet.died is None else poet.died
    return f" ({born}–{died})"
