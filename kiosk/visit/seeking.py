"""Poems are on their way: for a work of the collection, or for a picture before the camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards import TAKEN_PICTURE_ID, ArtworkCard
from kiosk.controls import Control
from kiosk.events import Action, MatchesReady, Search, SearchFailed, SearchPicture
from kiosk.phrases import title_said
from kiosk.screens import Screen, SearchingScreen
from kiosk.visit.reading import Reading
from kiosk.visit.stage import Over, Stage, Table, chain, swapped
from kiosk.visit.stuck import Stuck
from kiosk.visit.visit import Visit


def seek(visit: Visit, under: Stage, artwork: ArtworkCard) -> list[Action]:
    """Ask for the poems. Works that were ranked ahead answer though the model is not there."""
    visit.waited = 0.0
    awake = visit.engine_ready or visit.engine_problem is not None
    news = "" if awake else visit.words("engine-loading")
    seeking = Seeking(under, artwork, news)
    shown = visit.go(seeking, f"{seeking.here(visit)} {news}".rstrip())
    taken = artwork.id == TAKEN_PICTURE_ID
    language = visit.preferences.language
    if taken:
        return [*shown, SearchPicture(visit.id, language)]
    return [*shown, Search(visit.id, artwork.id, language)]


@dataclass(frozen=True, slots=True)
class Seeking(Over):
    """Waiting for an answer."""

    artwork: ArtworkCard
    news: str = ""  # what there is to say beside that

    about = "about-seeking"
    has_works = True

    def table(self, visit: Visit) -> Table:
        """Ask, or stop."""
        return {
            Control.SELECT: "act-how-far",
            Control.BACK: "act-stop",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The work, and that poems are sought."""
        heading = visit.words("searching-heading")
        return SearchingScreen(heading, self.artwork, self.news, self.hints(visit))

    def here(self, visit: Visit) -> str:
        """What is sought."""
        return visit.words("searching", title=title_said(self.artwork))

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Stop, or hear how far it is."""
        if control is Control.BACK:
            return visit.back(self)
        return visit.aside(visit.words(self._progress(visit)))

    def passed(self, visit: Visit) -> list[Action] | None:
        """Never long in silence, and not for ever."""
        if (said := visit.still_at_it(self._progress(visit))) is not None:
            return said
        words = visit.words
        return visit.go(Stuck(self.under, words("failed"), words("search-lost")))

    def _progress(self, visit: Visit) -> str:
        awake = visit.engine_ready or visit.engine_problem is not None
        return "still-looking" if awake else "still-waking"

    def awake(self, visit: Visit) -> list[Action]:
        """The model is there now."""
        words = visit.words("engine-ready", here=self.here(visit))
        return visit.go(replace(self, news=""), words)


def answered(visit: Visit, event: MatchesReady | SearchFailed) -> list[Action]:
    """What was sought has come, or will not. Dropped where nobody waits for it any more."""
    if event.visit_id != visit.id:
        return []
    waiting = (stage for stage in chain(visit.stage) if isinstance(stage, Seeking))
    seeking = next((s for s in waiting if s.artwork.id == event.artwork_id), None)
    if seeking is None:
        return []
    words, place = visit.words, seeking.under
    title = title_said(seeking.artwork)
    if isinstance(event, SearchFailed):
        news = visit.words(event.trouble)
        then: Stage = Stuck(place, words("failed"), news, event.sentence)
    elif not event.poems:
        news = words("none-found", title=title)
        then = Stuck(place, words("nothing"), news)
    else:
        then = Reading(place, seeking.artwork, event.poems, fits=event.fits)
        news = words("found", count=len(event.poems), title=title)
    if seeking is not visit.stage:  # let what lies over it be heard out; the answer waits below
        visit.stage = swapped(visit.stage, seeking, then)
        return visit.aside(news)
    return then.begin(visit, arrived=True) if isinstance(then, Reading) else visit.go(then)
