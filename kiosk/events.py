"""What can happen during a visit, and what the session can ask for in answer.

Events go into `kiosk.session.Session.handle`, actions come out. Both are plain facts: no Qt, no
threads, nothing that cannot be written down in a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control, ControlProfile
from kiosk.narration import Narration
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screens import Screen
from kiosk.troubles import Trouble

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

    trouble: Trouble  # for the visitor
    sentence: str  # for staff


@dataclass(frozen=True, slots=True)
class EngineReady:
    """Poems can be searched for without waiting."""


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """No poems can be searched for until staff have done something."""

    trouble: Trouble
    sentence: str


@dataclass(frozen=True, slots=True)
class MatchesReady:
    """The poems for a work; may be none."""

    visit_id: int
    artwork_id: int  # `cards.TAKEN_PICTURE_ID` for a picture before the camera
    poems: tuple[MatchedPoem, ...]
    fits: bool = True  # False: the best of them is below what counts as a fit


@dataclass(frozen=True, slots=True)
class ReasonsReady:
    """Why the poems of an answer were chosen; they may be read already."""

    visit_id: int
    artwork_id: int  # as in `MatchesReady`
    poems: tuple[MatchedPoem, ...]  # the same, with their reasons


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """This one search came to nothing because something is wrong."""

    visit_id: int
    artwork_id: int
    trouble: Trouble
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
class ParagraphStarted:
    """A paragraph of a text, or an item of a list, has begun to sound."""

    narration_id: str
    segment: int  # index into the narration's segments


@dataclass(frozen=True, slots=True)
class HeadsetPlugged:
    """Somebody has come, and wants to hear in private."""


@dataclass(frozen=True, slots=True)
class HeadsetPulled:
    """The headset has gone; sound comes from the loudspeaker."""


@dataclass(frozen=True, slots=True)
class VoicesKnown:
    """Which voices there are; a language without one is not offered."""

    voices: tuple[VoiceChoice, ...]


@dataclass(frozen=True, slots=True)
class CameraReady:
    """A camera, or the video in its place, gives pictures."""

    visit_id: int


@dataclass(frozen=True, slots=True)
class CameraFailed:
    """There is no camera, or it has stopped."""

    visit_id: int
    trouble: Trouble
    sentence: str


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """A picture is held in memory, and is good enough to search with."""

    visit_id: int


class PictureFault(StrEnum):
    """Why a picture cannot be searched with."""

    DARK = "dark"
    BRIGHT = "bright"
    EMPTY = "empty"  # one even surface


@dataclass(frozen=True, slots=True)
class PictureRefused:
    """The picture was looked at, and is no use."""

    visit_id: int
    fault: PictureFault


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A key without a meaning, while keys are being taught; also each key in the learn screen."""

    code: str  # as profiles name it: Qt's name without `Key_`


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
    | ReasonsReady
    | SearchFailed
    | LineStarted
    | SpeechFinished
    | ParagraphStarted
    | HeadsetPlugged
    | HeadsetPulled
    | VoicesKnown
    | CameraReady
    | CameraFailed
    | PictureTaken
    | PictureRefused
    | UnknownKey
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
    language: str = "en"  # the visitor's: poems in it come first


@dataclass(frozen=True, slots=True)
class PauseSpeech:
    """Silence within 100 ms; `ResumeSpeech` goes on in the middle of the word."""


@dataclass(frozen=True, slots=True)
class ResumeSpeech:
    """Go on after `PauseSpeech`."""


@dataclass(frozen=True, slots=True)
class SayFrom:
    """Speak this from its segment `first` on, as `Say` does."""

    narration: Narration
    first: int


@dataclass(frozen=True, slots=True)
class Apply:
    """Speak and show so from now on; what is being said goes on, its volume at once."""

    preferences: Preferences


@dataclass(frozen=True, slots=True)
class OpenCamera:
    """Begin to look; answer with `CameraReady` or `CameraFailed`."""

    visit_id: int


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Keep what is seen now, in memory; answer with `PictureTaken` or `PictureRefused`."""

    visit_id: int


@dataclass(frozen=True, slots=True)
class CloseCamera:
    """Stop looking. The picture taken is kept until the next one or the end of the visit."""


@dataclass(frozen=True, slots=True)
class SearchPicture:
    """Find poems for the picture taken; answer with `MatchesReady` or `SearchFailed`."""

    visit_id: int
    language: str = "en"  # as for a work


@dataclass(frozen=True, slots=True)
class UseProfile:
    """Take keys so from now on (staff have chosen)."""

    profile: ControlProfile
    kept: bool = True  # after the next start, too; else they are only tried, or given back


@dataclass(frozen=True, slots=True)
class ListenForKeys:
    """While `on`, each key is told as `UnknownKey` and means nothing else."""

    on: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """The visit is over: keep nothing of it. A new visit has begun."""

    visit_id: int  # the new one's


Action = (
    Say
    | SayFrom
    | StopSpeech
    | PauseSpeech
    | ResumeSpeech
    | Show
    | Search
    | SearchPicture
    | OpenCamera
    | TakePicture
    | CloseCamera
    | Apply
    | UseProfile
    | ListenForKeys
    | Reset
)
