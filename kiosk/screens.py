"""What each screen shows, as plain facts. The session makes them, `kiosk.ui` paints them.

Every screen carries its `hints`: what each control does here. They become the row of buttons at
its foot, so that what a key does, what a button does and what help says cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control


@dataclass(frozen=True, slots=True)
class Hint:
    """What one control does on this screen."""

    control: Control
    label: str  # on the button: "Next poem"; "" for a key that needs no button
    cap: str  # what is printed on the key: "→"
    sentence: str  # as help says it: "Right arrow: the next poem."


@dataclass(frozen=True, slots=True)
class WelcomeScreen:
    """What this is, and how to begin."""

    heading: str
    text: str
    invitation: str
    artwork: ArtworkCard | None  # one painting of the house, for the eye
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class ChooseScreen:
    """The paintings, one of them under the cursor."""

    heading: str
    artworks: tuple[ArtworkCard, ...]
    position: int  # 0 is the first
    place: str  # "Painting 3 of 21"
    dialled: str  # the number so far; "" when none is being dialled
    notice: str  # what there is to say about the number, or ""
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class SearchingScreen:
    """Poems are being sought for a painting."""

    heading: str
    artwork: ArtworkCard
    text: str  # what there is to say beside the heading; often ""
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class ResultScreen:
    """One poem beside its painting."""

    artwork: ArtworkCard
    poem: MatchedPoem
    lines: tuple[str, ...]  # the passage's or the whole poem's printed lines
    spoken_line: int | None  # index into `lines` of the line being heard
    place: str  # "Poem 2 of 5"
    extent: str  # "a part of the poem", or "" when all of it is here
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class HelpScreen:
    """What every key does on the screen one came from."""

    heading: str
    about: str
    lines: tuple[str, ...]
    position: int | None  # the line being heard alone, or None for all
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class MessageScreen:
    """Something did not go as wished: words, and a way on."""

    heading: str
    text: str
    for_staff: str  # smaller, below; "" when there is nothing for staff to do
    hints: tuple[Hint, ...]


Screen = WelcomeScreen | ChooseScreen | SearchingScreen | ResultScreen | HelpScreen | MessageScreen
