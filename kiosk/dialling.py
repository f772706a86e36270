"""Numbers as on the wall label: from the digits dialled so far to a work, or to words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.phrases import label_said

if TYPE_CHECKING:
    from kiosk.visit.visit import Visit

LONGEST_NUMBER = 6  # digits; the next one begins a new number


def numbered(dialled: str, artworks: tuple[ArtworkCard, ...]) -> int | None:
    """The place in the list of the work whose label has this number; leading noughts are free.

    A label that says "12a" answers to 12 where no other does.
    """
    wanted = dialled.lstrip("0")
    if not wanted:
        return None
    for digits_of in (str, _digits):
        for position, artwork in enumerate(artworks):
            if digits_of(artwork.number).lstrip("0") == wanted:
                return position
    return None


def dial(
    before: str, digit: int, artworks: tuple[ArtworkCard, ...], visit: Visit
) -> tuple[str, int | None, str]:
    """One more digit: the number so far, the place of its work if there is one, what to say."""
    dialled = (before if len(before) < LONGEST_NUMBER else "") + str(digit)
    found = numbered(dialled, artworks)
    words, number = visit.words, spaced(dialled)
    if found is not None:
        label = label_said(artworks[found], words)
        key = visit.key(Control.SELECT)
        return dialled, found, words("number-found", number=number, label=label, select=key)
    if may_go_on(dialled, artworks):
        return dialled, None, words("number-begun", number=number)
    return dialled, None, unknown(dialled, artworks, visit)


def may_go_on(dialled: str, artworks: tuple[ArtworkCard, ...]) -> bool:
    """Whether some label's number begins so."""
    begun = dialled.lstrip("0")
    return any(artwork.number.lstrip("0").startswith(begun) for artwork in artworks)


def unknown(dialled: str, artworks: tuple[ArtworkCard, ...], visit: Visit) -> str:
    """No label has this number: what is wrong, and what to do."""
    words = visit.words
    numbers = [artwork.number for artwork in artworks if artwork.number]
    said = [words("number-unknown", number=spaced(dialled))]
    if numbers:
        said.append(words("number-span", first=numbers[0], last=numbers[-1]))
    return " ".join([*said, words("number-clear-hint", key=visit.key(Control.BACK))])


def spaced(number: str) -> str:
    """A number as it is dialled, one digit after another."""
    return " ".join(number)


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())
