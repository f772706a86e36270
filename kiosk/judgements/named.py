"""Starter paintings and English starter poems by names that stay, and where the store has them.

Ids of a store are its own, so judgements go by the names of files: a painting's picture and a
poem's text, without their endings. Poems in other languages are answers to visitors of those
languages (docs/decisions/0010-own-language-first.md), and so are no answers here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.poem_folder import read_poem_folder
from kiosk.collections.tables import read_table
from kiosk.collections.text import clean_line, clean_text
from kiosk.config import Settings
from kiosk.store.database import Store
from kiosk.store.records import Artwork, ArtworkDraft, PoemDraft

LANGUAGE = "en"
WORK_COLUMNS = ("number", "title", "artist", "date", "image")


@dataclass(frozen=True, slots=True)
class Named:
    """What of the starter collection is in the store, by name."""

    paintings: Mapping[str, Artwork]  # in the order of their numbers
    poems: Mapping[str, int]  # ids, by the poem's name
    others: frozenset[int]  # ids of all other poems of the store


def poem_names(starter: Path) -> list[str]:
    """The names of all English poems of the starter anthology, in alphabetical order."""
    rows = read_poem_folder(starter / "poems").rows
    return [
        Path(row.where).stem
        for row in rows
        if not row.problem and row.cells.get("language") == LANGUAGE
    ]


def painting_names(starter: Path) -> list[str]:
    """The names of the starter paintings, in the order of their numbers."""
    table = read_table(starter / "artworks" / "starter.json", WORK_COLUMNS)
    return [Path(row.cells["image"]).stem for row in table.rows]


def find_named(settings: Settings, store: Store) -> Named:
    """Look everything up. Raises `InputError` where there are no paintings or no poems of it."""
    starter = settings.starter_dir
    poems: dict[str, int] = {}
    for row in read_poem_folder(starter / "poems").rows:
        if row.problem or row.cells.get("language") != LANGUAGE:
            continue
        text = clean_text(row.take("text"))
        draft = PoemDraft(clean_line(row.take("title")), clean_line(row.take("poet")), text)
        poem_id = store.poems.duplicate_of(draft)
        if poem_id is not None:
            poems[Path(row.where).stem] = poem_id
    paintings: dict[str, Artwork] = {}
    for row in read_table(starter / "artworks" / "starter.json", WORK_COLUMNS).rows:
        work = ArtworkDraft(
            title=clean_line(row.take("title")),
            number=clean_line(row.take("number")) or None,
            artist=clean_line(row.take("artist")),
            date=clean_line(row.take("date")),
        )
        work_id = store.artworks.duplicate_of(work)
        artwork = None if work_id is None else store.artworks.get(work_id)
        if artwork is not None:
            paintings[Path(row.cells["image"]).stem] = artwork
    if not paintings or not poems:
        raise InputError(
            "The store has no starter paintings or no starter poems; `ekphrasis setup` brings them."
        )
    known = frozenset(poems.values())
    others = frozenset(store.poems.ids()) - known
    return Named(paintings, poems, others)
