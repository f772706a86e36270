"""`make bench`: every speed figure of the project, measured here and nowhere else.

    make bench              all of it
    make bench ONLY=match   a part

Prints a table and writes build/bench.json: {"name": {"value", "unit", "peer", "peer_value",
"ratio"}}. Each figure is the median of at least 20 warm runs, beside a peer that does the same
work in the same run (null where there is none); `ratio` is peer over value (of rates, value over
peer), so above 1 is better than the peer. `import` takes a file of your own from BENCH_DATA. Memory
is summed over all processes. Milliseconds are for the machine they were measured on; the ratio is
what holds elsewhere.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.growing import measure_growing
from tests.bench.importing import measure_importing
from tests.bench.matching import measure_matching
from tests.bench.reranking import measure_reranking
from tests.bench.searching import measure_searching
from tests.bench.serving import measure_serving
from tests.bench.speaking import measure_speaking
from tests.bench.starting import measure_memory, measure_starting
from tests.bench.visiting import measure_visiting

PARTS: dict[str, Callable[[str], Iterator[Figure]]] = {
    "start": measure_starting,
    "memory": measure_memory,
    "match": measure_matching,
    "rerank": measure_reranking,
    "search": measure_searching,
    "store": measure_growing,
    "import": measure_importing,
    "server": measure_serving,
    "speech": measure_speaking,
    "visit": measure_visiting,
}
OUT = Path("build/bench.json")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="PREFIX", help="figures that begin so")
    only = parser.parse_args().only
    kept: dict[str, dict[str, object]] = {}
    if only and OUT.exists():  # a part leaves the others as they are; the whole begins anew
        kept = json.loads(OUT.read_text())
    print(f"{'figure':<32}{'value':>12}  {'unit':<6}{'peer':<44}{'peer value':>12}{'ratio':>8}")
    new: set[str] = set()  # the start's own runs tell of the memory, too
    for part, measure in PARTS.items():
        if not (part.startswith(only) or only.startswith(part)):
            continue
        for figure in measure(only):
            if not figure.name.startswith(only) or figure.name in new:
                continue
            new.add(figure.name)
            print(figure.row(), flush=True)
            told = asdict(figure)
            name = str(told.pop("name"))  # first: the right side of an assignment is read before
            kept[name] = {**told, "ratio": figure.ratio}
    if not new:
        print(f"No figure begins with {only!r}; the parts are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"written to {OUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
