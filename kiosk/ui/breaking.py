"""Long words: a place to break for those that are wider than their column, and shorter words.

Lines are broken between words, Korean ones too. Only a word that is wider than the whole column
is divided, with a hyphen where its script has one, so that no letter stands beyond the edge.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ZERO_WIDTH_SPACE = "\u200b"  # where a line may end
HYPHEN = "-" + ZERO_WIDTH_SPACE  # Qt 6.11 runs past a soft hyphen near a column's edge
HYPHENATED = re.compile(r"[A-Za-z\u00c0-\u024f]")
LEAST_PART = 3  # letters before and after a hyphen
ELLIPSIS = "…"

Measure = Callable[[str], float]


def divided(text: str, width: float, measure: Measure) -> str:
    """`text` with a place to break in every word that is wider than `width`."""
    parts = re.split(r"(\s+)", text)
    return "".join(
        _divided_word(part, width, measure) if part and measure(part) > width else part
        for part in parts
    )


def _divided_word(word: str, width: float, measure: Measure) -> str:
    if not word.strip() or width <= 0:
        return word
    width -= measure("-") / 2  # Qt's own line breaking measures a little more than its metrics
    pieces: list[str] = []
    rest = word
    while len(rest) > 1 and measure(rest) > width:
        hyphen = "-" if HYPHENATED.search(rest) else ""
        end, beyond = 1, len(rest)  # the widest beginning that fits lies between
        while beyond - end > 1:
            middle = (end + beyond) // 2
            if measure(rest[:middle] + hyphen) > width:
                beyond = middle
            else:
                end = middle
        if len(rest) - end < LEAST_PART < end - LEAST_PART:
            end -= LEAST_PART - (len(rest) - end)
        pieces.append(rest[:end])
        rest = rest[end:]
    pieces.append(rest)
    joint = HYPHEN if HYPHENATED.search(word) else ZERO_WIDTH_SPACE
    return joint.join(piece for piece in pieces if piece)


def shortened(text: str, fits: Callable[[str], bool]) -> str:
    """As many whole words as fit, and an ellipsis; all of it where that fits."""
    if fits(text):
        return text
    words = text.split()
    while len(words) > 1:
        words.pop()
        shorter = " ".join(words).rstrip(",;:.") + ELLIPSIS
        if fits(shorter):
            return shorter
    return (words[0] if words else "") + ELLIPSIS
