"""Texts reduced to what must agree for two of them to be the same, or to be found."""

from __future__ import annotations

import hashlib
import unicodedata


def search_key(text: str) -> str:
    """Lower case, without accents, blanks collapsed: what a search compares."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())


def identity_key(text: str) -> str:
    """Letters, marks and digits only, case folded, in words.

    Two printings of a poem differ in quotation marks, dashes, capitals and line breaks, and are
    still the same poem. A text with nothing but signs stands for itself.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    return " ".join(letters.split()) or " ".join(folded.split())


def identity_digest(*texts: str) -> str:
    """One digest for several texts taken together; 64 hexadecimal digits."""
    joined = "\x1f".join(identity_key(text) for text in texts)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()
