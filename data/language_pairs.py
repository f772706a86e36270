"""Pairs that measure how well poems in another language than English are found.

    python data/language_pairs.py ko [--text] > PAIRS.jsonl
    ekphrasis evaluate --pairs PAIRS.jsonl

The query is a poem's subjects; what is to be found among all of that language is its gloss, or,
with --text, the poem itself as it stands.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

POEMS = Path(__file__).resolve().parent / "poems"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write pairs of subjects and glosses or poems.")
    parser.add_argument("language")
    parser.add_argument("--text", action="store_true", help="the poem itself, not its gloss")
    arguments = parser.parse_args()
    for path in sorted(POEMS.glob("*.txt")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        header = dict(line.split(": ", 1) for line in head.split("\n"))
        if header["language"] == arguments.language:
            text = body if arguments.text else header.get("gloss", body)
            pair = {"query": header["subjects"].replace(";", ","), "text": text.strip()}
            sys.stdout.write(json.dumps(pair, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
