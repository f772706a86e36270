"""What is known of a work, as prose that joins the query. Pure."""

from __future__ import annotations

import re

from kiosk.store.records import Artwork

# Titles of these words and of numbers alone name a work and say nothing of it ("Study No. 3"), in
# languages that labels often come in. A word that could be what is painted ("Figure") is not here.
_SILENT = (
    "untitled no title study studies sketch composition plate number nr opus op part series sheet",
    "ohne titel studie skizze komposition tafel blatt nummer",
    "sans titre étude esquisse planche numéro",
    "sin título estudio boceto composición lámina número",
    "무제 습작",
)
SILENT_WORDS = frozenset(word for words in _SILENT for word in words.split())
WORD = re.compile(r"[^\W_]+")
NUMERAL = re.compile(r"\d+|(?=.)M{0,3}(C[MD]|D?C{0,3})(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})")


def words_of(artwork: Artwork) -> str:
    """What is known of a work, as prose for the query; a title that says nothing is left out."""
    return join_words(artwork.title, artwork.description)


def join_words(title: str, description: str) -> str:
    """Title and description as one text; empty when neither says anything."""
    title = title.strip()
    if says_nothing(title):
        title = ""
    if title and not title.endswith((".", "!", "?", "…")):
        title += "."
    return f"{title} {description.strip()}".strip()


def says_nothing(title: str) -> bool:
    """Whether a title only names its work: "Untitled", "Study No. 3", "Composition VIII"."""
    return all(
        word.casefold() in SILENT_WORDS or NUMERAL.fullmatch(word) for word in WORD.findall(title)
    )
