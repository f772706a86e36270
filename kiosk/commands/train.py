"""`ekphrasis train`: CE-CLIP from a folder of pairs, by a recipe, to a bundle."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import InputError
from kiosk.config import Settings

BEGIN = "paper"  # the bundle with first weights that `ekphrasis bundles install paper` brings


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("train", help="train a model bundle (for researchers)")
    parser.add_argument(
        "pairs",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="pairs of picture and poem (default: what `ekphrasis data fetch` brought)",
    )
    parser.add_argument(
        "--recipe",
        default="paper",
        help="paper, clip-supervised, clip-few-shot, stand-in or a file",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="states, curves and the bundle")
    parser.add_argument(
        "--from", dest="begin", metavar="BUNDLE", help="an installed bundle with first weights"
    )
    parser.add_argument("--clip", metavar="MODEL", help="an open_clip model, or local-dir:FOLDER")
    parser.add_argument("--mpnet", metavar="MODEL", help="a model on the hub, or a folder")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="stand-in: any pictures")
    parser.add_argument("--workers", type=int, default=0, help="processes that open pictures")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the recipe, such as warm-up.epochs=10; those of the machine, the "
        "first weights and the pairs, such as precision=bf16, change the baselines as well",
    )
    parser.add_argument(
        "--alone", action="store_true", help="paper: without the fine-tuned baselines of the tables"
    )
    parser.add_argument("--install", action="store_true", help="install the bundle when it is done")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Train, or go on with a training that was stopped."""
    from engine.learning import baselines, common, train
    from kiosk.progress import Told, note

    pairs = args.pairs or settings.data_dir / "multim-poem"
    if args.workers < 0:
        raise InputError("--workers takes a number from 0 on.")
    if args.pictures is not None and not args.pictures.is_dir():
        raise InputError(f"There is no folder {args.pictures}; give one with pictures.")
    name = Path(args.recipe).stem
    out = args.out or settings.data_dir / "runs" / name
    changes = first_weights(args, settings) | dict(_change(text) for text in args.set)
    shared = common(changes)
    with Told() as told:
        trained = train(
            args.recipe,
            pairs,
            out,
            changes=changes,
            pictures=args.pictures,
            workers=args.workers,
            say=note,
            progress=told,
        )
        for other in () if args.alone else baselines(args.recipe):
            note(f"Beside it, for the tables: {other}{_apart(changes, shared)}")
            beside = out.with_name(Path(other).stem)
            train(
                other,
                pairs,
                beside,
                changes=shared,
                workers=args.workers,
                say=note,
                progress=told,
            )
    if trained is None:  # another process than the first
        return 0
    if args.install:
        from engine.bundling.carrying import import_bundle

        bundle = import_bundle(trained.bundle, settings.bundles_dir)
        note(f"Installed as {bundle.name}; choose it with EKPHRASIS_BUNDLE={bundle.name}")
    print(trained.bundle)
    return 0


def first_weights(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """Where the recipe's first weights are taken from, if not from where it says itself."""
    changes: dict[str, Any] = {}
    folder = settings.bundles_dir / (args.begin or BEGIN)
    if args.begin is not None and not folder.is_dir():
        raise InputError(
            f"The bundle {args.begin!r} is not installed; see `ekphrasis bundles list`."
        )
    if args.begin is not None or (folder / "open_clip_config.json").is_file():
        changes["weights.clip"] = f"local-dir:{folder}"
        if (folder / "mpnet").is_dir():
            changes["weights.mpnet"] = str(folder / "mpnet")
    if args.clip is not None:
        changes["weights.clip"] = args.clip
    if args.mpnet is not None:
        changes["weights.mpnet"] = args.mpnet
    return changes


def _apart(changes: Mapping[str, Any], shared: Mapping[str, Any]) -> str:
    """What was changed for the recipe and not for its baselines, as the end of a sentence."""
    own = [field for field in changes if field not in shared]
    return f" ({', '.join(own)} as in its own recipe)" if own else ""


def _change(text: str) -> tuple[str, Any]:
    """FIELD=VALUE; the value as TOML would read it, or else as words."""
    field, sign, value = text.partition("=")
    if not sign or not field.strip():
        raise InputError(f"--set {text}: write FIELD=VALUE, such as warm-up.epochs=10.")
    try:
        return field.strip(), json.loads(value)
    except json.JSONDecodeError:
        return field.strip(), value
