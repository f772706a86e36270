"""`ekphrasis judge pool | add | figures`: poems judged for the starter paintings by a reader.

`pool` writes what is to be judged, `add` takes in what a reader has judged, `figures` says how well
each method's answers agree with all that was judged (`data/judgements/README.md`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.config import Settings


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "judge", help="have poems judged for the starter paintings, and measure by it"
    )
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    pool = actions.add_parser("pool", help="write what has not been judged yet")
    pool.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    add = actions.add_parser("add", help="take in a form that a reader has filled in")
    add.add_argument("form", type=Path, metavar="FORM.csv")
    figures = actions.add_parser("figures", help="nDCG@5 and precision@3 of every method")
    how = figures.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print JSON")
    how.add_argument("--markdown", action="store_true", help="print Markdown")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says. Raises `KnownError`."""
    if args.action == "pool":
        return _pool(args, settings)
    if args.action == "add":
        return _add(args, settings)
    return _figures(args, settings)


def _pool(args: argparse.Namespace, settings: Settings) -> int:
    from engine.evaluation.judging import grades_of, read_judgements
    from kiosk.judgements import pools
    from kiosk.judgements.methods import rank_all
    from kiosk.judgements.named import find_named
    from kiosk.progress import Told, note
    from kiosk.store.database import open_store

    home = settings.starter_dir / "judgements"
    drawn = pools.read_drawn(home / pools.DRAWN_FILE)
    judged = {}
    if (home / pools.JUDGEMENTS_FILE).exists():
        judged = grades_of(read_judgements(home / pools.JUDGEMENTS_FILE))
    with open_store(settings.store_place) as store, Told() as told:
        named = find_named(settings, store)
        new = [painting for painting in named.paintings if painting not in drawn]
        drawn |= pools.draw(new, list(named.poems))
        rankings = rank_all(settings, store, named, told)
        paintings = {
            name: pools.Page(name, f"{work.title}, {work.artist}, {work.date}", work.description)
            for name, work in named.paintings.items()
        }
        texts = store.poems.get_many(list(named.poems.values()))
        poems = {
            name: pools.Page(name, f"{poem.title}, {poem.poet.name}", poem.text)
            for name, poem in zip(named.poems, texts, strict=True)
        }
    asked = pools.pools(
        {painting: drawn[painting] for painting in named.paintings}, rankings, judged
    )
    if not asked:
        note("Everything has been judged already.")
        return 0
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "pool.txt").write_text(pools.as_text(asked, paintings, poems), "utf-8")
        (args.out / "form.csv").write_text(pools.form(asked), "utf-8")
        if new:
            _write(home / pools.DRAWN_FILE, pools.write_drawn(drawn))
    except OSError as problem:
        raise InputError(f"{args.out} cannot be written ({problem.strerror}).") from None
    count = sum(len(names) for names in asked.values())
    note(
        f"{count} poems to judge for {len(asked)} paintings: read {args.out / 'pool.txt'}, fill in"
        f" {args.out / 'form.csv'}, then: ekphrasis judge add {args.out / 'form.csv'}"
    )
    return 0


def _add(args: argparse.Namespace, settings: Settings) -> int:
    from engine.evaluation.judging import read_judgements, write_judgements
    from kiosk.judgements import pools
    from kiosk.judgements.named import painting_names, poem_names
    from kiosk.progress import note

    path = settings.starter_dir / "judgements" / pools.JUDGEMENTS_FILE
    known = read_judgements(path) if path.exists() else []
    fresh = read_judgements(args.form)
    starter = settings.starter_dir
    together = pools.merged(known, fresh, painting_names(starter), poem_names(starter))
    try:
        _write(path, write_judgements(together))
    except OSError as problem:
        raise InputError(f"{path} cannot be written ({problem.strerror}).") from None
    note(f"{len(together) - len(known)} judgements added; there are {len(together)}.")
    return 0


def _figures(args: argparse.Namespace, settings: Settings) -> int:
    from kiosk.judgements.figures import as_markdown, as_text, measure
    from kiosk.progress import Told

    with Told() as told:
        found = measure(settings, told)
    if args.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        print((as_markdown if args.markdown else as_text)(found))
    return 0


def _write(path: Path, text: str) -> None:
    """In the old file's place at once, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
