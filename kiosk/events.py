"""What can happen during a visit, and what the session can ask for in answer.

Events go into `kiosk.session.Session.handle`, actions come out. Both are plain facts: no Qt, no
threads, nothing that cannot be written down in a test.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control
from kiosk.narration import Narration
from kiosk.screens import Screen

# --- events -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The window is there; nobody has pressed anything."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """One of the five controls."""

    control: Control


@dataclass(frozen=True, slots=True)
class OtherKey:
    """A key that means nothing here."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """A digit of a wall label's number."""

    digit: int  # 0..9


@dataclass(frozen=True, slots=True)
class Picked:
    """A painting of the list was clicked, tapped, or activated by a screen reader."""

    position: int  # 0 is the first


@dataclass(frozen=True, slots=True)
class Focused:
    """Tab has moved the focus to a control with this name."""

    name: str


@dataclass(frozen=True, slots=True)
class ArtworksLoaded:
    """The collection, in the order of its list; may be empty."""

    artworks: tuple[ArtworkCard, ...]


@dataclass(frozen=True, slots=True)
class ArtworksFailed:
    """The collection cannot be read."""

    spoken: str  # for the visitor
    sentence: str  # for staff


@dataclass(frozen=True, slots=True)
class EngineReady:
    """Poems can be searched for without waiting."""


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """No poems can be searched for until staff have done something."""

    spoken: str
    sentence: str


@dataclass(frozen=True, slots=True)
class MatchesReady:
    """The poems for a work; may be none."""

    visit_id: int
    artwork_id: int
    poems: tuple[MatchedPoem, ...]


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """This one search came to nothing because something is wrong."""

    visit_id: int
    artwork_id: int
    spoken: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LineStarted:
    """A line of verse has begun to sound."""

    narration_id: str
    line: int  # index into the printed lines that the narration was made of


@dataclass(frozen=True, slots=True)
class SpeechFinished:
    """A narration has been said to its end, or cannot be said at all."""

    narration_id: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""

    seconds: float


Event = (
    Started
    | KeyPressed
    | OtherKey
    | Dialled
    | Picked
    | Focused
    | ArtworksLoaded
    | ArtworksFailed
    | EngineReady
    | EngineFailed
    | MatchesReady
    | SearchFailed
    | LineStarted
    | SpeechFinished
    | Tick
)

# --- actions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this, after whatever was asked for before it."""

    narration: Narration


@dataclass(frozen=True, slots=True)
class StopSpeech:
    """Silence, now, and forget what was still to be said."""


@dataclass(frozen=True, slots=True)
class Show:
    """Put this on the screen."""

    screen: Screen


@dataclass(frozen=True, slots=True)
class Search:
    """Find poems for a work; answer with `MatchesReady` or `SearchFailed`."""

    visit_id: int
    artwork_id: int


@dataclass(frozen=True, slots=True)
class Reset:
    """The visit is over: keep nothing of it. A new visit has begun."""

    visit_id: int  # the new one's


Action = Say | StopSpeech | Show | Search | Reset
