"""Store and engine together: which poems answer this work, or this picture.

`MatchService` is made at once and loads its model when told to, so that the first screen and the
first word never wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from engine import InputError, Match, Query, Timing, find_bundle
from engine.picture import load_picture
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.config import Settings
from kiosk.store.database import Store
from kiosk.store.records import Artwork

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.pipeline import Engine

SILENT_TITLES = frozenset({"", "untitled", "no title", "ohne titel", "sans titre", "sin título"})
Told = Callable[[str, int, int], None]  # what is being done, how much of it, out of how much


def _untold(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class MatchedAnswer:
    """The poems for one query, and where the time went."""

    matches: tuple[MatchedPoem, ...]
    timing_ms: Timing


class MatchService:
    """Answers pictures and works with poems of the store."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._lock = threading.Lock()  # a model is loaded once, and asked one thing at a time
        self._engine: Engine | None = None
        self.load_ms = 0.0  # how long loading took, once it is done

    def load(self, told: Told = _untold) -> Engine:
        """Load bundle and index, encode what is new; the second call costs nothing.

        Raises `BundleError` or `StoreError`, each with a sentence.
        """
        with self._lock:
            if self._engine is None:
                start = perf_counter()
                self._engine = self._build(told)
                self.load_ms = round((perf_counter() - start) * 1000, 3)
            return self._engine

    def refresh(self) -> None:
        """Take in poems that were added since; call after an import."""
        with self._lock:
            self._engine = None

    def _build(self, told: Told) -> Engine:
        from engine.loading import load_encoder
        from engine.pipeline import Engine
        from kiosk.encoding import encode_missing, open_index

        bundle = find_bundle(self._settings.bundles_dir, self._settings.bundle)
        encoder = load_encoder(bundle)
        encode_missing(
            self._store,
            encoder,
            bundle.fingerprint,
            lambda done, total: told("encoding poems", done, total),
        )
        index = open_index(
            self._store, bundle.fingerprint, encoder.dimensions, self._settings.cache_dir
        )
        return Engine(encoder, index, self._store.poems)

    def artworks(self) -> list[ArtworkCard]:
        """Every work of the collection, in the order of its wall labels."""
        return [self._card(artwork) for artwork in self._store.artworks.list()]

    def match_artwork(self, artwork_id: int, k: int | None = None) -> MatchedAnswer:
        """Poems for a work of the collection: its picture, its words, and what docents decided."""
        artwork = self._store.artworks.get(artwork_id)
        if artwork is None:
            raise InputError(
                f"There is no artwork {artwork_id}; `ekphrasis artworks list` shows what there is."
            )
        path = self._store.picture_path(artwork)
        picture = None if path is None else load_picture(path)
        return self._match(Query(picture, words_of(artwork)), k, artwork_id)

    def match_picture(
        self, picture: Image | Path, words: str = "", k: int | None = None
    ) -> MatchedAnswer:
        """Poems for a picture that is no work of the collection, with words about it if any."""
        image = load_picture(picture) if isinstance(picture, Path) else picture
        return self._match(Query(image, words), k, None)

    def _match(self, query: Query, k: int | None, artwork_id: int | None) -> MatchedAnswer:
        engine = self.load()
        wanted = self._settings.matches if k is None else k
        curation = self._store.curation.for_artwork(artwork_id)
        with self._lock:
            answer = engine.match(query, wanted, curation=curation)
        return MatchedAnswer(
            tuple(poem for match in answer.matches if (poem := self._poem(match)) is not None),
            answer.timing_ms,
        )

    def _poem(self, match: Match) -> MatchedPoem | None:
        poem = self._store.poems.get(match.poem_id)
        if poem is None:  # deleted while we were searching
            return None
        (passage,) = self._store.poems.passages([match.passage_id])
        return MatchedPoem(
            rank=match.rank,
            poem_id=poem.id,
            passage_id=match.passage_id,
            title=poem.title,
            poet=poem.poet.name,
            lines=tuple(passage.lines),
            language=poem.language,
            whole=tuple(poem.lines),
            score=match.score,
            similarity=match.similarity,
        )

    def _card(self, artwork: Artwork) -> ArtworkCard:
        return ArtworkCard(
            id=artwork.id,
            number=artwork.number or "",
            title=artwork.title,
            artist=artwork.artist,
            date=artwork.date,
            description=artwork.description,
            picture=self._store.picture_path(artwork),
        )


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
