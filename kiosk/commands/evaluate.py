"""`ekphrasis evaluate`: how well a bundle finds the text that belongs to a picture.

`--pairs` measures the bundle of the settings on pairs of one's own; `--table` makes the paper's
tables from a folder of pairs and the bundles of its methods; `--reasons` hides from the model what
visitors are told of why a poem was chosen, and other parts beside it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.config import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.evaluation import Evaluation, Pair
    from engine.evaluation.running import Outcome

METHODS = {  # as in engine.evaluation.published, which would cost every command its import
    "zero-shot": "CLIP zero-shot",
    "few-shot": "CLIP few-shot",
    "supervised": "CLIP fully supervised",
    "ce-clip": "CE-CLIP",
}


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "evaluate", help="measure retrieval on pairs of your own, or make the paper's tables"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--pairs", type=Path, metavar="PAIRS.jsonl")
    what.add_argument("--table", type=int, nargs="+", choices=(1, 2), help="of the paper")
    what.add_argument(
        "--reasons", action="store_true", help="whether what is named of a poem really weighs"
    )
    own = parser.add_argument_group("with --pairs")
    own.add_argument("--images", type=Path, metavar="DIR", help="folder of the pairs' pictures")
    own.add_argument("--k", type=int, nargs="+", default=[1, 5, 10, 20])
    own.add_argument("--rerank", type=int, default=50, metavar="N", help="the best N are reread")
    tables = parser.add_argument_group("with --table")
    tables.add_argument(
        "--data", type=Path, metavar="FOLDER", help="pairs and split (default: as data fetch)"
    )
    tables.add_argument(
        "--runs",
        type=Path,
        metavar="FOLDER",
        help="of trainings (default: runs in the data directory)",
    )
    for key, name in METHODS.items():
        tables.add_argument(f"--{key}", metavar="RUN|BUNDLE", help=f"the row of {name}")
    tables.add_argument(
        "--passages", action="store_true", help="a long poem is as good as its best passage"
    )
    tables.add_argument("--seed", type=int, help="which 100 poems Table 2 draws")
    tables.add_argument("--markdown", action="store_true", help="print Markdown")
    tables.add_argument("--no-alternatives", action="store_true", help="the four methods only")
    tables.add_argument("--out", type=Path, metavar="FOLDER", help="write everything there too")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Evaluate and print."""
    if args.reasons:
        return run_reasons(args, settings)
    return run_tables(args, settings) if args.table else run_pairs(args, settings)


def run_reasons(args: argparse.Namespace, settings: Settings) -> int:
    """What hiding costs, over the works of this kiosk and the poems that answer them."""
    from kiosk.progress import Told
    from kiosk.why_checked import as_json, as_markdown, as_text, check_kiosk

    with Told() as told:
        figures = check_kiosk(settings, told)
    if args.json:
        print(json.dumps(as_json(figures)))
    else:
        print(as_markdown(figures) if args.markdown else as_text(figures))
    return 0


def run_pairs(args: argparse.Namespace, settings: Settings) -> int:
    """The bundle of the settings on pairs of one's own."""
    if any(k < 1 for k in args.k) or args.rerank < 0:
        raise InputError("--k takes numbers from 1 on, and --rerank a number from 0 on.")
    pairs = read_pairs(args.pairs, args.images)

    from engine import find_bundle
    from engine.evaluation import evaluate
    from engine.loading import load_encoder
    from kiosk.progress import Told

    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    encoder = load_encoder(bundle, device=args.device)
    done = 0
    with Told() as told:

        def progress(more: int) -> None:
            nonlocal done
            done += more
            told("ranking", done, len(pairs))

        result = evaluate(
            encoder, pairs, ks=sorted(set(args.k)), rerank=args.rerank, progress=progress
        )
    about = {"name": bundle.name, "version": bundle.version, "fingerprint": bundle.fingerprint}
    if args.json:
        print(json.dumps({**asdict(result), "bundle": about}))
    else:
        print(_as_text(result, f"{bundle.name} {bundle.version}", args.rerank))
    return 0


def run_tables(args: argparse.Namespace, settings: Settings) -> int:
    """The paper's tables, as text, Markdown or JSON."""
    from engine.evaluation import running
    from engine.evaluation.ranking import whole
    from engine.evaluation.tables import as_markdown, as_text
    from kiosk.progress import Told, note

    folder = args.data if args.data is not None else settings.data_dir / "multim-poem"
    runs = args.runs if args.runs is not None else settings.data_dir / "runs"
    named = {key: getattr(args, key.replace("-", "_")) for key in METHODS}
    found = running.find_methods(named, settings.bundles_dir, runs)
    with Told() as told:
        outcome = running.run_tables(
            folder,
            found,
            numbers=sorted(set(args.table)),
            seed=running.SEED if args.seed is None else args.seed,
            device=args.device,
            with_alternatives=not args.no_alternatives,
            cut=_passages if args.passages else whole,
            say=note,
            progress=told,
        )
    if args.out is not None:
        write_outcome(args.out, outcome, note)
    if args.json:
        print(json.dumps([table.to_json() for table in outcome.tables], ensure_ascii=False))
    else:
        shown = as_markdown if args.markdown else as_text
        print("\n\n\n".join(shown(table) for table in outcome.tables))
    return 0


def _passages(poem: str) -> list[str]:
    """The passages that a kiosk would search."""
    from kiosk.collections.passages import cut

    return [one.text for one in cut(poem.strip("\n"))]


def write_outcome(folder: Path, outcome: Outcome, note: Callable[[str], None]) -> None:
    """Each table three times over, and what a short list costs as CSV and plot."""
    from engine.evaluation.short_lists import draw_curve, write_curve
    from engine.evaluation.tables import as_markdown, as_text

    folder.mkdir(parents=True, exist_ok=True)
    for table in outcome.tables:
        name = f"table-{table.number}"
        (folder / f"{name}.txt").write_text(as_text(table) + "\n", encoding="utf-8")
        (folder / f"{name}.md").write_text(as_markdown(table) + "\n", encoding="utf-8")
        told = json.dumps(table.to_json(), indent=1, ensure_ascii=False)
        (folder / f"{name}.json").write_text(told + "\n", encoding="utf-8")
    if outcome.short_lists:
        write_curve(folder / "short-lists.csv", outcome.short_lists)
        try:
            draw_curve(
                folder / "short-lists.png", outcome.short_lists, "What a short list of N costs"
            )
        except InputError as problem:
            note(problem.sentence)
    note(f"Written to {folder}")


def read_pairs(path: Path, images: Path | None) -> list[Pair]:
    """The pairs of a JSONL file. Raises `InputError` naming the line that is wrong."""
    from engine.evaluation import Pair

    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the name and the folder.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path} cannot be read as UTF-8 text ({problem}).") from None
    folder = path.parent if images is None else images
    pairs = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            raise InputError(f"{path}, line {number}: not JSON; one object a line.") from None
        pairs.append(_pair(row, f"{path}, line {number}", folder, Pair))
    if not pairs:
        raise InputError(f"{path} holds no pairs; each line is an object with image and text.")
    return pairs


def _pair(row: Any, where: str, folder: Path, make: type[Pair]) -> Pair:
    if not isinstance(row, dict):
        raise InputError(f'{where}: must be an object with "text" and "image" or "query".')
    text, image, query = row.get("text"), row.get("image"), row.get("query")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f'{where}: "text" is missing or empty.')
    if (image is None) == (query is None):
        raise InputError(f'{where}: give either "image" or "query", one of the two.')
    if image is not None:
        if not isinstance(image, str) or not (folder / image).is_file():
            raise InputError(f"{where}: there is no picture {folder / str(image)}; see --images.")
        return make(text=text, image=folder / image)
    if not isinstance(query, str) or not query.strip():
        raise InputError(f'{where}: "query" is empty.')
    return make(text=text, query=query)


def _as_text(result: Evaluation, bundle: str, rerank: int) -> str:
    names = list(result.bi_encoder)
    rows = [
        f"{result.pairs} pairs, {result.candidates} candidates, bundle {bundle}",
        "",
        " " * 22 + "".join(f"{name:>13}" for name in names),
        f"{'bi-encoder':<22}" + "".join(f"{result.bi_encoder[name]:>13.1f}" for name in names),
        f"{f'reranked (best {rerank})':<22}"
        + "".join(f"{result.reranked[name]:>13.1f}" for name in names),
    ]
    return "\n".join(rows)
