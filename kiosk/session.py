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
from dataclasses import replace

from kiosk.controls import ARROWS, Control, ControlProfile
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
    PauseSpeech,
    Picked,
    PictureRefused,
    PictureTaken,
    Reset,
    ResumeSpeech,
    SearchFailed,
    Show,
    SpeechFinished,
    Started,
    StopSpeech,
    Tick,
    UnknownKey,
    VoicesKnown,
)
from kiosk.narration import Narration, Segment
from kiosk.preferences import Preferences
from kiosk.screens import MessageScreen
from kiosk.visit.camera import seen
from kiosk.visit.choosing import Choosing, enter_list
from kiosk.visit.helping import Helping
from kiosk.visit.learning import Learning
from kiosk.visit.place_menu import open_menu
from kiosk.visit.reading import Reading
from kiosk.visit.seeking import Seeking, answered
from kiosk.visit.stage import Stage, chain
from kiosk.visit.telling import Telling
from kiosk.visit.visit import Visit
from kiosk.visit.welcoming import Welcoming, greet

WARNING_SECONDS = 20  # between the warning and the end of a visit (WCAG 2.2.1)
GREETED_SECONDS = 30.0  # of silence at the welcome until the next key is taken for a newcomer's
LONGEST_SPEECH_SECONDS = 900.0  # of one line; then the end of a narration is taken for lost

Touch = KeyPressed | Dialled | Picked | OtherKey


class Session:
    """One kiosk's visits, one after another."""

    def __init__(
        self,
        *,
        profile: ControlProfile = ARROWS,
        idle_seconds: int = 120,
        preferences: Preferences | None = None,
        profiles: Mapping[str, ControlProfile] | None = None,
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
            profiles=profiles or {profile.name: profile},
            defaults=defaults,
            preferences=defaults,
            contrasts=contrasts,
        )
        self._idle_seconds = max(idle_seconds, WARNING_SECONDS + 10)
        self._attract_seconds = attract_seconds
        self._warned = False
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

    def _let_go(self) -> list[Action]:
        """Whatever way a place was left: nothing looks or listens that is not needed any more."""
        done: list[Action] = []
        places = tuple(chain(self.stage))
        if self._camera_open and not any(place.has_camera for place in places):
            self._camera_open = False
            done.append(CloseCamera())
        if self._listening and not any(place.takes_keys for place in places):
            self._listening = False
            done.append(ListenForKeys(on=False))
        return done

    def _answer(self, event: Event) -> list[Action]:
        visit = self._visit
        match event:
            case KeyPressed() | Dialled() | Picked() | OtherKey():
                return self._touched(event)
            case UnknownKey(code):
                return self._taught(code)
            case Focused(name):
                return [*visit.silence(), visit.say(name)]
            case Started():
                return greet(visit)[::-1]
            case HeadsetPlugged():
                return self._plugged()
            case HeadsetPulled():
                return self._pulled()
            case VoicesKnown(voices):
                visit.voices = voices
                return [visit.show()] if isinstance(self.stage, Welcoming) else []
            case ArtworksLoaded(artworks):
                visit.artworks, visit.artworks_problem = artworks, None
                return self._list_changed()
            case ArtworksFailed():
                visit.artworks, visit.artworks_problem = (), event
                return self._list_changed()
            case EngineReady():
                visit.engine_ready, visit.engine_problem = True, None
                stage = self.stage
                return stage.awake(visit) if isinstance(stage, Seeking) and stage.news else []
            case EngineFailed():
                visit.engine_problem = event  # works that were ranked ahead are found all the same
                return []
            case MatchesReady() | SearchFailed():
                return answered(visit, event)
            case CameraReady() | CameraFailed() | PictureTaken() | PictureRefused():
                return seen(visit, event)
            case LineStarted() | ParagraphStarted() | SpeechFinished():
                return self._heard(event)
            case Tick(seconds):
                return self._pass(max(seconds, 0.0))

    # --- keys ---------------------------------------------------------------------------------

    def _touched(self, event: Touch) -> list[Action]:
        """Any key silences first; after a warning it only asks for more time."""
        visit = self._visit
        if self._warned:
            self._warned = False
            still = visit.words("still-here", here=self.stage.here(visit))
            return [*visit.silence(), visit.show(), visit.say(still)]
        asleep = self.stage == Welcoming(greeted=False)
        if asleep and not (isinstance(event, KeyPressed) and event.control is Control.HELP):
            if not isinstance(event, Dialled | Picked):
                return [*visit.silence(), *greet(visit)[::-1]]
            visit.stage = Welcoming(greeted=True)
        match event:
            case KeyPressed(Control.LOUDER | Control.SOFTER as control):
                action, words = visit.louder(1 if control is Control.LOUDER else -1)
                return [action] if self._audible else [action, *self._say_over(words)]
            case KeyPressed(Control.PAUSE) if self.speaking:
                visit.paused, visit.quiet = not visit.paused, 0.0
                return [PauseSpeech() if visit.paused else ResumeSpeech()]
            case KeyPressed(Control.SLOWER | Control.FASTER as control):
                return self._change_pace(1 if control is Control.FASTER else -1)
            case KeyPressed(Control.REPEAT | Control.PAUSE as control):
                return self._repeat(only=control is Control.REPEAT)
        silence: list[Action] = visit.silence()
        match event:
            case Dialled(digit):
                return silence + self._dial(digit)
            case Picked(position):
                return silence + self.stage.picked(visit, position)
            case KeyPressed(pressed):
                return silence + self._press(pressed)
            case _:
                words = visit.words("other-key", help=visit.key(Control.HELP))
                return [*silence, visit.say(words)]

    @property
    def _audible(self) -> bool:
        return self.speaking and not self._visit.paused

    def _press(self, control: Control) -> list[Action]:
        visit, stage = self._visit, self.stage
        match control:
            case Control.HELP if not isinstance(stage, Helping):
                if stage == Welcoming():
                    stage = Welcoming(greeted=True)
                return visit.go(Helping(stage))
            case Control.HOME:
                return greet(visit)
            case Control.MENU:
                return open_menu(visit)
            case _:
                return stage.press(visit, control)

    def _dial(self, digit: int) -> list[Action]:
        """A digit leads to the list from wherever it is pressed."""
        visit, stage = self._visit, self.stage
        if isinstance(stage, Helping):
            stage = stage.under
        if visit.artworks and (found := stage.digit(visit, digit)) is not None:
            return found
        home = Welcoming(greeted=True)
        if not visit.artworks:
            return enter_list(visit, home)
        return Choosing(home, visit.artworks).digit(visit, digit) or []

    def _say_over(self, words: str) -> list[Action]:
        """A short answer to a key that leads nowhere; what was heard last stays what it was."""
        visit = self._visit
        heard, segment = visit.narration, visit.segment
        action = visit.say(words)
        if heard is not None:
            visit.narration, visit.segment = heard, segment
        return [*([StopSpeech()] if visit.paused else []), action]

    def _change_pace(self, by: int) -> list[Action]:
        """The words in the new pace; then on, from the line that was broken off."""
        visit = self._visit
        was_speaking, heard, segment = self.speaking, visit.narration, visit.segment
        silence = visit.silence()
        action, words = visit.faster(by)
        said = self._say_over(words)
        on = self._again(heard, segment) if was_speaking and heard is not None else []
        return [*silence, action, *said, *on]

    def _repeat(self, *, only: bool) -> list[Action]:
        """The last portion only; or, where there is nothing to pause, on from there."""
        visit = self._visit
        heard, segment = visit.narration, visit.segment
        silence = visit.silence()
        if heard is None:
            return [*silence, visit.say(self.stage.here(visit))]
        if not only:
            return [*silence, *self._again(heard, segment)]
        last = replace(heard, id=visit.name(), segments=(heard.segments[segment],))
        action = visit.tell(last)
        return [*silence, action]

    def _again(self, heard: Narration, segment: int) -> list[Action]:
        stage = self.stage
        if isinstance(stage, Reading) and stage.narration is not None:
            return stage.go_from(self._visit, stage.segment)
        return [self._visit.again(heard, segment)]

    def _taught(self, code: str) -> list[Action]:
        """A key while keys are being taught; at any other time it means nothing."""
        stage = self.stage
        if not isinstance(stage, Learning):
            return []
        self._warned = False
        return [*self._visit.silence(), *stage.learn(self._visit, code)]

    # --- what comes from elsewhere ------------------------------------------------------------

    def _plugged(self) -> list[Action]:
        """Somebody has come; whoever is in the midst of something is not disturbed."""
        visit = self._visit
        if isinstance(self.stage, Welcoming):
            return [*visit.silence(), *greet(visit)[::-1]]
        if self._audible:
            return []
        return self._say_over(visit.words("headset-plugged"))

    def _pulled(self) -> list[Action]:
        """Say so, and go on in the line that was broken off."""
        visit = self._visit
        if self.stage == Welcoming():
            return []
        words = visit.words("headset-pulled")
        if not self._audible:
            return self._say_over(words)
        heard, segment = visit.narration, visit.segment
        silence = visit.silence()
        said = self._say_over(words)
        on = self._again(heard, segment) if heard is not None else []
        return [*silence, *said, *on]

    def _list_changed(self) -> list[Action]:
        """Whoever waits for the list, or stands somewhere in the old one, begins in the new."""
        stage = self.stage
        if not any(place.has_works for place in chain(stage)):
            return [self._visit.show()] if isinstance(stage, Welcoming) else []
        return enter_list(self._visit, Welcoming(greeted=True))

    def _heard(self, event: LineStarted | ParagraphStarted | SpeechFinished) -> list[Action]:
        visit, stage = self._visit, self.stage
        if event.narration_id != visit.speaking or visit.narration is None:
            return []
        visit.quiet = 0.0
        if isinstance(event, SpeechFinished):
            visit.speaking, visit.paused = None, False
        if event.narration_id != visit.narration.id:  # said in passing
            return []
        segments = visit.narration.segments
        segment, line = _place(event, segments)
        if segment is None and not isinstance(event, SpeechFinished):
            return []
        visit.segment = visit.segment if segment is None else segment
        if isinstance(stage, Telling):
            return stage.heard(visit, line)
        if not isinstance(stage, Reading) or stage.narration is None:
            return []
        if segments is stage.narration.segments:
            return stage.heard(visit, segment, line)
        alone = len(segments) == 1 and segments[0] in stage.narration.segments
        return stage.marked(visit, line) if alone else []

    # --- time ---------------------------------------------------------------------------------

    def _pass(self, seconds: float) -> list[Action]:
        visit = self._visit
        visit.quiet += seconds
        visit.waited += seconds
        if self._audible:
            if visit.quiet > LONGEST_SPEECH_SECONDS:
                visit.speaking, visit.quiet = None, 0.0
            return []
        stage = self.stage
        if isinstance(stage, Welcoming):
            return self._pass_at_the_door(stage)
        if not self._warned and (said := stage.passed(visit)) is not None:
            return said
        if self._warned:
            return self._leave(quietly=False) if visit.quiet >= WARNING_SECONDS else []
        if visit.quiet >= self._idle_seconds - WARNING_SECONDS:
            return self._warn()
        return []

    def _pass_at_the_door(self, stage: Welcoming) -> list[Action]:
        visit = self._visit
        if stage.greeted:
            return self._leave(quietly=True) if visit.quiet >= GREETED_SECONDS else []
        if self._attract_seconds and visit.quiet >= self._attract_seconds:
            return [visit.say(visit.words("attract"))]
        return []

    def _warn(self) -> list[Action]:
        visit = self._visit
        self._warned = True
        words = visit.words("idle-warning", seconds=WARNING_SECONDS)
        screen = MessageScreen(visit.words("idle-heading"), words, "", self.stage.hints(visit))
        stop = visit.silence() if visit.paused else []
        return [*stop, Show(screen), *self._say_over(words)]

    def _leave(self, *, quietly: bool) -> list[Action]:
        """End the visit and forget all of it."""
        visit = self._visit
        goodbye = [] if quietly else [visit.say(visit.words("goodbye"))]
        visit.id += 1
        visit.stage, visit.narration, visit.segment = Welcoming(), None, 0
        self._warned, visit.paused, visit.quiet, visit.waited = False, False, 0.0, 0.0
        if quietly:
            visit.speaking = None
        actions: list[Action] = [StopSpeech(), Reset(visit.id), visit.apply(visit.defaults)]
        return [*actions, visit.show(), *goodbye]


def _place(
    event: LineStarted | ParagraphStarted | SpeechFinished, segments: tuple[Segment, ...]
) -> tuple[int | None, int | None]:
    """(segment, printed line or paragraph) that has begun to sound; nothing at the end."""
    match event:
        case LineStarted(_, line):
            return next((at for at, s in enumerate(segments) if s.line == line), None), line
        case ParagraphStarted(_, at) if 0 <= at < len(segments):
            return at, segments[at].line
        case _:
            return None, None
