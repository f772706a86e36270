"""By artist, or near me: the collection in parts, each with the number of its works."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards import ArtworkCard
from kiosk.events import Action
from kiosk.visit.choosing import Choosing
from kiosk.visit.menu import Item, Menu
from kiosk.visit.visit import Visit


def groups(artworks: tuple[ArtworkCard, ...], by: str) -> dict[str, tuple[ArtworkCard, ...]]:
    """Works by `artist` or `room`, in order of the name; those without one are left out."""
    found: dict[str, tuple[ArtworkCard, ...]] = {}
    for artwork in artworks:
        name = artwork.room if by == "room" else artwork.artist
        if name.strip():
            found[name] = (*found.get(name, ()), artwork)
    return dict(sorted(found.items(), key=lambda pair: pair[0].casefold()))


@dataclass(frozen=True, slots=True)
class Grouping(Menu):
    """The artists, or the rooms."""

    by: str = "artist"  # or "room"

    about = "about-groups"
    has_works = True

    def heading(self, visit: Visit) -> str:
        """What is chosen."""
        return visit.words("rooms") if self.by == "room" else visit.words("artists")

    def items(self, visit: Visit) -> tuple[Item, ...]:
        """A name each, with how many works there are."""
        found = groups(visit.artworks or (), self.by)
        return tuple(
            Item(
                name,
                lambda name=name, works=works: self._enter(visit, name, works),  # type: ignore[misc]
                visit.words("works-count", count=len(works)),
            )
            for name, works in found.items()
        )

    def _enter(self, visit: Visit, name: str, works: tuple[ArtworkCard, ...]) -> list[Action]:
        return visit.go(Choosing(self, works, heading=name))
