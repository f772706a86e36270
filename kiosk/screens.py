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
    offers: tuple[str, ...] = ()  # other languages, each in its own: "Español: flecha izquierda"


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
    notice: str = ""  # what there is to say of the answer: "No poem fits well; here is the nearest"


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


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One thing to choose."""

    label: str  # "Slower", or in a list of languages each in its own
    detail: str = ""  # beside it, quieter: "4 works", or a setting's value
    language: str = ""  # BCP 47, where it is not the visit's own


@dataclass(frozen=True, slots=True)
class MenuScreen:
    """A few things to choose from, one of them under the cursor."""

    heading: str
    items: tuple[MenuItem, ...]
    position: int  # 0 is the first
    place: str  # "2 of 7"
    notice: str  # what has just come of it, or ""
    hints: tuple[Hint, ...]
    artwork: ArtworkCard | None = None  # shown beside it where there is room


@dataclass(frozen=True, slots=True)
class DialScreen:
    """The number on a wall label, dialled with previous and next."""

    heading: str
    dialled: str  # the digits that stand
    digit: str  # the one under the cursor; "" where it is the finishing mark
    notice: str  # the work with this number, or what is wrong with it
    hints: tuple[Hint, ...]
    artwork: ArtworkCard | None = None  # the work with this number


@dataclass(frozen=True, slots=True)
class TextScreen:
    """Something told in paragraphs: about a work, why a poem, a word spelled."""

    heading: str
    paragraphs: tuple[str, ...]
    position: int | None  # the paragraph being heard, or None
    hints: tuple[Hint, ...]
    artwork: ArtworkCard | None = None
    notice: str = ""  # what was said in passing


@dataclass(frozen=True, slots=True)
class ZoomScreen:
    """A part of the picture, enlarged to fill the screen."""

    artwork: ArtworkCard
    level: int  # 1 is all of it; at 2 half of each side fills the screen
    column: int  # 0..level-1, from the left
    row: int  # 0..level-1, from the top
    place: str  # "Top left, enlarged 2 times"
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class CameraScreen:
    """What the camera sees. The window shows the live picture by itself."""

    heading: str
    text: str
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class LearnScreen:
    """Keys of a pad are taught, one control after another."""

    heading: str
    text: str  # "Press the key for next."
    taught: tuple[str, ...]  # what is known so far, a line each
    hints: tuple[Hint, ...]


Screen = (
    WelcomeScreen
    | ChooseScreen
    | SearchingScreen
    | ResultScreen
    | HelpScreen
    | MessageScreen
    | MenuScreen
    | DialScreen
    | TextScreen
    | ZoomScreen
    | CameraScreen
    | LearnScreen
)
