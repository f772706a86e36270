"""Store and engine at work for the visit: each answer comes back on the GUI thread as an event.

1. The collection is read, then the model is loaded; both by the model's worker.
2. A search first asks, on a second thread that never waits for the model, whether the work was
   ranked ahead. Only where it was not does the model's worker match it.
3. When an answer is out, the model's worker looks why its poems were chosen, unless that is known.
4. While nobody visits, works that are not ranked yet are ranked, one at a time; and a collection
   that could not be read (its server starts later than the kiosk) is tried again.

Only the latest search is waited for: an older one is not begun any more, and its answer dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from kiosk.blame import trouble_of
from kiosk.cards import TAKEN_PICTURE_ID
from kiosk.events import (
    ArtworksFailed,
    ArtworksLoaded,
    EngineFailed,
    EngineReady,
    Event,
    MatchesReady,
    ReasonsReady,
    Search,
    SearchFailed,
    SearchPicture,
)
from kiosk.ports import Answer, Matcher
from kiosk.tasks import Tasks

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger(__name__)

AGAIN_S = 30.0  # after which a collection that could not be read is tried again


class Searches:
    """All methods on the GUI thread; they return at once."""

    def __init__(
        self,
        make_matcher: Callable[[], Matcher],
        tasks: Tasks,
        quick: Tasks,
        tell: Callable[[Event], None],
    ) -> None:
        """`tasks` may be held up by the model for minutes, `quick` must not be."""
        self._make_matcher = make_matcher
        self._tasks = tasks
        self._quick = quick
        self._tell = tell
        self._matcher: Matcher | None = None
        self._latest: Search | SearchPicture | None = None
        self._loaded = False
        self._ranking = False  # whether a work is being ranked ahead, or none is left
        self._failed_at: float | None = None  # when the collection could not be read

    # --- the collection and the model ---------------------------------------------------------

    def open(self) -> None:
        """Read the collection, then load the model."""
        self._failed_at = None
        self._tasks.run_task(self._open_collection, self._collection, self._no_collection)

    def _open_collection(self) -> ArtworksLoaded:
        """On the worker."""
        self._matcher = self._make_matcher()
        return ArtworksLoaded(tuple(self._matcher.artworks()))

    def _collection(self, event: ArtworksLoaded) -> None:
        self._tell(event)
        self._tasks.run_task(self._load, self._ready, self._no_engine)

    def _no_collection(self, problem: Exception) -> None:
        self._failed_at = monotonic()
        trouble, sentence = trouble_of(problem)
        self._tell(ArtworksFailed(trouble, sentence))
        self._tell(EngineFailed(trouble, sentence))

    def _load(self) -> None:
        """On the worker."""
        if self._matcher is not None:
            self._matcher.load()

    def _ready(self, _nothing: None) -> None:
        self._loaded = True
        self._tell(EngineReady())

    def _no_engine(self, problem: Exception) -> None:
        self._tell(EngineFailed(*trouble_of(problem)))

    # --- searches -----------------------------------------------------------------------------

    def forget(self) -> None:
        """Nobody waits for any answer any more."""
        self._latest = None

    def search(self, search: Search) -> None:
        """The poems of a work: those known already, else what the model finds."""
        self._latest = search

        def known() -> Answer | None:
            """On the second thread."""
            if self._matcher is None or self._latest is not search:
                return None
            return self._matcher.known(search.artwork_id, search.language)

        def then(answer: Answer | None) -> None:
            if answer is None:
                self._match(
                    search,
                    lambda matcher: matcher.match_artwork(
                        search.artwork_id, language=search.language
                    ),
                )
            else:
                self._answer(search, answer)

        def failed(problem: Exception) -> None:
            _log.warning("a ranking made ahead cannot be read: %s", problem)
            then(None)

        self._quick.run_task(known, then, failed)

    def search_picture(self, search: SearchPicture, picture: Image) -> None:
        """The poems for a picture before the camera; it is let go of with the search."""
        self._latest = search
        self._match(
            search, lambda matcher: matcher.match_picture(picture, language=search.language)
        )

    def _match(self, search: Search | SearchPicture, ask: Callable[[Matcher], Answer]) -> None:
        def work() -> Answer | None:
            """On the worker; a search that nobody waits for any more is not begun."""
            if self._matcher is None or self._latest is not search:
                return None
            return ask(self._matcher)

        def then(answer: Answer | None) -> None:
            if answer is not None:
                self._answer(search, answer)

        def failed(problem: Exception) -> None:
            if self._latest is search:
                told = trouble_of(problem)
                self._tell(SearchFailed(search.visit_id, _work_of(search), *told))

        self._tasks.run_task(work, then, failed)

    def _answer(self, search: Search | SearchPicture, answer: Answer) -> None:
        if self._latest is search:
            poems = tuple(answer.matches)
            event = MatchesReady(search.visit_id, _work_of(search), poems, fits=answer.fits)
            self._tell(event)
            if answer.needs_reasons:
                self._explain(search, answer)

    def _explain(self, search: Search | SearchPicture, answer: Answer) -> None:
        """Nobody waits for this: the poems are being read meanwhile."""

        def work() -> Answer | None:
            """On the worker."""
            if self._matcher is None or self._latest is not search:
                return None
            return self._matcher.explain(answer)

        def then(explained: Answer | None) -> None:
            if explained is not None and self._latest is search:
                poems = tuple(explained.matches)
                self._tell(ReasonsReady(search.visit_id, _work_of(search), poems))

        def failed(problem: Exception) -> None:
            _log.warning("why these poems were chosen is not known: %s", trouble_of(problem)[1])

        self._tasks.run_task(work, then, failed)

    # --- ahead of the visitors ----------------------------------------------------------------

    def rank_ahead(self, still_idle: Callable[[], bool]) -> None:
        """Rank the works that are not known yet, one task each, as long as nobody comes."""
        if self._failed_at is not None and monotonic() - self._failed_at >= AGAIN_S:
            self.open()
        if not self._loaded or self._ranking:
            return
        self._ranking = True

        def work() -> bool:
            """On the worker: whether there may be more."""
            if self._matcher is None or not still_idle():
                return True
            waiting = self._matcher.unranked()
            if waiting:
                self._matcher.rank(waiting[0])
            return len(waiting) > 1

        def then(more: bool) -> None:
            self._ranking = not more  # the next one with the next call, if there is one

        def failed(problem: Exception) -> None:
            # Not tried again until the next start: a picture that cannot be read stays so.
            _log.warning("works could not be ranked ahead: %s", trouble_of(problem)[1])

        self._tasks.run_task(work, then, failed)


def _work_of(search: Search | SearchPicture) -> int:
    return search.artwork_id if isinstance(search, Search) else TAKEN_PICTURE_ID
