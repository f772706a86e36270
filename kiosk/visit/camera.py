"""A picture from before the camera: looking, taking, and what can be wrong with it.

What comes later (guidance, recognising the collection's own works) has its place here: `Looking`
is where words about the frame would be said, `taken` is where a work would be recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.cards import TAKEN_PICTURE_ID, ArtworkCard
from kiosk.controls import Control
from kiosk.events import (
    Action,
    CameraFailed,
    CameraReady,
    CloseCamera,
    OpenCamera,
    PictureFault,
    PictureRefused,
    PictureTaken,
    TakePicture,
)
from kiosk.screens import CameraScreen, Screen
from kiosk.visit.seeking import seek
from kiosk.visit.stage import Over, Stage, Table, chain, swapped
from kiosk.visit.stuck import Stuck
from kiosk.visit.visit import Visit


class Eye(StrEnum):
    """What the camera is about."""

    OPENING = "opening"
    READY = "ready"
    TAKING = "taking"
    CLOSED = "closed"  # a picture was taken, and lies beneath its poems


_HERE = {
    Eye.OPENING: "camera-opening",
    Eye.READY: "camera-ready",
    Eye.TAKING: "camera-taking",
    Eye.CLOSED: "camera-opening",
}
_FAULTS = {
    PictureFault.DARK: "picture-dark",
    PictureFault.BRIGHT: "picture-bright",
    PictureFault.EMPTY: "picture-empty",
}


def open_camera(visit: Visit, under: Stage) -> list[Action]:
    """Begin to look."""
    visit.waited = 0.0
    return [OpenCamera(visit.id), *visit.go(Looking(under))]


@dataclass(frozen=True, slots=True)
class Looking(Over):
    """Before the camera."""

    eye: Eye = Eye.OPENING
    notice: str = ""  # what was wrong with the last picture

    about = "about-looking"
    has_camera = True

    def table(self, visit: Visit) -> Table:
        """Take it, or leave."""
        select = "act-take-picture" if self.eye is Eye.READY else "act-how-far"
        return {Control.SELECT: select, Control.BACK: "act-cancel", Control.HELP: "act-help"}

    def screen(self, visit: Visit) -> Screen:
        """What the camera sees, and what to do."""
        return CameraScreen(visit.words("camera"), self._text(visit), self.hints(visit))

    def _text(self, visit: Visit) -> str:
        words = visit.words(_HERE[self.eye], select=visit.key(Control.SELECT))
        return f"{self.notice} {words}".strip()

    def here(self, visit: Visit) -> str:
        """The same."""
        return self._text(visit)

    def resume(self, visit: Visit) -> list[Action]:
        """Back from the poems: look again; back from help: as it was."""
        return open_camera(visit, self.under) if self.eye is Eye.CLOSED else visit.go(self)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Take the picture, or leave."""
        if control is Control.BACK:
            return visit.back(self)
        if control is Control.SELECT and self.eye is Eye.READY:
            visit.waited = 0.0
            taking = Looking(self.under, Eye.TAKING)
            return [*visit.go(taking), TakePicture(visit.id)]
        return visit.go(self)

    def passed(self, visit: Visit) -> list[Action] | None:
        """While it opens or takes, never long in silence; else the visitor's own time."""
        if self.eye in (Eye.READY, Eye.CLOSED):
            return None
        if (said := visit.still_at_it("still-camera")) is not None:
            return said
        return self._failed(visit, visit.words("camera-lost"), "")

    def _failed(self, visit: Visit, spoken: str, sentence: str) -> list[Action]:
        return visit.go(Stuck(self.under, visit.words("failed"), spoken, sentence))


Seen = CameraReady | CameraFailed | PictureTaken | PictureRefused


def seen(visit: Visit, event: Seen) -> list[Action]:
    """What the camera has to say. Dropped where nobody stands before it any more."""
    places = (stage for stage in chain(visit.stage) if isinstance(stage, Looking))
    looking = next(places, None)
    if event.visit_id != visit.id or looking is None:
        return []
    on_top = looking is visit.stage
    match event:
        case CameraFailed(_, trouble, sentence):
            then: Stage = Stuck(
                looking.under, visit.words("failed"), visit.words(trouble), sentence
            )
        case PictureTaken():
            if looking.eye is not Eye.TAKING:
                return []
            if on_top:
                closed = Looking(looking.under, Eye.CLOSED)
                return [CloseCamera(), *seek(visit, closed, taken(visit))]
            then = replace(looking, eye=Eye.READY)  # asked for help meanwhile: it is taken again
        case PictureRefused(_, fault):
            if looking.eye is not Eye.TAKING:
                return []
            then = replace(looking, eye=Eye.READY, notice=visit.words(_FAULTS[fault]))
        case _:
            if looking.eye is not Eye.OPENING:
                return []
            then = replace(looking, eye=Eye.READY)
    if on_top:
        return visit.go(then)
    visit.stage = swapped(visit.stage, looking, then)  # heard when what lies over it is left
    return []


def taken(visit: Visit) -> ArtworkCard:
    """What stands for the picture in place of a work."""
    title = visit.words("taken-picture")
    return ArtworkCard(TAKEN_PICTURE_ID, "", title, language=visit.preferences.language)
