"""What the kiosk knows while somebody is there, and how a place says, shows and leads on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import ARROWS, Control, ControlProfile
from kiosk.events import (
    Action,
    Apply,
    ArtworksFailed,
    EngineFailed,
    Say,
    SayFrom,
    Show,
    StopSpeech,
    UseProfile,
)
from kiosk.narration import Narration, narrate_paragraphs
from kiosk.preferences import SPEEDS, VOLUMES, Preferences, VoiceChoice, step
from kiosk.screens import (
    CameraScreen,
    HelpScreen,
    LearnScreen,
    MessageScreen,
    SearchingScreen,
    WelcomeScreen,
    ZoomScreen,
)
from kiosk.visit.stage import Stage
from kiosk.words.catalogue import LANGUAGES, Words, words_in
from kiosk.words.marked import plain

PROGRESS_SECONDS = 2.0  # of silence before it is said that something still runs
LONGEST_WAIT_SECONDS = 600.0  # then it is taken for lost; a model may load for minutes


@dataclass(slots=True)
class Visit:
    """One kiosk, and the visitor before it. Changed by the session and its places only."""

    stage: Stage
    profile: ControlProfile
    profiles: Mapping[str, ControlProfile]
    defaults: Preferences
    preferences: Preferences
    contrasts: tuple[str, ...] = ("dark", "light", "yellow", "calm")
    idle_seconds: float = 120.0  # of silence, until the kiosk starts afresh
    attract_seconds: float = 0.0  # of silence without a visitor, until it invites; 0: never
    id: int = 1
    artworks: tuple[ArtworkCard, ...] | None = None  # None: still being read
    artworks_problem: ArtworksFailed | None = None
    engine_ready: bool = False
    engine_problem: EngineFailed | None = None
    voices: tuple[VoiceChoice, ...] = field(default=())
    kept_profile: ControlProfile = ARROWS  # other than `profile` while other keys are tried

    narration: Narration | None = None  # asked for last
    segment: int = 0  # of it, heard last
    speaking: str | None = None  # the id of the last narration, until it has ended
    paused: bool = False
    quiet: float = 0.0  # seconds of silence, or of one line
    warned: bool = False  # whether the end of the visit was announced
    waited: float = 0.0  # seconds that something has been sought, with all that was said meanwhile
    count: int = 0  # narrations of this kiosk so far

    # --- words --------------------------------------------------------------------------------

    @property
    def words(self) -> Words:
        """The catalogue in the visitor's language."""
        return words_in(self.preferences.language)

    def key(self, control: Control, words: Words | None = None) -> str:
        """What a voice calls the key; its own name where the catalogue does not know it."""
        words = words or self.words
        name = self.profile.spoken.get(control, str(control))
        message = slug("key", name)
        return words(message) if words.has(message) else name

    @property
    def languages(self) -> tuple[str, ...]:
        """What can be chosen: the kiosk's own, and those of the catalogue that have a voice."""
        own = self.defaults.language
        spoken = {primary(voice.language) for voice in self.voices}
        return (own, *(code for code in LANGUAGES if code != primary(own) and code in spoken))

    def voices_here(self) -> tuple[VoiceChoice, ...]:
        """The voices of the visitor's language."""
        wanted = primary(self.preferences.language)
        return tuple(voice for voice in self.voices if primary(voice.language) == wanted)

    # --- what is said and shown ---------------------------------------------------------------

    def show(self) -> Action:
        """The screen of the place where the visitor is."""
        return Show(self.stage.screen(self))

    def say(self, *paragraphs: str, hint: str = "") -> Action:
        """Words of the catalogue, which may be marked."""
        told = narrate_paragraphs(
            paragraphs,
            hint=hint,
            language=self.preferences.language,
            narration_id=self.name(),
        )
        return self.tell(told)

    def tell(self, narration: Narration, first: int = 0) -> Action:
        """A narration, from a segment on."""
        self.narration, self.segment = narration, first
        self.speaking, self.quiet = narration.id, 0.0
        return SayFrom(narration, first) if first else Say(narration)

    def aside(self, words: str, *, shown: bool = True) -> list[Action]:
        """A short answer in passing: what was told before it stays what can be repeated.

        It is `shown`, too, until the screen changes, unless the screen shows it already.
        """
        heard, segment = self.narration, self.segment
        stop: list[Action] = self.silence() if self.paused else []
        said = self.say(words)
        if heard is not None:
            self.narration, self.segment = heard, segment
        return [*stop, said, *(self.noticed(words) if shown else [])]

    def noticed(self, words: str) -> list[Action]:
        """The screen of this place, with these words where it has room for news."""
        screen, news = self.stage.screen(self), plain(words)
        match screen:
            case WelcomeScreen():
                return [Show(replace(screen, invitation=news))]
            case HelpScreen():
                return [Show(replace(screen, about=news))]
            case ZoomScreen():
                return [Show(replace(screen, place=news))]
            case SearchingScreen():
                return [Show(replace(screen, text=news))]
            case MessageScreen() | CameraScreen() | LearnScreen():
                return [Show(replace(screen, text=f"{news} {screen.text}"))]
            case _:
                return [Show(replace(screen, notice=news))]

    @property
    def audible(self) -> bool:
        """Whether something is being said, and not held."""
        return self.speaking is not None and not self.paused

    def name(self) -> str:
        """A new narration's id."""
        self.count += 1
        return f"{self.id}-{self.count}"

    def silence(self) -> list[Action]:
        """Stop what is being said."""
        self.speaking, self.paused, self.quiet = None, False, 0.0
        return [StopSpeech()]

    def again(self, narration: Narration, first: int) -> Action:
        """From a segment of something that was told before, under a new id."""
        return self.tell(replace(narration, id=self.name()), first)

    # --- ways on ------------------------------------------------------------------------------

    def go(self, stage: Stage, words: str = "", hint: str | None = None) -> list[Action]:
        """Go to a place, show it, and say `words`, or else where one is and what one can do."""
        self.stage = stage
        if hint is None:
            hint = "" if words else stage.hint(self)
        told = (words,) if words else stage.told(self)
        return [self.show(), self.say(*told, hint=hint)]

    def back(self, stage: Stage) -> list[Action]:
        """Leave `stage` for what lies beneath it."""
        if stage.beneath is None:
            return self.go(stage)
        self.stage = stage.beneath
        return stage.beneath.resume(self)

    def still_at_it(self, message: str) -> list[Action] | None:
        """Say that something is still under way, unless it has become hopeless."""
        if self.waited >= LONGEST_WAIT_SECONDS:
            return None
        return self.aside(self.words(message)) if self.quiet >= PROGRESS_SECONDS else []

    # --- how the visitor wants it -------------------------------------------------------------

    def apply(self, preferences: Preferences) -> Action:
        """Speak and show so from now on."""
        self.preferences = preferences
        return Apply(preferences)

    def use_profile(self, profile: ControlProfile, *, kept: bool = True) -> Action:
        """Take keys so from now on; unless they are `kept`, only as long as they are tried."""
        self.profile = profile
        if kept:
            self.kept_profile = profile
        return UseProfile(profile, kept)

    def louder(self, by: int) -> tuple[Action, str]:
        """A step up or down; what was done, and the words for it."""
        volume = step(VOLUMES, self.preferences.volume, by)
        name = "louder" if by > 0 else "softer"
        if volume == self.preferences.volume:
            name = "loudest" if by > 0 else "softest"
        action = self.apply(replace(self.preferences, volume=volume))
        return action, self.words("changed", what=self.words(name), value=self.volume_said())

    def faster(self, by: int) -> tuple[Action, str]:
        """As `louder`, of the pace."""
        speed = step(SPEEDS, self.preferences.speed, by)
        name = "faster" if by > 0 else "slower"
        if speed == self.preferences.speed:
            name = "fastest" if by > 0 else "slowest"
        action = self.apply(replace(self.preferences, speed=speed))
        return action, self.words("changed", what=self.words(name), value=self.speed_said())

    def volume_said(self, volume: float | None = None) -> str:
        """Its place among the steps."""
        volume = self.preferences.volume if volume is None else volume
        return self.words("volume-value", percent=round(volume * 100))

    def speed_said(self, speed: float | None = None) -> str:
        """How many times the voice's own pace."""
        return self.words("speed-value", factor=self.preferences.speed if speed is None else speed)


def slug(kind: str, name: str) -> str:
    """The id of a name in the catalogue: `key-left-arrow`."""
    return "-".join([kind, *re.findall("[a-z0-9]+", name.lower())])


def primary(language: str) -> str:
    """The language without its region: `en` of `en-GB`."""
    return language.lower().replace("_", "-").split("-", maxsplit=1)[0]
