"""Numbers as on the wall label: from the digits dialled so far to a work, or to words. Pure."""

from __future__ import annotations

from kiosk import phrases
from kiosk.cards import ArtworkCard
from kiosk.controls import ControlProfile

LONGEST_NUMBER = 6  # digits; the next one begins a new number


def numbered(dialled: str, artworks: tuple[ArtworkCard, ...]) -> int | None:
    """The place in the list of the work whose label has this number; leading noughts are free."""
    wanted = dialled.lstrip("0")
    for position, artwork in enumerate(artworks):
        if wanted and artwork.number.lstrip("0") == wanted:
            return position
    return None


def dial(
    before: str, digit: int, artworks: tuple[ArtworkCard, ...], profile: ControlProfile
) -> tuple[str, int | None, str]:
    """One more digit: the number so far, the place of its work if there is one, what to say."""
    dialled = (before if len(before) < LONGEST_NUMBER else "") + str(digit)
    found = numbered(dialled, artworks)
    if found is not None:
        return dialled, found, phrases.number_found(dialled, artworks[found], profile)
    numbers = [artwork.number for artwork in artworks]
    if any(number.startswith(dialled.lstrip("0")) for number in numbers):
        return dialled, None, phrases.number_begun(dialled)
    return dialled, None, phrases.number_unknown(dialled, numbers, profile)
