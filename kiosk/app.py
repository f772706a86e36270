"""Builds the kiosk and wires it; nothing else does.

1. Keys, clicks, speech, finished work and the clock become events for the session, all on the GUI
   thread.
2. The session's actions are carried out in order: said, shown, sought.
3. Store and model are loaded by the worker; the first screen and the first word wait for neither.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from engine.errors import KnownError
from kiosk.config import Settings
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
from kiosk.narration import Narration, SegmentKind
from kiosk.ports import Answer, Matcher, Voice
from kiosk.screen_reader import Lookout, announce
from kiosk.session import Session
from kiosk.speech.beside_screen_reader import BesideScreenReader, self_voiced
from kiosk.speech.speaker import Priority, Speaker, SpeechEvent, SpeechEventKind
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow

TICK_MS = 500  # how often the session is told that time passes

_log = logging.getLogger(__name__)


class Relay(QObject):
    """Brings speech events from the speech thread to the GUI thread."""

    heard = Signal(object)

    def __call__(self, event: SpeechEvent) -> None:
        """The listener that a speaker calls on its own thread."""
        self.heard.emit(event)


class SpeakerVoice:
    """The speaker as the kiosk uses it: said in order, silenced at once."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def say(self, narration: Narration) -> None:
        """Speak this after what was asked for before."""
        self._speaker.say(narration, Priority.NORMAL)

    def stop(self) -> None:
        """Silence, and forget what was still to be said."""
        self._speaker.stop()

    def reset(self) -> None:
        """For the next visitor: silence, and voice, speed and volume as at the start."""
        self._speaker.reset()

    def close(self) -> None:
        """Let go of the device."""
        self._speaker.close()


@dataclass(frozen=True, slots=True)
class ReaderShare:
    """What staff chose for the time that a screen reader runs, and whether one does."""

    choice: BesideScreenReader
    lookout: Lookout

    def speaks(self, kind: SegmentKind) -> bool:
        """Whether a segment is the reader's part."""
        return not self_voiced(kind, self.choice, running=self.lookout.running)


class Kiosk(QObject):
    """One kiosk at work: the session, and what carries out its actions."""

    done = Signal(object)  # an Action, after it was carried out

    def __init__(
        self,
        *,
        session: Session,
        window: KioskWindow,
        voice: Voice,
        relay: Relay,
        tasks: Tasks,
        make_matcher: Callable[[], Matcher],
        reader: ReaderShare | None = None,
    ) -> None:
        """Without a `reader` the kiosk's own voice says everything."""
        super().__init__()
        self._reader = reader
        self.session = session
        self.window = window
        self._voice = voice
        self._relay = relay
        self._tasks = tasks
        self._make_matcher = make_matcher
        self._matcher: Matcher | None = None
        self._narrations: dict[str, Narration] = {}  # asked for, and not yet heard to their end
        self._latest_search: Search | None = None
        self._clock = monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        window.pressed.connect(lambda control: self.handle(KeyPressed(control)))
        window.dialled.connect(lambda digit: self.handle(Dialled(digit)))
        window.picked.connect(lambda position: self.handle(Picked(position)))
        window.focused.connect(lambda name: self.handle(Focused(name)))
        window.other_key.connect(lambda: self.handle(OtherKey()))
        relay.heard.connect(self._heard, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Say and show the welcome, then let the worker fetch store and model."""
        self.handle(Started())
        self._clock = monotonic()
        self._timer.start()
        self._tasks.run_task(self._open_collection, self._collection, self._no_collection)

    def close(self) -> None:
        """Fall silent and let go of everything."""
        self._timer.stop()
        self._voice.close()
        self._tasks.close()

    def handle(self, event: Event) -> None:
        """Tell the session, and do what it asks for."""
        for action in self.session.handle(event):
            self._do(action)
            self.done.emit(action)

    def _do(self, action: Action) -> None:
        match action:
            case Say(narration):
                if self._reader is not None:
                    self._reader.lookout.look()
                self._narrations[narration.id] = narration
                self._voice.say(narration)
            case StopSpeech():
                self._narrations.clear()
                self._voice.stop()
            case Show(screen):
                self.window.show_screen(screen)
            case Search():
                self._search(action)
            case Reset():
                self._latest_search = None
                self._voice.reset()

    # --- the worker ---------------------------------------------------------------------------

    def _open_collection(self) -> ArtworksLoaded:
        """On the worker."""
        self._matcher = self._make_matcher()
        return ArtworksLoaded(tuple(self._matcher.artworks()))

    def _collection(self, event: ArtworksLoaded) -> None:
        self.handle(event)
        self._tasks.run_task(self._load, lambda _: self.handle(EngineReady()), self._no_engine)

    def _no_collection(self, problem: Exception) -> None:
        spoken, sentence = _words(problem)
        self.handle(ArtworksFailed(spoken, sentence))
        self.handle(EngineFailed(spoken, sentence))

    def _load(self) -> None:
        """On the worker."""
        if self._matcher is not None:
            self._matcher.load()

    def _no_engine(self, problem: Exception) -> None:
        self.handle(EngineFailed(*_words(problem)))

    def _search(self, search: Search) -> None:
        self._latest_search = search
        visit_id, artwork_id = search.visit_id, search.artwork_id

        def work() -> Answer | None:
            """On the worker; a search that nobody waits for any more is not begun."""
            if self._matcher is None or self._latest_search is not search:
                return None
            return self._matcher.match_artwork(artwork_id)

        def then(answer: Answer | None) -> None:
            if answer is not None:
                self.handle(MatchesReady(visit_id, artwork_id, tuple(answer.matches)))

        def failed(problem: Exception) -> None:
            self.handle(SearchFailed(visit_id, artwork_id, *_words(problem)))

        self._tasks.run_task(work, then, failed)

    # --- speech and time ----------------------------------------------------------------------

    def _heard(self, event: SpeechEvent) -> None:
        narration = self._narrations.get(event.narration_id)
        match event.kind:
            case SpeechEventKind.STARTED if narration is not None:
                self._share(narration, event.segment_id)
                lines = {segment.id: segment.line for segment in narration.segments}
                line = lines.get(event.segment_id or "")
                if line is not None:
                    self.handle(LineStarted(event.narration_id, line))
            case SpeechEventKind.DONE | SpeechEventKind.CANCELLED:
                self._narrations.pop(event.narration_id, None)
                self.handle(SpeechFinished(event.narration_id))
            case SpeechEventKind.PROBLEM:
                _log.warning("%s", event.sentence)

    def _share(self, narration: Narration, segment_id: str | None) -> None:
        """Hand to the screen reader what is its part."""
        reader = self._reader
        for segment in narration.segments if reader is not None else ():
            if segment.id == segment_id and reader is not None and reader.speaks(segment.kind):
                announce(self.window, segment.text)

    def _tick(self) -> None:
        now = monotonic()
        passed, self._clock = now - self._clock, now
        self.handle(Tick(passed))


def _words(problem: Exception) -> tuple[str, str]:
    """What a visitor hears and what staff read. A bug keeps its traceback in the log."""
    if isinstance(problem, KnownError):
        return problem.spoken, problem.sentence
    _log.error("a bug, met while working for a visitor", exc_info=problem)
    return KnownError.default_spoken, f"{type(problem).__name__}: {problem}"


def open_matcher(settings: Settings) -> Matcher:
    """Store and engine of this machine; nothing heavy is loaded before it is asked for."""
    from kiosk.matching import MatchService
    from kiosk.store.database import open_store

    return MatchService(settings, open_store(settings.store_path))


def hear_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """What Qt says to itself belongs in the log, not in front of staff; what ends it does not."""
    level = logging.DEBUG if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.INFO
    _log.log(logging.CRITICAL if kind is QtMsgType.QtFatalMsg else level, "Qt: %s", text)


def run_kiosk(settings: Settings, *, windowed: bool) -> int:
    """Open the window and stay until it is closed. Needs a display (`kiosk.display`)."""
    from kiosk.speech.beside_screen_reader import SharingSynthesiser
    from kiosk.speech.cached_synthesiser import open_cached
    from kiosk.speech.sound_out import open_sound
    from kiosk.speech.sound_route import SoundRoute
    from kiosk.speech.to_file import speech_settings

    logging.basicConfig(format="ekphrasis: %(message)s", level=logging.WARNING)
    before = qInstallMessageHandler(hear_qt)
    application = QApplication([sys.argv[0]])
    window = KioskWindow(theme_name=settings.theme, viewing_cm=settings.viewing_distance_cm)
    if windowed:
        window.resize(1280, 800)
        window.show()
    else:
        window.setGeometry(window.screen().geometry())  # where no window manager would do it
        window.showFullScreen()
        window.activateWindow()
    spoken = speech_settings(settings)
    route = SoundRoute(settings.sound_device, settings.loudspeaker_ceiling)
    sound = open_sound(spoken, route=route)
    if not sound.audible:
        print(f"ekphrasis: {sound.sentence}", file=sys.stderr)  # noqa: T201
    relay = Relay()
    reader = ReaderShare(BesideScreenReader(settings.beside_screen_reader), Lookout())
    reader.lookout.look()
    voice = SharingSynthesiser(open_cached(settings), reader.choice, lambda: reader.lookout.running)
    kiosk = Kiosk(
        session=Session(idle_seconds=settings.idle_seconds),
        window=window,
        voice=SpeakerVoice(Speaker(voice, sound.player, relay, spoken)),
        relay=relay,
        tasks=Tasks(),
        make_matcher=lambda: open_matcher(settings),
        reader=reader,
    )
    window.closed.connect(application.quit)
    for number in (signal.SIGINT, signal.SIGTERM):  # noticed at the next tick
        signal.signal(number, lambda *_: application.quit())
    kiosk.start()
    try:
        return application.exec()
    finally:
        kiosk.close()
        route.close()
        window.close()
        qInstallMessageHandler(before)
