"""Parts of a text, and the text without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]  # of characters: the first, and one behind the last


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, wherever in it the same words come again."""

    index: int  # of its first place among the printed lines, empty ones counted
    spans: tuple[Span, ...]  # every place, with the line's end


def lines_of(text: str) -> list[Line]:
    """The lines that hold a word, each once: to hide a refrain, all of it has to be hidden."""
    found: dict[str, list[tuple[int, Span]]] = {}
    start = 0
    for index, line in enumerate(text.split("\n")):
        end = min(start + len(line) + 1, len(text))
        words = " ".join(re.findall(r"\w+", line.casefold()))
        if words:
            found.setdefault(words, []).append((index, (start, end)))
        start = end
    return [Line(places[0][0], tuple(span for _, span in places)) for places in found.values()]


def cut(text: str, spans: Sequence[Span]) -> str:
    """The text without these parts, and without the lines that nothing is left of."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at:start])
        at = max(at, end)
    left = "".join([*kept, text[at:]])
    lines = (re.sub(r" {2,}", " ", line).strip() for line in left.split("\n"))
    return "\n".join(line for line in lines if line)
