"""The visit: a pure state machine, and the only storyteller. Events in, actions out.

1. `handle` takes one event and returns what is to be done, in order. It never raises and never
   waits. It is called on one thread.
2. Any key stops the speech under way before it does anything else, and is answered with something
   to hear. Two do not interrupt: louder and softer.
3. Each visit has an id. What arrives for an older visit, or for a painting that the visitor has
   left, is dropped.
4. The idle clock runs only in silence: not while something is being said or sought. It warns
   first, any key extends it, and what ends is forgotten wholly (`Reset`, then the defaults).

The walk: Welcoming -> Choosing (or a number, an artist, a room, the camera) -> Seeking -> Reading,
with Stuck where something went wrong, and menus, settings and help over any of them. Each place is
a file in `kiosk.visit`; this one only tells them what has happened.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.controls import ARROWS, PROFILES, ControlProfile
from kiosk.events import (
    Action,
    ArtworksFailed,
    ArtworksLoaded,
    CameraFailed,
    CameraReady,
    CloseCamera,
    Dialled,
    EngineFailed,
    EngineReady,
    Event,
    Focused,
    HeadsetPlugged,
    HeadsetPulled,
    KeyPressed,
    LineStarted,
    ListenForKeys,
    MatchesReady,
    OpenCamera,
    OtherKey,
    ParagraphStarted,
    Picked,
    PictureRefused,
    PictureTaken,
    ReasonsReady,
    SearchFailed,
    SpeechFinished,
    Started,
    Tick,
    UnknownKey,
    VoicesKnown,
)
from kiosk.preferences import Preferences
from kiosk.visit.camera import seen
from kiosk.visit.choosing import enter_list
from kiosk.visit.clock import WARNING_SECONDS, passed
from kiosk.visit.hearing import heard
from kiosk.visit.poem_menu import explained
from kiosk.visit.seeking import Seeking, answered
from kiosk.visit.stage import Stage, chain
from kiosk.visit.touch import plugged, pulled, taught, touched
from kiosk.visit.visit import Visit
from kiosk.visit.welcoming import Welcoming, greet


class Session:
    """One kiosk's visits, one after another."""

    def __init__(
        self,
        *,
        profile: ControlProfile = ARROWS,
        idle_seconds: int = 120,
        preferences: Preferences | None = None,
        profiles: Mapping[str, ControlProfile] = PROFILES,
        contrasts: tuple[str, ...] = ("dark", "light", "yellow", "calm"),
        attract_seconds: float = 0.0,
    ) -> None:
        """`preferences` are the defaults, to which each visit returns.

        `profiles` are the pads that staff may choose; with `attract_seconds` a short invitation is
        heard after so much silence without a visitor, 0 for never.
        """
        defaults = preferences or Preferences()
        self._visit = Visit(
            stage=Welcoming(),
            profile=profile,
            kept_profile=profile,
            profiles=profiles,
            defaults=defaults,
            preferences=defaults,
            contrasts=contrasts,
            idle_seconds=max(idle_seconds, WARNING_SECONDS + 10),
            attract_seconds=attract_seconds,
        )
        self._camera_open = False
        self._listening = False

    @property
    def stage(self) -> Stage:
        """Where the visitor is."""
        return self._visit.stage

    @property
    def visit_id(self) -> int:
        """The visit's number, from 1."""
        return self._visit.id

    @property
    def preferences(self) -> Preferences:
        """How the visitor wants it."""
        return self._visit.preferences

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return self._visit.speaking is not None

    @property
    def is_awake(self) -> bool:
        """Whether it is known of list and engine that they are there, or that they will not be."""
        visit = self._visit
        engine_known = visit.engine_ready or visit.engine_problem is not None
        return visit.artworks is not None and engine_known

    def handle(self, event: Event) -> list[Action]:
        """What is to be done now that `event` has happened."""
        actions = self._answer(event)
        for action in actions:
            match action:
                case OpenCamera():
                    self._camera_open = True
                case CloseCamera():
                    self._camera_open = False
                case ListenForKeys(on):
                    self._listening = on
        return actions + self._let_go()

    def _answer(self, event: Event) -> list[Action]:
        visit = self._visit
        match event:
            case KeyPressed() | Dialled() | Picked() | OtherKey():
                return touched(visit, event)
            case UnknownKey(code):
                return taught(visit, code)
            case Focused() if visit.warned:  # Tab is a key like any other
                return touched(visit, OtherKey())
            case Focused(name):
                return visit.silence() + visit.aside(name, shown=False)
            case Started():
                return greet(visit)
            case HeadsetPlugged():
                return plugged(visit)
            case HeadsetPulled():
                return pulled(visit)
            case VoicesKnown(voices):
                visit.voices = voices
                return self._at_home()
            case ArtworksLoaded(artworks):
                visit.artworks, visit.artworks_problem = artworks, None
                return self._list_changed()
            case ArtworksFailed():
                visit.artworks, visit.artworks_problem = (), event
                return self._list_changed()
            case EngineReady():
                visit.engine_ready, visit.engine_problem = True, None
                stage = visit.stage
                return stage.awake(visit) if isinstance(stage, Seeking) and stage.news else []
            case EngineFailed():
                visit.engine_problem = event  # works that were ranked ahead are found all the same
                return []
            case MatchesReady() | SearchFailed():
                return answered(visit, event)
            case ReasonsReady():
                return explained(visit, event)
            case CameraReady() | CameraFailed() | PictureTaken() | PictureRefused():
                return seen(visit, event)
            case LineStarted() | ParagraphStarted() | SpeechFinished():
                return heard(visit, event)
            case Tick(seconds):
                return passed(visit, max(seconds, 0.0))

    def _list_changed(self) -> list[Action]:
        """Whoever waits for the list, or stands somewhere in the old one, begins in the new."""
        if not any(place.has_works for place in chain(self.stage)):
            return self._at_home()
        return enter_list(self._visit, Welcoming(greeted=True))

    def _at_home(self) -> list[Action]:
        """At the door the screen changes with what is known."""
        return [self._visit.show()] if isinstance(self.stage, Welcoming) else []

    def _let_go(self) -> list[Action]:
        """Whatever way a place was left: nothing looks or listens that is not needed any more, and
        keys that nobody has kept are given back."""
        done: list[Action] = []
        places = tuple(chain(self.stage))
        if self._camera_open and not any(place.has_camera for place in places):
            self._camera_open = False
            done.append(CloseCamera())
        if self._listening and not any(place.takes_keys for place in places):
            self._listening = False
            done.append(ListenForKeys(on=False))
        kept = self._visit.kept_profile
        if self._visit.profile is not kept and not any(place.tries_keys for place in places):
            done += [self._visit.use_profile(kept, kept=False), self._visit.show()]
        return done
