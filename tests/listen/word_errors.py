"""How many words of a text were taken for others."""

from __future__ import annotations

import re

from kiosk.speech.verse import spoken_form


def plain_words(text: str) -> list[str]:
    """Lower-case words without marks, so that spelling and not typesetting is compared."""
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", spoken_form(text).lower()))


def word_errors(said: list[str], heard: list[str]) -> int:
    """Words replaced, left out or put in (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(heard, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (word != other)),
            )
    return row[-1]
