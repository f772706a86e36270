"""What visitors will hear of the collection's works, as far as it can be known beforehand.

The words are those of the visit itself (`kiosk.staging`, `kiosk.phrases`), so that what is rendered
ahead is what is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk import phrases
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import ARROWS, ControlProfile
from kiosk.narration import Narration, announce
from kiosk.stages import Reading
from kiosk.staging import poem_said


def works_said(
    artworks: tuple[ArtworkCard, ...], profile: ControlProfile = ARROWS
) -> Iterator[Narration]:
    """The welcome, and each work's name in the list and while its poems are sought."""
    yield announce(phrases.greeting(profile))
    yield announce(phrases.choose_hint(profile))
    for position, artwork in enumerate(artworks):
        yield announce(phrases.painting_said(position, artworks))
        yield announce(phrases.searching(artwork))


def poems_said(
    artwork: ArtworkCard, poems: Sequence[MatchedPoem], profile: ControlProfile = ARROWS
) -> list[Narration]:
    """The poems of one work, as they are first read."""
    return [
        poem_said(
            Reading(0, tuple(poems), number),
            artwork.title if number == 0 else "",
            profile,
            narration_id=f"{artwork.id}-{number}",
        )
        for number in range(len(poems))
    ]


def beginnings_first(narrations: Sequence[Narration], lines: int = 6) -> Iterator[Narration]:
    """All narrations to their first lines, then all to their ends.

    Where the cache is too small for everything, each begins at once all the same.
    """
    for narration in narrations:
        yield Narration(narration.id, narration.segments[:lines])
    yield from narrations
