"""`ekphrasis`, the one console script; also `python -m kiosk`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from engine.errors import KnownError
from kiosk.config import load_settings
from kiosk.store.replacing import finish_interrupted

COMMANDS = (
    "run",
    "match",
    "data",
    "train",
    "evaluate",
    "poems",
    "artworks",
    "imports",
    "export",
    "backup",
    "rights",
    "history",
    "bundles",
    "setup",
    "voice",
    "fit",
    "judge",
    "doctor",
    "screenshots",
)
USER_ERROR = 2
INTERRUPTED = 130


def build_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser with these commands; a command's module is light until it runs."""
    parser = argparse.ArgumentParser(
        prog="ekphrasis",
        description="A picture is answered with poems by people, spoken aloud.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in commands:
        importlib.import_module(f"kiosk.commands.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Errors of the user's or the world's making: one sentence, exit 2."""
    words = sys.argv[1:] if argv is None else argv
    asked = words[:1] if words and words[0] in COMMANDS else COMMANDS  # others are not imported
    args = build_parser(asked).parse_args(words)
    try:
        settings = load_settings()
        finish_interrupted(settings.data_dir)  # before anything is read there
        code: int = args.run(args, settings)
        sys.stdout.flush()
        return code
    except KnownError as problem:
        print(f"ekphrasis: {problem.sentence}", file=sys.stderr)  # noqa: T201
        return USER_ERROR
    except KeyboardInterrupt:
        print("ekphrasis: interrupted; nothing is half done.", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
