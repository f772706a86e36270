"""Texts reduced to what must agree for two of them to be the same, or to be found."""

from __future__ import annotations

import hashlib
import re
import unicodedata

SIGNS = re.compile(r"[\W_]+")  # all that is neither letter nor digit


def search_key(text: str) -> str:
    """Lower case, without accents, blanks collapsed: what a search compares."""
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())


def identity_key(text: str) -> str:
    """The letters and digits of the search key, in words.

    Two printings of a poem differ in quotation marks, dashes, capitals, line breaks and an accent
    on a "learnèd", and are still the same poem. A text with nothing but signs stands for itself.
    """
    folded = search_key(text)
    return SIGNS.sub(" ", folded).strip() or folded


def identity_digest(*texts: str) -> str:
    """One digest for several texts taken together; 64 hexadecimal digits."""
    joined = "\x1f".join(identity_key(text) for text in texts)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()
