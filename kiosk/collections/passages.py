"""Cut a poem into passages: runs of whole lines short enough to be found and heard by themselves.

1. A poem of at most `MOST_LINES` lines is one passage: most short lyrics, every sonnet.
2. A longer one is cut between stanzas, so that passages come out near `GOOD_LINES` each; couplets
   and tercets are grouped, a numeral above a section stays with what follows.
3. Only a stanza that is longer than `MOST_LINES` (blank verse, a ballad set solid) is cut within,
   where a sentence ends if one does nearby, else at a clause, and in mid-sentence as a last resort.

Nothing is lost: `join` gives back the poem, character by character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kiosk.store.records import PassageCut

MOST_LINES = 16  # printed lines, blank ones not counted
GOOD_LINES = 13
# What a cut costs, in squared lines of distance from a good length.
BETWEEN_STANZAS = 0
AFTER_SENTENCE = 4
AFTER_CLAUSE = 16
AFTER_COMMA = 36
IN_FLOW = 80
WITHIN_SHORT_STANZA = 1000
AFTER_HEADING = 1000

HEADING = re.compile(r"\W*([IVXLCDM]+|\d+|\*+|[^\w\s]+)\W*", re.IGNORECASE)
CLOSING = "\"'’”»)]—–- "


def cut(poem: str) -> list[PassageCut]:
    """The passages of a poem in the order of the page; none for an empty text.

    `poem` has lines joined by "\\n", with no blank line at its beginning or end (`clean_text`).
    """
    lines = poem.split("\n")
    printed = [i for i, line in enumerate(lines) if line.strip()]
    if not printed:
        return []
    # best[n]: the cheapest way to cut the first n printed lines, and where its last passage begins
    best: list[tuple[float, int]] = [(0.0, 0)]
    costs = [_cost_after(lines, printed, n) for n in range(len(printed) + 1)]
    for end in range(1, len(printed) + 1):
        best.append(
            min(
                (best[start][0] + costs[end] + _length_cost(end - start, len(printed)), start)
                for start in range(max(0, end - MOST_LINES), end)
            )
        )
    cuts: list[PassageCut] = []
    end = len(printed)
    while end:
        start = best[end][1]
        first, last = printed[start], printed[end - 1]
        cuts.append(PassageCut(first, "\n".join(lines[first : last + 1])))
        end = start
    return cuts[::-1]


def join(cuts: Sequence[PassageCut]) -> str:
    """The poem that `cut` cut."""
    lines: list[str] = []
    for passage in cuts:
        lines += [""] * (passage.first_line - len(lines))
        lines += passage.text.split("\n")
    return "\n".join(lines)


def _length_cost(length: int, whole: int) -> float:
    if length == whole:  # a poem that fits is never cut
        return 0.0
    return float((length - GOOD_LINES) ** 2)


def _cost_after(lines: Sequence[str], printed: Sequence[int], count: int) -> float:
    """What it costs to end a passage after the first `count` printed lines."""
    if count in (0, len(printed)):
        return 0.0
    here, following = printed[count - 1], printed[count]
    if following > here + 1:
        alone = count == 1 or printed[count - 2] < here - 1
        heading = alone and HEADING.fullmatch(lines[here].strip())
        return AFTER_HEADING if heading else BETWEEN_STANZAS
    cost = _break_cost(lines[here])
    return cost if _stanza_length(lines, here) > MOST_LINES else WITHIN_SHORT_STANZA + cost


def _break_cost(line: str) -> float:
    bare = line.rstrip(CLOSING)
    if bare.endswith((".", "!", "?", "…", "。", "！", "？")):
        return AFTER_SENTENCE
    if bare.endswith((";", ":")) or line.rstrip().endswith(("—", "–", "--")):
        return AFTER_CLAUSE
    return AFTER_COMMA if bare.endswith((",", "、", "，")) else IN_FLOW


def _stanza_length(lines: Sequence[str], index: int) -> int:
    """Lines in the stanza of this line; counting stops once it is known to be a long one."""
    first = index
    while first > 0 and lines[first - 1].strip() and index - first <= MOST_LINES:
        first -= 1
    last = index
    while last + 1 < len(lines) and lines[last + 1].strip() and last - first <= MOST_LINES:
        last += 1
    return last - first + 1
