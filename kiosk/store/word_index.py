"""The full-text indexes: what each is called, which columns it has, and what these weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The full-text index of one kind of thing; the database keeps it in step by itself."""

    table: str
    weights: Mapping[str, float]  # of its columns; SQLite's tables know them, too


POEM_WORDS = WordIndex("poem_words", {"title": 10.0, "poet": 5.0, "text": 1.0})
ARTWORK_WORDS = WordIndex(
    "artwork_words",
    {"number": 10.0, "title": 10.0, "artist": 5.0, "room": 2.0, "description": 1.0},
)
INDEXES = (POEM_WORDS, ARTWORK_WORDS)
