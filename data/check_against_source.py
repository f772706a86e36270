"""Compare the poems in `data/poems` with a second collection and print where they differ.

    python data/check_against_source.py POEMS.jsonl [--exact]

Each line of POEMS.jsonl is an object with at least "author", "title" and "text". A poem is looked
for by its lines, not by its title, since titles differ from book to book. By default only the words
are compared: capitals, punctuation, indents and line numbers are left aside. With --exact the lines
are compared as they stand, but for blanks around them. Exit status: 0 if every poem was found and
agrees, 1 otherwise; differences that were decided on purpose are told in each poem's `checked`.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

POEMS = Path(__file__).resolve().parent / "poems"


def words(line: str) -> str:
    """The words of a line alone; a lost character (U+FFFD) counts as no letter."""
    plain = re.sub(r"\t\s*\d+\s*$", "", line).lower()
    return " ".join(re.findall(r"\w+", re.sub("['’‘\ufffd]", "", plain)))


def verses(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def ours() -> dict[str, list[str]]:
    """File name -> verses of the poem, the header left out."""
    return {
        path.name: verses(path.read_text(encoding="utf-8").partition("\n\n")[2])
        for path in sorted(POEMS.glob("*.txt"))
    }


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare data/poems with a second collection.")
    parser.add_argument("source", type=Path, help="a JSONL file of author, title, text")
    parser.add_argument("--exact", action="store_true", help="compare punctuation and capitals too")
    arguments = parser.parse_args()
    try:
        lines = arguments.source.read_text(encoding="utf-8").splitlines()
        theirs = [json.loads(line) for line in lines if line.strip()]
        texts = [verses(poem["text"]) for poem in theirs]
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"{arguments.source} cannot be read as poems, one JSON object a line: {error}")
        return 2

    where: defaultdict[str, set[int]] = defaultdict(set)
    for index, text in enumerate(texts):
        for line in text:
            where[words(line)].add(index)

    shape = str.strip if arguments.exact else words
    agree = differ = missing = 0
    for name, poem in ours().items():
        shared = Counter(index for line in set(poem) for index in where[words(line)])
        # Of several copies of the same poem, the one that is nearest.
        copies = [index for index, n in shared.items() if n * 2 >= len(poem) // 2]
        left = [shape(line) for line in poem]
        found = [
            (list(difflib.unified_diff([shape(v) for v in texts[i]], left, n=0, lineterm="")), i)
            for i in copies
        ]
        if not found:
            say(f"== {name}: not found")
            missing += 1
            continue
        difference, index = min(found, key=lambda pair: len(pair[0]))
        if not difference:
            agree += 1
            continue
        differ += 1
        say(f"== {name} / {theirs[index]['author']}: {theirs[index]['title']}")
        say("\n".join(line for line in difference[2:] if not line.startswith("@@")))
    say(f"{agree} agree, {differ} differ, {missing} not found")
    return 0 if differ == missing == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
