"""A visitor in a test: presses keys, hears what is said in the time that it takes, writes it down.

The session is the real one. The voice is a clock: every segment takes as long as its letters, is
reported as begun, and is cut off where a key stops it. Searches are answered after a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine import Reason, Shared
from kiosk.cards import TAKEN_PICTURE_ID, ArtworkCard, MatchedPoem
from kiosk.colours import Impression
from kiosk.controls import Control
from kiosk.events import (
    Action,
    Apply,
    ArtworksLoaded,
    CameraReady,
    Dialled,
    EngineReady,
    Event,
    KeyPressed,
    LineStarted,
    MatchesReady,
    OpenCamera,
    ParagraphStarted,
    PauseSpeech,
    PictureTaken,
    Reset,
    ResumeSpeech,
    Say,
    SayFrom,
    Search,
    SearchPicture,
    Show,
    SpeechFinished,
    StopSpeech,
    TakePicture,
    Tick,
    VoicesKnown,
)
from kiosk.narration import Narration
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screens import Screen
from kiosk.session import Session
from kiosk.stages import Seeking

STEP = 0.5  # seconds from tick to tick, as in the kiosk
SECONDS_A_LETTER = 0.06
LONGEST_SILENCE = 3.0  # while something is sought

WAVE = ArtworkCard(
    11,
    "1",
    "The Great Wave off Kanagawa",
    "Katsushika Hokusai",
    "about 1831",
    "A wave as high as a house is about to break over three long boats. Far behind it stands a "
    "small white mountain.",
    room="East room",
    colours=Impression(
        main=("dark-blue", "cream"),
        touches=("pale-blue",),
        warmth="cool",
        light="medium",
        contrast="strong",
        lightest="bottom",
    ),
)
HARVESTERS = ArtworkCard(
    12,
    "2",
    "The Harvesters",
    "Pieter Bruegel the Elder",
    "1565",
    "Men and women rest under a tree beside a field of ripe wheat.",
    room="North room",
)
MILKMAID = ArtworkCard(13, "12", "Het melkmeisje", "Johannes Vermeer", language="nl")
WORKS = (WAVE, HARVESTERS, MILKMAID)

WIND_LINES = (
    "Who has seen the wind?",
    "Neither I nor you:",
    "But when the leaves hang trembling,",
    "The wind is passing through.",
    "",
    "Who has seen the wind?",
    "Neither you nor I:",
    "But when the trees bow down their heads,",
    "The wind is passing by.",
)
BEACH_LINES = (
    "The sea is calm tonight.",
    "The tide is full, the moon lies fair",
    "Upon the straits; on the French coast the light",
    "Gleams and is gone; the cliffs of England stand,",
    "Glimmering and vast, out in the tranquil bay.",
)
MOTHER_LINES = (
    "엄마야 누나야 강변 살자",
    "뜰에는 반짝이는 금모래빛",
    "뒷문 밖에는 갈잎의 노래",
    "엄마야 누나야 강변 살자",
)


def poem(
    rank: int,
    title: str,
    poet: str,
    lines: tuple[str, ...],
    *,
    whole: tuple[str, ...] = (),
    language: str = "en",
    reason: Reason | None = None,
) -> MatchedPoem:
    """One poem of an answer."""
    return MatchedPoem(
        rank, rank, rank * 10, title, poet, lines, language, whole or lines, 0.9, 0.4, reason
    )


BEACH = poem(
    1,
    "Dover Beach",
    "Matthew Arnold",
    BEACH_LINES,
    whole=(*BEACH_LINES, "Come to the window, sweet is the night-air!"),
    reason=Reason(0, 0.4, (Shared("sea", "subject", 0.1, 0.05),)),
)
WIND = poem(2, "Who Has Seen the Wind?", "Christina Rossetti", WIND_LINES)
MOTHER = poem(
    3,
    "엄마야 누나야",
    "김소월",
    MOTHER_LINES,
    language="ko",
    reason=Reason(
        1, 0.5, (Shared("house", "subject", 0.1, 0.05), Shared("gold", "colour", 0, 0.1))
    ),
)
ANSWERS = {11: (BEACH, WIND), 12: (WIND, BEACH), 13: (MOTHER, WIND), TAKEN_PICTURE_ID: (BEACH,)}
VOICES = (
    VoiceChoice("en-gb", "English (Great Britain)", "en-GB"),
    VoiceChoice("en-us", "English (America)", "en-US"),
    VoiceChoice("ko", "Korean", "ko"),
)


@dataclass
class Speech:
    """A narration that is being said."""

    narration: Narration
    at: int
    left: float = 0.0  # seconds of the segment; 0: not begun
    begun: bool = False


@dataclass
class Visitor:
    """One who presses and listens; `story` is what was heard."""

    voices: tuple[VoiceChoice, ...] = VOICES
    works: tuple[ArtworkCard, ...] = WORKS
    search_seconds: float = 1.0
    fits: bool = True
    idle_seconds: int = 120
    language: str = "en"
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = Session(
            idle_seconds=self.idle_seconds, preferences=Preferences(language=self.language)
        )
        self.screen: Screen | None = None
        self.queue: list[Speech] = []
        self.paused = False
        self.silent = 0.0
        self.pending: list[tuple[float, Callable[[], Event]]] = []
        for event in (ArtworksLoaded(self.works), EngineReady(), VoicesKnown(self.voices)):
            self.tell(event)

    # --- what the visitor does ----------------------------------------------------------------

    def note(self, text: str) -> None:
        """A remark for whoever reads the story."""
        self.story += ["", f"# {text}"]

    def press(self, *names: str) -> None:
        """Keys, one after another."""
        for name in names:
            self._cut()
            self.story += ["", f"[{name}]"]
            digit = Dialled(int(name)) if name.isdigit() else None
            self.tell(digit or KeyPressed(Control(name)))
            self.advance(0.0)

    def happen(self, event: Event, text: str) -> None:
        """Something that is no key."""
        self._cut()
        self.story += ["", f"({text})"]
        self.tell(event)
        self.advance(0.0)

    def hear(self, until: str = "") -> None:
        """Listen to the end of what is said, or until words with `until` have just begun."""
        for _ in range(2000):
            if until and self.queue and self.queue[0].begun and until in self._segment_text:
                return
            if not self.queue and not self.pending:
                assert not until, f"nobody said {until!r}"
                return
            self.advance(STEP)
        raise AssertionError("it does not come to an end")

    def choose(self, label: str) -> None:
        """Go through a menu to the item that begins so, and choose it."""
        for _ in range(30):
            self.hear()
            screen = self.screen
            items = getattr(screen, "items", ())
            assert items, screen
            if items[screen.position].label.startswith(label):  # type: ignore[union-attr]
                self.press("select")
                return
            self.press("next")
        raise AssertionError(f"there is no {label!r}")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.story += ["", f"({seconds:g} seconds pass)"]
        for _ in range(round(seconds / STEP)):
            self.advance(STEP)

    # --- what the kiosk does ------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Time passes for the voice, for what is pending, and for the session."""
        self._speak(seconds)
        due = [event for left, event in self.pending if left <= seconds]
        self.pending = [(left - seconds, event) for left, event in self.pending if left > seconds]
        for event in due:
            self.tell(event())
        if seconds:
            self.tell(Tick(seconds))
            self.silent = 0.0 if self.queue or not self._seeking else self.silent + seconds
            assert self.silent <= LONGEST_SILENCE, "silence while something is sought"

    @property
    def _seeking(self) -> bool:
        return isinstance(self.session.stage, Seeking)

    @property
    def _segment_text(self) -> str:
        return self.queue[0].narration.segments[self.queue[0].at].text

    def tell(self, event: Event) -> list[Action]:
        """Give the session an event, and do what it asks for."""
        actions = self.session.handle(event)
        for action in actions:
            self._do(action)
        return actions

    def _do(self, action: Action) -> None:
        visit = self.session.visit_id
        match action:
            case Say(narration):
                self.queue.append(Speech(narration, 0))
            case SayFrom(narration, first):
                self.queue.append(Speech(narration, first))
            case StopSpeech():
                self.queue, self.paused = [], False
            case PauseSpeech():
                self.paused = True
            case ResumeSpeech():
                self.paused = False
            case Show(screen):
                self.screen = screen
            case Search(_, artwork_id, _):
                self._answer(visit, artwork_id)
            case SearchPicture():
                self._answer(visit, TAKEN_PICTURE_ID)
            case OpenCamera():
                self.pending.append((1.0, lambda: CameraReady(visit)))
            case TakePicture():
                self.pending.append((1.0, lambda: PictureTaken(visit)))
            case Apply(preferences):
                self.speed = preferences.speed
            case Reset():
                self.pending = []
                self.story += ["", "(the kiosk forgets this visit)"]

    def _answer(self, visit: int, artwork_id: int) -> None:
        poems, fits = ANSWERS[artwork_id], self.fits
        self.pending.append(
            (self.search_seconds, lambda: MatchesReady(visit, artwork_id, poems, fits=fits))
        )

    speed: float = 1.0

    def _speak(self, seconds: float) -> None:
        while self.queue and not self.paused:
            speech = self.queue[0]
            segment = speech.narration.segments[speech.at]
            if not speech.begun:
                speech.begun = True
                spoken = len(segment.text) * SECONDS_A_LETTER / self.speed
                speech.left = spoken + segment.pause_ms / 1000
                self._write(segment.text, segment.language)
                name = speech.narration.id
                if segment.line is not None:
                    self.tell(LineStarted(name, segment.line))
                elif segment.text:
                    self.tell(ParagraphStarted(name, speech.at))
            if speech.left > seconds:
                speech.left -= seconds
                return
            seconds -= speech.left
            speech.at, speech.begun = speech.at + 1, False
            if speech.at == len(speech.narration.segments):
                self.queue.pop(0)
                self.tell(SpeechFinished(speech.narration.id))

    def _write(self, text: str, language: str) -> None:
        if text:
            tag = "" if language == "en" else f"({language}) "
            slow = "" if self.speed == 1.0 else f" <{self.speed:g}x>"
            self.story.append(f"    {tag}{text}{slow}")

    def _cut(self) -> None:
        """Mark what a key breaks off."""
        if self.queue and self.queue[0].begun and not self.paused and self.story[-1][:4] == "    ":
            self.story[-1] += " …"
