"""Answers found ahead of the visitors: when one may be used, and when it is out of date.

An answer hangs on the poems, on what docents decided and on what is held back for its rights, on
the work's picture and words, on the bundle and on how many poems are offered. All of that goes into
its stamp; an answer whose stamp is not what it would be now is never used. Making a stamp reads a
few rows and no picture.

An answer whose reasons nobody has looked for yet is kept under a stamp that says so: visitors may
have it, and the work is ranked again when the kiosk has time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence

from engine import Curation, Match, Reason
from engine.bundles import Bundle
from kiosk.cards import Credit, MatchedPoem
from kiosk.own_language import ANY
from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.records import Artwork, Poem
from kiosk.work_words import words_of

STAMP_VERSION = 6  # raise it when the same poems, work and bundle would be ranked otherwise

UNEXPLAINED = "/unexplained"  # behind the stamp
Kept = list[tuple[Match, Reason | None]]
PoemsState = tuple[int, int]  # as `PoemRepository.state` tells it


class RankedAhead:
    """The kept answers of one bundle. Safe from several threads."""

    def __init__(
        self,
        store: Store,
        bundle: Bundle,
        offered: int,
        decided: Callable[[int | None], Curation] | None = None,
    ) -> None:
        """`offered`: how many poems an answer has at most; `decided`: what holds for a work."""
        self._store = store
        self._decided = decided or store.curation.for_artwork
        self._bundle = bundle
        self._offered = offered

    def stamp(self, artwork: Artwork, poems: PoemsState, curation: Curation) -> str:
        """Changes whenever the work's answer might; `curation` is what holds for the work."""
        hangs_on = [
            STAMP_VERSION,
            poems,
            curation.pinned,
            sorted(curation.hidden),
            words_of(artwork),
            self._picture(artwork),
            self._bundle.manifest.get("calibration"),
            self._offered,
        ]
        return hashlib.sha256(json.dumps(hangs_on, sort_keys=True).encode()).hexdigest()[:32]

    def get(self, artwork: Artwork, curation: Curation, own: str = ANY) -> Kept | None:
        """The answer in a visitor's own language, if it was found and nothing has changed since."""
        stamp = self.stamp(artwork, self._store.poems.state(), curation)
        found = self._store.answers.get(artwork.id, self._key(own), stamp)
        if found is None:
            return self._store.answers.get(artwork.id, self._key(own), stamp + UNEXPLAINED)
        return found

    def keep(
        self,
        artwork: Artwork,
        stamp: str,
        matches: Sequence[Match],
        own: str = ANY,
        reasons: Sequence[Reason] | None = None,
    ) -> None:
        """Keep an answer under the stamp that was made before it was sought, with its reasons or
        without."""
        full = stamp if reasons is not None else stamp + UNEXPLAINED
        self._store.answers.keep(artwork.id, self._key(own), full, matches, reasons)

    def unranked(self, languages: Sequence[str] = (ANY,)) -> list[int]:
        """The works without an answer and its reasons in each of these, as they came in."""
        poems = self._store.poems.state()
        kept = [self._store.answers.stamps(self._key(own)) for own in languages]
        waiting = []
        for artwork in self._store.artworks.list():
            now = self.stamp(artwork, poems, self._decided(artwork.id))
            if any(stamps.get(artwork.id) != now for stamps in kept):
                waiting.append(artwork.id)
        return waiting

    def _key(self, own: str) -> str:
        """What the answers in this language are kept under."""
        fingerprint = self._bundle.fingerprint
        return fingerprint if own == ANY else f"{fingerprint}/{own}"

    def _picture(self, artwork: Artwork) -> list[str | int]:
        """What tells that the file is another one; the file itself is not read."""
        path = self._store.picture_path(artwork)
        try:
            found = None if path is None else path.stat()
        except OSError:
            found = None
        return [artwork.image or "", *([] if found is None else [found.st_size, found.st_mtime_ns])]


def with_poems(store: Store, kept: Kept) -> tuple[MatchedPoem, ...]:
    """The matches as visitors meet them; a poem that was deleted meanwhile is left out.

    Raises `StoreError` where a passage is gone and its poem is not.
    """
    poems = {poem.id: poem for poem in store.poems.get_many([one.poem_id for one, _ in kept])}
    there = [(one, reason) for one, reason in kept if one.poem_id in poems]
    passages = store.poems.passages([one.passage_id for one, _ in there])
    return tuple(
        MatchedPoem(
            rank=match.rank,
            poem_id=match.poem_id,
            passage_id=match.passage_id,
            title=poems[match.poem_id].title,
            poet=poems[match.poem_id].poet.name,
            lines=tuple(passage.lines),
            language=poems[match.poem_id].language,
            whole=tuple(poems[match.poem_id].lines),
            score=match.score,
            similarity=match.similarity,
            credit=credit_of(poems[match.poem_id]),
            reason=reason,
        )
        for (match, reason), passage in zip(there, passages, strict=True)
    )


def credit_of(one: Poem | Artwork) -> Credit:
    """What is told of where it comes from."""
    return Credit(one.source, one.licence, one.rights_holder)


def still_whole(store: Store, kept: Kept) -> tuple[MatchedPoem, ...] | None:
    """As `with_poems`; None where any of them is gone."""
    try:
        poems = with_poems(store, kept)
    except StoreError:
        return None
    return poems if len(poems) == len(kept) else None
