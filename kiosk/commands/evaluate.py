"""`ekphrasis evaluate`: how well the bundle finds the text that belongs to a picture."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from kiosk.config import Settings

if TYPE_CHECKING:
    from engine.evaluation import Evaluation, Pair


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("evaluate", help="measure retrieval on pairs of your own")
    parser.add_argument("--pairs", type=Path, required=True, metavar="PAIRS.jsonl")
    parser.add_argument("--images", type=Path, metavar="DIR", help="folder of the pairs' pictures")
    parser.add_argument("--k", type=int, nargs="+", default=[1, 5, 10, 20])
    parser.add_argument("--rerank", type=int, default=50, metavar="N", help="the best N are reread")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Evaluate and print."""
    if any(k < 1 for k in args.k) or args.rerank < 0:
        raise InputError("--k takes numbers from 1 on, and --rerank a number from 0 on.")
    pairs = read_pairs(args.pairs, args.images)

    from engine import find_bundle
    from engine.evaluation import evaluate
    from engine.loading import load_encoder
    from kiosk.progress import Told

    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    encoder = load_encoder(bundle)
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
