"""What `ekphrasis poems edit` and `ekphrasis artworks edit` have in common."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError
from kiosk.commands.changes_told import told_change
from kiosk.commands.listing import write
from kiosk.config import Settings
from kiosk.progress import Told, note
from kiosk.store.extra_fields import MODEL_NOTES, spread
from kiosk.store.records import Kind

if TYPE_CHECKING:
    from kiosk.store.database import Store
    from kiosk.store.records import Change

RIGHTS = ("source", "licence", "rights_holder")
FIELDS = {
    Kind.POEM: ("title", "poet", "born", "died", "language", *RIGHTS),
    Kind.ARTWORK: (
        *("number", "title", "artist", "date", "description", "language", "room"),
        *RIGHTS,
    ),
}
# Of these the model reads, or visitors of a language are answered with them.
READ_BY_MODEL = {"text", "language", *spread(dict.fromkeys(MODEL_NOTES))}


def add_edit_parser(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], kind: Kind
) -> None:
    """Add `edit` with an option for each field."""
    named = "a poem" if kind is Kind.POEM else "an artwork"
    parser = actions.add_parser("edit", help=f"change {named}; what it was is kept")
    parser.add_argument("id", type=int, metavar="ID")
    for name in FIELDS[kind]:
        parser.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="NEW")
    if kind is Kind.POEM:
        parser.add_argument(
            *("--line",),
            dest="lines",
            nargs=2,
            action="append",
            metavar=("N", "TEXT"),
            help="other words in line N, blank lines not counted; may be given several times",
        )
        parser.add_argument("--text-file", type=Path, metavar="FILE", help="the whole poem anew")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=NEW", help="any other column"
    )
    add_who(parser)
    parser.add_argument("--why", default="", metavar="TEXT", help="kept with the change")
    parser.add_argument(
        "--later", action="store_true", help="leave ranking and speaking to the running kiosk"
    )


def add_who(parser: argparse.ArgumentParser) -> None:
    """Add `--by`."""
    parser.add_argument("--by", default="", metavar="NAME", help="who changes it (you, by login)")


def who(args: argparse.Namespace) -> str:
    """Who changes something: as was said, else by the name that they are logged in with."""
    said = " ".join(args.by.split())
    if said:
        return said
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise InputError("Say with --by who you are; this system does not know.") from None


def run_edit(args: argparse.Namespace, store: Store, settings: Settings, kind: Kind) -> None:
    """Change it, say what was changed, and make again what hangs on it. Raises `KnownError`."""
    from kiosk.collections.editing import edit

    wanted = {name: value for name in FIELDS[kind] if (value := getattr(args, name)) is not None}
    wanted |= _others(args.set)
    if kind is Kind.POEM and (text := _text(args, store)) is not None:
        wanted["text"] = text
    if not wanted:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in FIELDS[kind])
        raise InputError(f"Say what is to be changed; the options are {options} and --set.")
    change = edit(store, kind, args.id, wanted, who(args), " ".join(args.why.split()))
    if change is None:
        note("Nothing was changed: it is so already.")
        return
    for line in told_change(change):
        write(line)
    if not args.later:
        make_again(store, settings, change)


def _others(said: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in said:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise InputError(f"“{one}” is not NAME=NEW; NAME= alone takes the column away.")
        found[f"extra.{name.strip()}"] = value
    return found


def _text(args: argparse.Namespace, store: Store) -> str | None:
    """The poem's new text; None where it stays."""
    from kiosk.collections.editing import with_lines
    from kiosk.collections.reading import read_text

    if args.lines and args.text_file:
        raise InputError("Give lines with --line, or the whole poem with --text-file, not both.")
    if args.text_file:
        return read_text(args.text_file).text
    if not args.lines:
        return None
    poem = store.poems.get(args.id)
    if poem is None:
        raise InputError(f"There is no poem {args.id}; `ekphrasis poems list` shows what there is.")
    lines = []
    for number, words in args.lines:
        if not number.isdecimal():
            raise InputError(f"“{number}” is not the number of a line.")
        lines.append((int(number), words))
    return with_lines(poem.text, lines)


def make_again(store: Store, settings: Settings, change: Change) -> None:
    """Vectors, answers ranked ahead and spoken lines of what changed, and of nothing else."""
    from engine.errors import BundleError
    from kiosk.matching import MatchService
    from kiosk.rendering import prepare

    service = MatchService(settings, store)
    try:
        with Told() as told:
            if READ_BY_MODEL & set(change.after):
                service.load(told)
            sentences = prepare(settings, service, told)
    except BundleError as problem:
        sentences = [f"The change is kept; what hangs on it is made later: {problem.sentence}"]
    for sentence in sentences:
        note(sentence)
