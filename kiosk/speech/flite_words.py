"""What flite cannot read of old verse, in words that it can.

Flite spells a word whose letters it thinks cannot stand together ("thinkst": tee, aitch, eye …),
says "teez" for 'tis, "er" for o'er and "near" for ne'er, and knows no letter beyond a to z. Each
rule was found by looking at the sounds that it says it makes (`flite -ps`).
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"'tis\b", "tiz"),
        (r"'twould\b", "twood"),
        (r"\bo'er(?=[a-z])", "ore "),  # o'ercargoed
        (r"\bo'er\b", "ore"),
        (r"\bne'er\b", "nair"),
        (r"\b(what|when|where|how|who|which)(so)?e'er\b", r"\1\2 air"),
        (r"\be'er\b", "air"),
        (r"\bta'en\b", "tane"),
        (r"\bwill't\b", "wilt"),
        # A syllable more than the metre has is better than six letters of the alphabet.
        (r"(?<=[a-z])(?<!e)'st\b", "est"),
        (r"(?<=e)'st\b", "st"),
        (r"\b(w|c|sh)ouldst\b", r"\1ouldest"),
        (r"\bmightst\b", "mightest"),
    )
)


def for_flite(text: str) -> str:
    """The text in letters, signs and words that flite reads rightly."""
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    text = "".join(c for c in text if c.isascii() and c.isprintable())
    for pattern, words in _RULES:
        text = pattern.sub(words, text)
    return text
