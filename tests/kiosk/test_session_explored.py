"""The visit, explored: whatever happens, in whatever order, a few things always hold.

A machine of rules does everything that visitors, staff, headsets, cameras and engines can do. After
each step: nothing raised, every key silenced and was answered, nothing looks or listens that need
not. After each run, from wherever it ended: help answers, back leads home, silence never lasts
while something is sought, and waiting ends in a clean welcome with nothing of the last visit.
"""

from __future__ import annotations

import copy
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kiosk.cards import TAKEN_PICTURE_ID
from kiosk.controls import FIVE, PROFILES, Control
from kiosk.events import (
    Action,
    Apply,
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
    PictureFault,
    PictureRefused,
    PictureTaken,
    Reset,
    ResumeSpeech,
    Say,
    SayFrom,
    Search,
    SearchFailed,
    SearchPicture,
    Show,
    SpeechFinished,
    Started,
    StopSpeech,
    Tick,
    UnknownKey,
    VoicesKnown,
)
from kiosk.narration import Narration
from kiosk.preferences import Preferences
from kiosk.screens import HelpScreen, MenuScreen
from kiosk.session import Session
from kiosk.stages import Helping, Learning, Looking, Seeking, Waiting, Welcoming
from kiosk.troubles import Trouble
from kiosk.visit.stage import chain
from kiosk.visit.visit import PROGRESS_SECONDS
from kiosk.words.catalogue import LANGUAGES
from tests.kiosk.visitor import ANSWERS, VOICES, WORKS

MOST_BACKS = 30  # the deepest pile, and a number of six digits
MOST_SILENCE = 3.0  # seconds, while something is sought
TOUCHES = (KeyPressed, Dialled, Picked, OtherKey)


def says(actions: list[Action]) -> list[Narration]:
    return [action.narration for action in actions if isinstance(action, Say | SayFrom)]


def fork(session: Session) -> Session:
    """The same visit, so that it can be tried how it goes on."""
    other = copy.copy(session)
    other._visit = replace(session._visit)
    return other


def hear_out(session: Session) -> list[Action]:
    """What is being said ends."""
    speaking = session._visit.speaking
    return session.handle(SpeechFinished(speaking)) if speaking else []


class Explored(RuleBasedStateMachine):
    """Everything that can happen to one kiosk."""

    @initialize(
        language=st.sampled_from(LANGUAGES),
        profile=st.sampled_from(sorted(PROFILES)),
        attract=st.sampled_from([0.0, 60.0]),
    )
    def begin(self, language: str, profile: str, attract: float) -> None:
        self.session = Session(
            profile=PROFILES[profile],
            preferences=Preferences(language=language),
            attract_seconds=attract,
        )
        self.queue: list[str] = []  # narrations that are still to be heard
        self.named: set[str] = set()
        self.camera, self.listening = False, False
        self.sought = 0
        self.handle(Started())

    def handle(self, event: Event) -> list[Action]:
        actions = self.session.handle(event)
        for action in actions:
            match action:
                case StopSpeech():
                    self.queue = []
                case Say(narration) | SayFrom(narration, _):
                    assert narration.id not in self.named
                    self.named.add(narration.id)
                    self.queue.append(narration.id)
                    assert any(segment.text.strip() for segment in narration.segments)
                    if isinstance(action, SayFrom):
                        assert 0 < action.first < len(narration.segments)
                case OpenCamera():
                    self.camera = True
                case CloseCamera():
                    self.camera = False
                case ListenForKeys(on):
                    self.listening = on
                case Search(visit_id, artwork_id, _):
                    assert visit_id == self.session.visit_id
                    self.sought = artwork_id
                case SearchPicture(visit_id, _):
                    assert visit_id == self.session.visit_id
                    self.sought = TAKEN_PICTURE_ID
                case Reset(visit_id):
                    assert visit_id == self.session.visit_id
        places = list(chain(self.session.stage))
        assert self.camera <= any(isinstance(place, Looking) for place in places)
        assert self.listening == any(isinstance(place, Learning) for place in places)
        assert len(places) <= 14
        if isinstance(event, TOUCHES):
            self.answered(event, actions)
        return actions

    def answered(self, event: Event, actions: list[Action]) -> None:
        """Every key silences first and is heard; holding it never fills the queue."""
        assert actions
        volume = {KeyPressed(Control.LOUDER), KeyPressed(Control.SOFTER)}
        if isinstance(actions[0], PauseSpeech | ResumeSpeech):
            assert event == KeyPressed(Control.PAUSE)
            assert len(actions) == 1
        elif not isinstance(actions[0], StopSpeech):
            assert event in volume
            assert isinstance(actions[0], Apply)
        else:
            assert says(actions)
        assert len(says(actions)) <= 2
        if event not in volume:
            assert len(self.queue) <= 2

    # --- hands --------------------------------------------------------------------------------

    @rule(control=st.sampled_from([*FIVE, *FIVE, Control.SELECT, Control.NEXT, *Control]))
    def press(self, control: Control) -> None:
        self.handle(KeyPressed(control))

    @rule(control=st.sampled_from([*FIVE]), times=st.integers(2, 6))
    def hold(self, control: Control, times: int) -> None:
        for _ in range(times):
            self.handle(KeyPressed(control))

    @rule(digit=st.integers(0, 9))
    def dial(self, digit: int) -> None:
        self.handle(Dialled(digit))

    @rule(position=st.integers(-1, 6))
    def pick(self, position: int) -> None:
        self.handle(Picked(position))

    @rule(event=st.sampled_from([OtherKey(), Focused("Back"), HeadsetPlugged(), HeadsetPulled()]))
    def touch(self, event: Event) -> None:
        self.handle(event)

    @rule(code=st.sampled_from(["F13", "F14", "F15", "F16", "F17", "F18", "F19", "Left"]))
    def other_pad(self, code: str) -> None:
        self.handle(UnknownKey(code))

    # --- voice and time -----------------------------------------------------------------------

    @rule(index=st.integers(0, 12), line=st.booleans())
    def sound(self, index: int, line: bool) -> None:
        if self.queue:
            name = self.queue[0]
            self.handle(LineStarted(name, index) if line else ParagraphStarted(name, index))

    @rule()
    def fall_silent(self) -> None:
        for name in self.queue:
            self.handle(SpeechFinished(name))
        self.queue = []

    @rule(seconds=st.sampled_from([0.5, 2.0, 12.0, 20.0, 100.0]))
    def pass_time(self, seconds: float) -> None:
        self.handle(Tick(seconds))

    # --- what comes from elsewhere ------------------------------------------------------------

    @rule(
        event=st.sampled_from(
            [
                ArtworksLoaded(WORKS),
                ArtworksLoaded(WORKS),
                ArtworksLoaded(()),
                ArtworksLoaded(WORKS[:1]),
                *(ArtworksFailed(trouble, "sentence") for trouble in Trouble),
                EngineReady(),
                *(EngineFailed(trouble, "sentence") for trouble in Trouble),
                VoicesKnown(VOICES),
                VoicesKnown(()),
            ]
        )
    )
    def world(self, event: Event) -> None:
        self.handle(event)

    @rule(late=st.integers(0, 1), count=st.integers(0, 2), fits=st.booleans())
    def answer(self, late: int, count: int, fits: bool) -> None:
        poems = ANSWERS[self.sought][:count]
        visit_id = self.session.visit_id - late
        self.handle(MatchesReady(visit_id, self.sought, poems, fits=fits))

    @rule(late=st.integers(0, 1), trouble=st.sampled_from(Trouble))
    def fail(self, late: int, trouble: Trouble) -> None:
        self.handle(SearchFailed(self.session.visit_id - late, self.sought, trouble, "sentence"))

    @rule(late=st.integers(0, 1), what=st.integers(0, 3), fault=st.sampled_from(PictureFault))
    def see(self, late: int, what: int, fault: PictureFault) -> None:
        visit_id = self.session.visit_id - late
        seen: list[Event] = [
            CameraReady(visit_id),
            CameraFailed(visit_id, Trouble.CAMERA, "sentence"),
            PictureTaken(visit_id),
            PictureRefused(visit_id, fault),
        ]
        self.handle(seen[what])

    # --- how it can go on from here -----------------------------------------------------------

    def teardown(self) -> None:
        if hasattr(self, "session"):
            help_answers(fork(self.session))
            back_leads_home(fork(self.session))
            silence_is_short(fork(self.session))
            waiting_ends_in_a_clean_welcome(fork(self.session))


def help_answers(session: Session) -> None:
    if session._visit.warned:
        session.handle(KeyPressed(Control.BACK))
    if isinstance(session.stage, Helping):
        session.handle(KeyPressed(Control.BACK))
    actions = session.handle(KeyPressed(Control.HELP))
    screens = [action.screen for action in actions if isinstance(action, Show)]
    assert isinstance(screens[-1], HelpScreen)
    assert isinstance(session.stage, Helping)
    told = " ".join(segment.text for segment in says(actions)[-1].segments)
    for hint in session.stage.under.hints(session._visit):
        assert hint.sentence in screens[-1].lines
        assert hint.sentence in told


def back_leads_home(session: Session) -> None:
    if session.stage == Welcoming():
        session.handle(KeyPressed(Control.SELECT))
    for _ in range(MOST_BACKS):
        if session.stage == Welcoming(greeted=True) and not session._visit.warned:
            return
        session.handle(KeyPressed(Control.BACK))
    raise AssertionError(session.stage)


def silence_is_short(session: Session) -> None:
    """For half a minute, as the kiosk ticks."""
    if session._visit.warned:
        session.handle(KeyPressed(Control.SELECT))
    silent = 0.0
    for _ in range(60):
        hear_out(session)
        sought = isinstance(session.stage, Seeking | Waiting) or (
            isinstance(session.stage, Looking) and session.stage.eye not in ("ready", "closed")
        )
        if not sought:
            return
        silent = 0.0 if says(session.handle(Tick(0.5))) else silent + 0.5
        assert silent <= max(MOST_SILENCE, PROGRESS_SECONDS)


def waiting_ends_in_a_clean_welcome(session: Session) -> None:
    defaults = session._visit.defaults
    before = session.visit_id
    asleep = session.stage == Welcoming()
    for _ in range(400):
        actions = session.handle(Tick(5.0))
        hear_out(session)
        if session.stage == Welcoming():
            break
    assert session.stage == Welcoming(), session.stage
    assert session.preferences == defaults
    if not asleep:
        assert session.visit_id == before + 1
        assert Apply(defaults) in actions
        assert any(isinstance(action, Reset) for action in actions)
        visit = session._visit
        fresh = Session(profile=visit.profile, preferences=defaults)._visit
        world = {
            name: getattr(visit, name)
            for name in (
                *("artworks", "artworks_problem", "engine_ready", "engine_problem", "voices"),
                *("id", "count", "quiet", "waited", "attract_seconds"),
            )
        }
        goodbye = {"narration": visit.narration, "segment": visit.segment}
        assert visit == replace(fresh, **world, **goodbye)
        assert visit.narration is None or len(visit.narration.segments) == 1


TestExplored = Explored.TestCase
TestExplored.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_a_menu_can_be_walked_to_its_end_and_every_item_leads_somewhere() -> None:
    """Every item of every menu, to the third menu deep, with five keys."""
    start = Session()
    for event in (ArtworksLoaded(WORKS), EngineReady(), VoicesKnown(VOICES), Started()):
        start.handle(event)
    reading = fork(start)
    for _ in range(2):
        reading.handle(KeyPressed(Control.SELECT))
    reading.handle(MatchesReady(1, 11, ANSWERS[11]))
    ways = fork(start)
    ways.handle(KeyPressed(Control.NEXT))
    reading.handle(KeyPressed(Control.SELECT))
    walked = sum(walk(session, 3) for session in (ways, reading))
    assert walked > 60


def walk(session: Session, deep: int) -> int:
    screen = session.stage.screen(session._visit)
    if not isinstance(screen, MenuScreen) or deep == 0:
        return 0
    walked = 0
    for _ in screen.items:
        inside = fork(session)
        actions = inside.handle(KeyPressed(Control.SELECT))
        assert says(actions)
        walked += 1 + walk(inside, deep - 1)
        session.handle(KeyPressed(Control.NEXT))
    return walked
