"""What is known of a work, as prose that joins the query. Pure."""

from __future__ import annotations

from kiosk.store.records import Artwork

SILENT_TITLES = frozenset({"", "untitled", "no title", "ohne titel", "sans titre", "sin título"})


def words_of(artwork: Artwork) -> str:
    """What is known of a work, as prose for the query; a title that says nothing is left out."""
    return join_words(artwork.title, artwork.description)


def join_words(title: str, description: str) -> str:
    """Title and description as one text; empty when neither says anything."""
    title = title.strip()
    if title.casefold() in SILENT_TITLES:
        title = ""
    if title and not title.endswith((".", "!", "?", "…")):
        title += "."
    return f"{title} {description.strip()}".strip()
