"""Store and engine together: which poems answer this work, or this picture.

`MatchService` is made at once and loads its model when told to, so that the first screen and the
first word never wait for it. What was ranked ahead needs no model at all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from engine import BundleError, InputError, Query, Reason, Timing, find_bundle
from engine.bundles import Bundle
from engine.picture import load_picture
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.colour_notes import ColourNotes
from kiosk.config import Settings
from kiosk.fit import Fit, load_fit
from kiosk.own_language import ReadByModel, Tongues, match_own_first
from kiosk.ranked_ahead import Kept, PoemsState, RankedAhead, credit_of, still_whole, with_poems
from kiosk.rights import HeldBack, rule_of
from kiosk.shown_pictures import ShownPictures
from kiosk.store.database import Store
from kiosk.store.records import Artwork
from kiosk.why import load_background, match_of, with_reasons
from kiosk.words.catalogue import LANGUAGES
from kiosk.work_words import join_words, words_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine import QueryEncoder
    from engine.explaining import Explainer
    from engine.pipeline import Engine
    from engine.types import PassageIndex

__all__ = ["MatchService", "MatchedAnswer", "Told", "join_words", "words_of"]

Told = Callable[[str, int, int], None]  # what is being done, how much of it, out of how much
AT_ONCE = Timing(encode=0.0, search=0.0, rerank=0.0, total=0.0)  # of what was known already


def _untold(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, until it is known why it was answered so."""

    artwork_id: int | None  # None: a picture that is no work of the collection
    picture: Image | None
    words: str
    stamp: str  # of what the answer was made from; "" where it is not kept
    own: str  # the language whose poems come first


@dataclass(frozen=True, slots=True)
class MatchedAnswer:
    """The poems for one query, and where the time went."""

    matches: tuple[MatchedPoem, ...]
    timing_ms: Timing
    fits: bool = True  # False: the best of them is below what counts as a fit
    asked: Asked | None = field(default=None, repr=False)  # None: its reasons are known

    @property
    def needs_reasons(self) -> bool:
        """Whether nobody has looked yet why these poems were chosen."""
        return self.asked is not None


class MatchService:
    """Answers pictures and works with poems of the store. Safe from several threads."""

    def __init__(self, settings: Settings, store: Store, *, with_held: bool = False) -> None:
        """`with_held`: for staff, who see what is held back for its rights, too."""
        self._settings = settings
        self._store = store
        self.held = HeldBack(store, rule_of(settings))
        self._decided = store.curation.for_artwork if with_held else self.held.curation
        self._colours = ColourNotes(settings.cache_dir / "colours.json")
        self._shown = ShownPictures(settings.cache_dir)
        self._lock = threading.Lock()  # a model is loaded once, and asked one thing at a time
        self._bundle: Bundle | None = None
        self._fit = Fit()  # the bundle's
        self._encoder: QueryEncoder | None = None
        self._engine: Engine | None = None
        self._explainer: Explainer | None = None
        self._poems: PoemsState = (0, 0)  # those that the engine knows
        self._tongues: tuple[PoemsState, Tongues] = ((0, 0), Tongues())
        self.load_ms = 0.0  # how long loading took, once it is done

    def load(self, told: Told = _untold) -> Engine:
        """Load bundle and index, encode what is new; the second call costs next to nothing.

        Poems that came or went since the last call are taken in. Raises `BundleError` or
        `StoreError`, each with a sentence.
        """
        with self._lock:
            return self._loaded(told)[0]

    def _loaded(self, told: Told = _untold) -> tuple[Engine, PoemsState]:
        """The engine, and which poems it knows. Call with the lock held."""
        poems = self._store.poems.state()
        if self._engine is None or poems != self._poems:
            start = perf_counter()
            self._engine = self._build(told)
            self._poems = poems
            self.load_ms = self.load_ms or round((perf_counter() - start) * 1000, 3)
        return self._engine, self._poems

    def _build(self, told: Told) -> Engine:
        from engine.loading import load_encoder
        from engine.pipeline import Engine
        from kiosk.encoding import encode_missing, open_index, open_reader

        bundle = self._known_bundle()
        if self._encoder is None:
            self._encoder = load_encoder(bundle)
        cache = self._settings.cache_dir
        bound = self._settings.readings_cache_mb * 1_000_000
        reader = open_reader(self._encoder, bundle.fingerprint, cache, bound)
        encode_missing(
            self._store,
            self._encoder,
            bundle.fingerprint,
            lambda done, total: told("encoding poems", done, total),
            reader,
        )
        index: PassageIndex
        if self._settings.search_on_server:
            index = self._store.server_index(bundle.fingerprint)
        else:
            index = open_index(self._store, bundle.fingerprint, self._encoder.dimensions, cache)
        return Engine(self._encoder, index, ReadByModel(self._store.poems), reader)

    def _known_bundle(self) -> Bundle:
        if self._bundle is None:
            bundle = find_bundle(self._settings.bundles_dir, self._settings.bundle)
            self._fit = load_fit(self._settings, bundle)
            self._bundle = bundle
        return self._bundle

    def artworks(self) -> list[ArtworkCard]:
        """The works that visitors may choose, in the order of their wall labels."""
        held = self.held.artworks()
        works = (artwork for artwork in self._store.artworks.list() if artwork.id not in held)
        return [self._card(artwork) for artwork in works]

    # --- works --------------------------------------------------------------------------------

    def known(self, artwork_id: int, language: str | None = None) -> MatchedAnswer | None:
        """The poems for a work, where they were ranked ahead and nothing has changed since.

        Those in the visitor's `language` come first; without one, the house's.
        """
        try:
            ahead = self._ahead()
        except BundleError:
            return None
        with self._store.snapshot():
            artwork = self._store.artworks.get(artwork_id)
            curation = self._decided(artwork_id)
            own = self._own(language)
            kept = None if artwork is None else ahead.get(artwork, curation, own)
            if artwork is None or kept is None:
                return None
            poems = still_whole(self._store, kept)
            stamp = ahead.stamp(artwork, self._store.poems.state(), curation)
        words = words_of(artwork)
        fit = self._fit.holds([match for match, _ in kept], curation.pinned, words=bool(words))
        asked = None
        if any(reason is None for _, reason in kept):
            asked = Asked(artwork.id, None, words, stamp, own)
        return None if poems is None else MatchedAnswer(poems, AT_ONCE, fit, asked)

    def unranked(self) -> list[int]:
        """The works that `known` has no answer for, or whose colours nobody has looked at yet.

        Raises `BundleError`.
        """
        waiting = set(self._ahead().unranked(self._offered_languages()))
        held = self.held.artworks()
        return [
            artwork.id
            for artwork in self._store.artworks.list()
            if artwork.id not in held and (artwork.id in waiting or self._unseen(artwork))
        ]

    def _unseen(self, artwork: Artwork) -> bool:
        path = self._store.picture_path(artwork)
        return path is not None and path.exists() and self._colours.impression(path) is None

    def rank_ahead(self, told: Told = _untold) -> int:
        """Rank every work that is not known; how many there were. Raises as `match_artwork`."""
        waiting = self.unranked()
        for done, artwork_id in enumerate(waiting, start=1):
            self.rank(artwork_id)
            told("ranking poems", done, len(waiting))
        return len(waiting)

    def rank(self, artwork_id: int) -> None:
        """Find a work's poems for visitors of every language that there are poems in."""
        for own in self._offered_languages():
            self.explain(self.match_artwork(artwork_id, language=own))

    def match_artwork(
        self, artwork_id: int, k: int | None = None, language: str | None = None
    ) -> MatchedAnswer:
        """Poems for a work of the collection: its picture, its words, and what docents decided.

        Those in the visitor's `language` come first; without one, the house's. Without `k` the
        answer is kept, and known from now on.
        """
        artwork = self._store.artworks.get(artwork_id)
        if artwork is None:
            raise InputError(
                f"There is no artwork {artwork_id}; `ekphrasis artworks list` shows what there is."
            )
        path = self._store.picture_path(artwork)
        picture = None if path is None else load_picture(path)
        if path is not None and picture is not None:
            self._colours.look(path, picture)
        return self._match(Query(picture, words_of(artwork)), k, artwork, self._own(language))

    # --- pictures -----------------------------------------------------------------------------

    def match_picture(
        self,
        picture: Image | Path,
        words: str = "",
        k: int | None = None,
        language: str | None = None,
    ) -> MatchedAnswer:
        """Poems for a picture that is no work of the collection, with words about it if any."""
        image = load_picture(picture) if isinstance(picture, Path) else picture
        return self._match(Query(image, words), k, None, self._own(language))

    def _match(
        self, query: Query, k: int | None, artwork: Artwork | None, own: str
    ) -> MatchedAnswer:
        with self._lock:
            engine, poems = self._loaded()
            ahead = self._ahead()
            curation = self._decided(None if artwork is None else artwork.id)
            # Of what the answer is made from: what changes meanwhile outdates it.
            stamp = "" if artwork is None else ahead.stamp(artwork, poems, curation)
            wanted = self._settings.matches if k is None else k
            answer = match_own_first(engine, query, wanted, curation, self._spoken(), own)
            pairs: Kept = [(match, None) for match in answer.matches]
            if artwork is not None and k is None:
                kept = ahead.get(artwork, curation, own)
                if kept is not None and [match for match, _ in kept] == list(answer.matches):
                    pairs = kept  # whose reasons may be known
                else:
                    reasons = None if answer.matches else ()
                    ahead.keep(artwork, stamp, answer.matches, own, reasons)
        asked = None
        if any(reason is None for _, reason in pairs):
            work = None if artwork is None else artwork.id
            asked = Asked(work, query.picture, query.words, stamp if k is None else "", own)
        return MatchedAnswer(
            with_poems(self._store, pairs),
            answer.timing_ms,
            self._fit.holds(answer.matches, curation.pinned, words=bool(query.words.strip())),
            asked,
        )

    # --- why ----------------------------------------------------------------------------------

    def explain(self, answer: MatchedAnswer) -> MatchedAnswer:
        """The same answer with a reason for each poem; kept with it, where the answer is.

        Raises as `match_artwork`.
        """
        asked = answer.asked
        if asked is None:
            return answer
        artwork = None if asked.artwork_id is None else self._store.artworks.get(asked.artwork_id)
        path = None if artwork is None else self._store.picture_path(artwork)
        picture = (
            load_picture(path) if asked.picture is None and path is not None else asked.picture
        )
        query = Query(picture, asked.words)
        with self._lock:
            poems = with_reasons(self._known_explainer(), self._store.poems, query, answer.matches)
        if artwork is not None and asked.stamp:
            matches = [match_of(poem) for poem in poems]
            reasons = [poem.reason or Reason() for poem in poems]
            self._ahead().keep(artwork, asked.stamp, matches, asked.own, reasons)
        return replace(answer, matches=poems, asked=None)

    def explaining(self) -> tuple[QueryEncoder, Explainer]:
        """The model, and what tells why; for measuring. Raises as `load`."""
        with self._lock:
            explainer = self._known_explainer()
            return explainer.encoder, explainer

    def _known_explainer(self) -> Explainer:
        """Call with the lock held."""
        from engine.explaining import Explainer

        engine, _ = self._loaded()
        if self._explainer is None:
            background = load_background(self._settings, self._known_bundle())
            self._explainer = Explainer(engine.encoder, background)
        return self._explainer

    def _ahead(self) -> RankedAhead:
        bundle, offered = self._known_bundle(), self._settings.matches
        return RankedAhead(self._store, bundle, offered, self._decided)

    def _spoken(self) -> Tongues:
        poems = self._store.poems.state()
        if self._tongues[0] != poems:
            self._tongues = (poems, Tongues.of(self._store.poems))
        return self._tongues[1]

    def _own(self, language: str | None) -> str:
        return self._spoken().own(self._settings.language if language is None else language)

    def _offered_languages(self) -> list[str]:
        """For whom works are ranked ahead: all that the kiosk speaks, in which there are poems."""
        spoken = self._spoken()
        return sorted({spoken.own(language) for language in (*LANGUAGES, self._settings.language)})

    def _card(self, artwork: Artwork) -> ArtworkCard:
        path = self._store.picture_path(artwork)
        return ArtworkCard(
            id=artwork.id,
            number=artwork.number or "",
            title=artwork.title,
            artist=artwork.artist,
            date=artwork.date,
            description=artwork.description,
            picture=None if path is None else self._shown.copy(path),
            room=artwork.room,
            language=artwork.language,
            colours=None if path is None else self._colours.impression(path),
            credit=credit_of(artwork),
        )
