"""The visit: a pure state machine, and the only storyteller. Events in, actions out.

1. `handle` takes one event and returns what is to be done, in order. It never raises and never
   waits. It is called on one thread.
2. Any key stops the speech under way before it does anything else, and every key is answered with
   something to hear.
3. Each visit has an id. Matches that arrive for an older visit, or for a painting that the visitor
   has left, are dropped.
4. The idle clock runs only in silence: not while something is being said or sought. It warns
   first, any key extends it, and what ends is forgotten wholly (`Reset`).

The walk: Welcoming -> (Waiting) -> Choosing -> Seeking -> Reading, with Stuck where something went
wrong and Helping over any of them; `kiosk.stages` holds what each remembers.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk import phrases
from kiosk.cards import ArtworkCard
from kiosk.controls import ARROWS, Control, ControlProfile
from kiosk.dialling import dial, numbered
from kiosk.events import (
    Action,
    ArtworksFailed,
    ArtworksLoaded,
    Dialled,
    EngineFailed,
    EngineReady,
    Event,
    Focused,
    KeyPressed,
    LineStarted,
    MatchesReady,
    OtherKey,
    Picked,
    Reset,
    Say,
    Search,
    SearchFailed,
    Show,
    SpeechFinished,
    Started,
    StopSpeech,
    Tick,
)
from kiosk.narration import Narration, announce
from kiosk.stages import (
    Choosing,
    Helping,
    Place,
    Reading,
    Seeking,
    Stage,
    Stuck,
    Waiting,
    Welcoming,
)
from kiosk.staging import help_lines, help_said, poem_said, screen_of, where

WARNING_SECONDS = 20  # between the warning and the end of a visit (WCAG 2.2.1)
PROGRESS_SECONDS = 2.0  # of silence before a search says that it still runs
GREETED_SECONDS = 30.0  # of silence at the welcome until the next key is taken for a newcomer's
LONGEST_SPEECH_SECONDS = 900.0  # then the end of a narration is taken for lost


class Session:
    """One kiosk's visits, one after another."""

    def __init__(self, *, profile: ControlProfile = ARROWS, idle_seconds: int = 120) -> None:
        self.stage: Stage = Welcoming()
        self.visit_id = 1
        self._profile = profile
        self._idle_seconds = max(idle_seconds, WARNING_SECONDS + 10)
        self._artworks: tuple[ArtworkCard, ...] | None = None  # None: still being read
        self._artworks_problem: ArtworksFailed | None = None
        self._engine_ready = False
        self._engine_problem: EngineFailed | None = None
        self._speaking: str | None = None  # the id of the last narration that was asked for
        self._elapsed = 0.0  # seconds of speech, or since its end
        self._warned = False
        self._count = 0  # narrations so far

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return self._speaking is not None

    @property
    def is_awake(self) -> bool:
        """Whether it is known of list and engine that they are there, or that they will not be."""
        engine_known = self._engine_ready or self._engine_problem is not None
        return self._artworks is not None and engine_known

    def handle(self, event: Event) -> list[Action]:
        """What is to be done now that `event` has happened."""
        match event:
            case KeyPressed() | Dialled() | Picked() | OtherKey():
                return self._touched(event)
            case Focused(name):
                return [*self._silence(), self._say(name)]
            case Started():
                return [self._show(), *self._greet()]
            case ArtworksLoaded(artworks):
                self._artworks, self._artworks_problem = artworks, None
                return self._list_changed()
            case ArtworksFailed():
                self._artworks, self._artworks_problem = (), event
                return self._list_changed()
            case EngineReady():
                return self._engine_is_ready()
            case EngineFailed():
                self._engine_problem = event
                if isinstance(self.stage, Seeking):
                    return self._fail(event.spoken, event.sentence, self.stage.position)
                return []
            case MatchesReady():
                return self._matches(event)
            case SearchFailed(visit_id, artwork_id, spoken, sentence):
                seeking = self._seeking(visit_id, artwork_id)
                return self._fail(spoken, sentence, seeking.position) if seeking else []
            case LineStarted() | SpeechFinished():
                return self._heard(event)
            case Tick(seconds):
                return self._pass(seconds)
            case _:
                return []

    # --- keys ---------------------------------------------------------------------------------

    def _touched(self, event: KeyPressed | Dialled | Picked | OtherKey) -> list[Action]:
        """Any key silences first; after a warning it only asks for more time."""
        actions: list[Action] = self._silence()
        if self._warned:
            self._warned = False
            return [*actions, self._say(f"{phrases.STILL_HERE} {self._here()}")]
        match event:
            case Dialled(digit):
                return actions + self._dial(digit)
            case Picked(position):
                if self._artworks and 0 <= position < len(self._artworks):
                    return actions + self._seek(position)
                return actions + self._enter_list()
            case KeyPressed(control):
                return actions + self._press(control)
            case OtherKey():
                if self.stage == Welcoming(greeted=False):
                    return [*actions, *self._greet(), self._show()]
                return [*actions, self._say(phrases.other_key(self._profile))]

    def _press(self, control: Control) -> list[Action]:
        stage = self.stage
        if isinstance(stage, Helping):
            return self._press_in_help(stage, control)
        if control is Control.HELP:
            return self._help(stage)
        match stage:
            case Welcoming(greeted=greeted):
                if greeted and control in (Control.SELECT, Control.NEXT):
                    return self._enter_list()
                return [*self._greet(), self._show()]
            case Waiting():
                if control is Control.BACK:
                    return self._go_home()
                return self._enter_list()
            case Choosing():
                return self._press_in_list(stage, control)
            case Seeking(position=position):
                if control is Control.BACK:
                    return self._to(Choosing(position))
                return [self._say(self._progress())]
            case Reading():
                return self._press_in_result(stage, control)
            case Stuck(text=text, position=position):
                if control is not Control.BACK:
                    return [self._say(text, phrases.back_hint(self._profile))]
                return self._go_home() if position is None else self._to(Choosing(position))

    def _press_in_list(self, stage: Choosing, control: Control) -> list[Action]:
        artworks = self._artworks or ()
        match control:
            case Control.NEXT:
                return self._to(Choosing((stage.position + 1) % len(artworks)))
            case Control.PREVIOUS:
                return self._to(Choosing((stage.position - 1) % len(artworks)))
            case Control.BACK if stage.dialled:
                cleared = Choosing(stage.position)
                place = phrases.painting_said(stage.position, artworks)
                return self._to(cleared, phrases.number_cleared(place))
            case Control.BACK:
                return self._go_home()
            case _:
                known = not stage.dialled or numbered(stage.dialled, artworks) is not None
                return self._seek(stage.position) if known else self._to(stage, stage.notice)

    def _press_in_result(self, stage: Reading, control: Control) -> list[Action]:
        count = len(stage.poems)
        match control:
            case Control.NEXT:
                return self._read(Reading(stage.position, stage.poems, (stage.poem + 1) % count))
            case Control.PREVIOUS:
                return self._read(Reading(stage.position, stage.poems, (stage.poem - 1) % count))
            case Control.BACK:
                return self._to(Choosing(stage.position))
            case _:
                return self._read(replace(stage, times=stage.times + 1, spoken_line=None))

    def _press_in_help(self, stage: Helping, control: Control) -> list[Action]:
        lines = help_lines(stage.under, self._profile)
        match control:
            case Control.BACK | Control.HELP:
                self.stage = stage.under
                return [self._show(), self._say(self._here())]
            case Control.SELECT:
                return self._help(stage.under)
            case Control.NEXT:
                line = 0 if stage.line is None else (stage.line + 1) % len(lines)
            case _:
                line = (-1 if stage.line is None else stage.line - 1) % len(lines)
        return self._to(Helping(stage.under, line), lines[line])

    def _dial(self, digit: int) -> list[Action]:
        """A digit leads to the list from wherever it is pressed."""
        stage = self.stage.under if isinstance(self.stage, Helping) else self.stage
        if not self._artworks:
            return self._enter_list()
        before = stage if isinstance(stage, Choosing) else Choosing()
        dialled, found, words = dial(before.dialled, digit, self._artworks, self._profile)
        if found is not None:
            return self._to(Choosing(found, dialled, phrases.number_shown(dialled)), words)
        return self._to(Choosing(before.position, dialled, words), words)

    # --- where one can go ---------------------------------------------------------------------

    def _greet(self) -> list[Action]:
        self.stage = Welcoming(greeted=True)
        return [self._say(phrases.greeting(self._profile))]

    def _go_home(self) -> list[Action]:
        greeting = self._greet()
        return [self._show(), *greeting]

    def _enter_list(self) -> list[Action]:
        """To the list, if there is one; else words that say why not."""
        if self._artworks is None:
            return self._to(Waiting(), phrases.ARTWORKS_COMING)
        if self._artworks_problem is not None:
            problem = self._artworks_problem
            return self._fail(problem.spoken, problem.sentence, None)
        if not self._artworks:
            staff = phrases.NO_ARTWORKS_STAFF
            return self._fail(phrases.NO_ARTWORKS, staff, None, phrases.EMPTY)
        hint = phrases.choose_hint(self._profile)
        return self._to(Choosing(), phrases.painting_said(0, self._artworks), hint)

    def _seek(self, position: int) -> list[Action]:
        """Ask for the poems of the painting at `position`."""
        if self._engine_problem is not None:
            return self._fail(self._engine_problem.spoken, self._engine_problem.sentence, position)
        artwork = (self._artworks or ())[position]
        news = "" if self._engine_ready else phrases.ENGINE_LOADING
        words = f"{phrases.searching(artwork)} {news}".rstrip()
        return [*self._to(Seeking(position, news), words), Search(self.visit_id, artwork.id)]

    def _read(self, stage: Reading, artwork: ArtworkCard | None = None) -> list[Action]:
        """Show one poem and say it; `artwork` is named where the visitor has just come from it."""
        self.stage = stage
        title = artwork.title if artwork else ""
        return [self._show(), self._tell(poem_said(stage, title, self._profile, self._name()))]

    def _fail(
        self, spoken: str, sentence: str, position: int | None, heading: str = phrases.FAILED
    ) -> list[Action]:
        """Words, and a way on."""
        self.stage = Stuck(heading, spoken, sentence, position)
        return [self._show(), self._say(spoken, phrases.back_hint(self._profile))]

    def _help(self, under: Place) -> list[Action]:
        return self._to(Helping(under), help_said(under, self._profile))

    def _to(self, stage: Stage, words: str = "", hint: str = "") -> list[Action]:
        """Go to `stage`, show it, and say `words`, or else where one is."""
        self.stage = stage
        return [self._show(), self._say(words or self._here(), hint)]

    # --- what comes from elsewhere ------------------------------------------------------------

    def _list_changed(self) -> list[Action]:
        """Whoever waits for the list, or stands somewhere in the old one, begins in the new."""
        stage = self.stage.under if isinstance(self.stage, Helping) else self.stage
        if isinstance(stage, Welcoming):
            return [self._show()] if stage is self.stage else []  # a painting hangs there
        at_home = isinstance(stage, Stuck) and stage.position is None
        return [] if at_home else self._enter_list()

    def _engine_is_ready(self) -> list[Action]:
        self._engine_ready, self._engine_problem = True, None
        if isinstance(self.stage, Seeking):
            position = self.stage.position
            words = phrases.searching((self._artworks or ())[position])
            return self._to(Seeking(position), f"{phrases.ENGINE_READY} {words}")
        return []

    def _seeking(self, visit_id: int, artwork_id: int) -> Seeking | None:
        """The search that this answer belongs to, or None if nobody waits for it any more."""
        stage = self.stage.under if isinstance(self.stage, Helping) else self.stage
        if visit_id != self.visit_id or not isinstance(stage, Seeking) or not self._artworks:
            return None
        return stage if self._artworks[stage.position].id == artwork_id else None

    def _matches(self, event: MatchesReady) -> list[Action]:
        seeking = self._seeking(event.visit_id, event.artwork_id)
        if seeking is None or not self._artworks:
            return []
        artwork = self._artworks[seeking.position]
        if not event.poems:
            words = phrases.none_found(artwork)
            return self._fail(words, "", seeking.position, phrases.NOTHING)
        reading = Reading(seeking.position, event.poems)
        if isinstance(self.stage, Helping):  # let help be heard to its end; poems wait below it
            self.stage = replace(self.stage, under=reading)
            return [self._say(phrases.found(len(event.poems), artwork))]
        return self._read(reading, artwork)

    def _heard(self, event: LineStarted | SpeechFinished) -> list[Action]:
        if event.narration_id != self._speaking:
            return []
        line = event.line if isinstance(event, LineStarted) else None
        if isinstance(event, SpeechFinished):
            self._speaking, self._elapsed = None, 0.0
        stage = self.stage
        if not isinstance(stage, Reading) or stage.spoken_line == line:
            return []
        self.stage = replace(stage, spoken_line=line)
        return [self._show()]

    # --- time ---------------------------------------------------------------------------------

    def _pass(self, seconds: float) -> list[Action]:
        self._elapsed += max(seconds, 0.0)
        if self._speaking is not None:
            if self._elapsed > LONGEST_SPEECH_SECONDS:
                self._speaking, self._elapsed = None, 0.0
            return []
        match self.stage:
            case Seeking():
                due = self._elapsed >= PROGRESS_SECONDS
                return [self._say(self._progress())] if due else []
            case Welcoming(greeted=greeted):
                return self._leave(quietly=True) if greeted and self._newcomer() else []
        if self._warned:
            return self._leave(quietly=False) if self._elapsed >= WARNING_SECONDS else []
        if self._elapsed >= self._idle_seconds - WARNING_SECONDS:
            self._warned = True
            return [self._say(phrases.idle_warning(WARNING_SECONDS))]
        return []

    def _newcomer(self) -> bool:
        return self._elapsed >= GREETED_SECONDS

    def _leave(self, *, quietly: bool) -> list[Action]:
        """End the visit and forget all of it."""
        self.visit_id += 1
        self.stage = Welcoming()
        self._warned, self._speaking, self._elapsed = False, None, 0.0
        actions: list[Action] = [StopSpeech(), Reset(self.visit_id), self._show()]
        return actions if quietly else [*actions, self._say(phrases.GOODBYE)]

    # --- words and pictures -------------------------------------------------------------------

    def _silence(self) -> list[Action]:
        self._speaking, self._elapsed = None, 0.0
        return [StopSpeech()]

    def _name(self) -> str:
        """A new narration's id."""
        self._count += 1
        return f"{self.visit_id}-{self._count}"

    def _say(self, text: str, hint: str = "") -> Action:
        return self._tell(announce(text, hint=hint, narration_id=self._name()))

    def _tell(self, narration: Narration) -> Action:
        self._speaking, self._elapsed = narration.id, 0.0
        return Say(narration)

    def _show(self) -> Action:
        return Show(screen_of(self.stage, self._artworks or (), self._profile))

    def _progress(self) -> str:
        return phrases.STILL_LOOKING if self._engine_ready else phrases.STILL_WAKING

    def _here(self) -> str:
        return where(self.stage, self._artworks or (), self._profile)
