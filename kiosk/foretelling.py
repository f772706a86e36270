"""What visitors will hear of the collection's works, as far as it can be known beforehand.

The words are those of the visit itself (`kiosk.visit`), so that what is rendered ahead is what is
said. They are those of a visitor who changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import ARROWS, ControlProfile
from kiosk.narration import Narration, announce, narrate_paragraphs
from kiosk.preferences import Preferences
from kiosk.visit.choosing import Choosing
from kiosk.visit.reading import Reading
from kiosk.visit.seeking import Seeking
from kiosk.visit.visit import Visit
from kiosk.visit.welcoming import Welcoming


def works_said(
    artworks: tuple[ArtworkCard, ...],
    profile: ControlProfile = ARROWS,
    preferences: Preferences | None = None,
) -> Iterator[Narration]:
    """The welcome, and each work's name in the list and while its poems are sought."""
    visit = _visit(profile, preferences)
    language = visit.preferences.language
    door = Welcoming(greeted=True)
    yield narrate_paragraphs(door.told(visit), language=language)
    if artworks:
        yield announce(Choosing(door, artworks).hint(visit), language=language)
    for position, artwork in enumerate(artworks):
        place = Choosing(door, artworks, position)
        yield announce(place.here(visit), language=language)
        yield announce(Seeking(place, artwork).here(visit), language=language)


def poems_said(
    artwork: ArtworkCard,
    poems: Sequence[MatchedPoem],
    profile: ControlProfile = ARROWS,
    preferences: Preferences | None = None,
) -> list[Narration]:
    """The poems of one work, as they are first read."""
    visit = _visit(profile, preferences)
    told = []
    for number in range(len(poems)):
        reading = Reading(Welcoming(), artwork, tuple(poems), number)
        narration = reading.narrated(visit, arrived=number == 0)
        told.append(replace(narration, id=f"{artwork.id}-{number}"))
    return told


def beginnings(narrations: Sequence[Narration], lines: int = 6) -> Iterator[Narration]:
    """All narrations to their first lines; what follows is spoken while these are heard."""
    for narration in narrations:
        yield Narration(narration.id, narration.segments[:lines])


def beginnings_first(narrations: Sequence[Narration], lines: int = 6) -> Iterator[Narration]:
    """All narrations to their first lines, then all to their ends.

    Where the cache is too small for everything, each begins at once all the same.
    """
    yield from beginnings(narrations, lines)
    yield from narrations


def _visit(profile: ControlProfile, preferences: Preferences | None) -> Visit:
    wanted = preferences or Preferences()
    return Visit(Welcoming(), profile, {profile.name: profile}, wanted, wanted)
