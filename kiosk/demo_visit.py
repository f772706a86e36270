"""One visit that plays by itself where there is no display.

The same window, session and voice as for a visitor, driven by the same keys: the screens are drawn
into memory and kept as PNGs, the sound goes into a wav, faster than it could be heard, and the
poems are printed. Each step waits until what was said before has been said to its end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.errors import KnownError
from kiosk.app import Kiosk, Relay, SpeakerVoice, hear_qt, open_matcher, open_session
from kiosk.config import Settings
from kiosk.controls import Control
from kiosk.events import Action, KeyPressed, Show
from kiosk.narration import Narration
from kiosk.ports import Matcher
from kiosk.screens import ResultScreen
from kiosk.speech.findings import describe_voices
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.speaker import Speaker
from kiosk.speech.synthesiser import Synthesiser
from kiosk.speech.synthesisers import open_synthesiser
from kiosk.speech.to_file import speech_settings
from kiosk.stages import Choosing, Reading, Seeking, Stage, Stuck, Waiting, Welcoming
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow
from kiosk.words.catalogue import words_in
from kiosk.words.marked import plain

SIZE = (1280, 800)  # of the screens that are kept, in pixels
POEMS = 3  # how many are read
REST_MS = 900  # of silence between two things that are said
PATIENCE_S = 600.0  # then the visit is taken for stuck; the first loading may take long
LOOK_MS = 20  # how often a step looks whether its time has come

Waits = Iterator[Callable[[], bool]]


class RestingVoice(SpeakerVoice):
    """Leaves a rest after each narration, since the recorder knows no time between them."""

    def say(self, narration: Narration, first: int = 0) -> None:
        """Speak this, then rest."""
        *segments, last = narration.segments
        rested = replace(narration, segments=(*segments, replace(last, pause_ms=REST_MS)))
        super().say(rested, first)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a visit left behind."""

    screens: tuple[Path, ...]
    sound: Path | None
    poems: tuple[ResultScreen, ...]
    trouble: str  # why it ended early; "" when it did not
    failed: bool  # whether something is broken; an empty collection is not


class Visit:
    """The visitor who presses the keys."""

    def __init__(self, kiosk: Kiosk, folder: Path) -> None:
        self.kiosk = kiosk
        self.screens: list[Path] = []
        self.poems: list[ResultScreen] = []
        self.trouble = ""
        self.failed = False
        self._folder = folder
        self._shown: set[str] = set()
        self._loop = QEventLoop()
        self._steps = self._walk()
        self._until: Callable[[], bool] = lambda: True
        self._began = monotonic()
        kiosk.done.connect(self._after)

    def play(self) -> None:
        """The whole visit. Returns when it is over."""
        timer = QTimer()
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self._look)
        timer.start()
        self.kiosk.start()
        self._loop.exec()
        timer.stop()

    def _walk(self) -> Waits:
        """The visit as a story. Each `yield` waits for what stands beside it."""
        session = self.kiosk.session
        yield lambda: session.is_awake and not session.speaking
        self._keep("welcome")
        if session.stage == Welcoming(greeted=False):  # loading took so long that it fell asleep
            self._press(Control.SELECT)
            yield lambda: not session.speaking
        self._press(Control.SELECT)
        yield lambda: not session.speaking and not self._at(Waiting)
        if not self._at(Choosing):
            return self._give_up()
        self._keep("choose")
        self._press(Control.SELECT)
        if self._at(Seeking):
            self._keep("searching")
        yield lambda: not self._at(Seeking)
        stage = session.stage
        if not isinstance(stage, Reading):
            yield lambda: not session.speaking
            return self._give_up()
        for number in range(min(POEMS, len(stage.poems))):
            if number:
                self._press(Control.NEXT)
            yield lambda: not session.speaking
        self._press(Control.HELP)
        yield lambda: not session.speaking
        self._keep("help")
        for _ in range(3):  # out of help, out of the poems, home
            self._press(Control.BACK)
        yield lambda: not session.speaking
        if not self._at(Welcoming):
            self.trouble, self.failed = "The visit did not come home.", True
        return None

    def _give_up(self) -> None:
        stage = self.kiosk.session.stage
        self._keep("message")
        empty = words_in(self.kiosk.session.preferences.language)("empty")
        self.failed = not isinstance(stage, Stuck) or stage.heading != empty
        if isinstance(stage, Stuck):
            self.trouble = " ".join(part for part in (plain(stage.text), stage.for_staff) if part)
        else:
            self.trouble = "The visit came to a place where it should not be."

    def _look(self) -> None:
        if monotonic() - self._began > PATIENCE_S:
            self.trouble = f"The visit was not over after {PATIENCE_S:.0f} seconds."
            self.failed = True
            self._loop.quit()
        elif self._until():
            try:
                self._until = next(self._steps)
            except StopIteration:
                self._loop.quit()

    def _at(self, place: type[Stage]) -> bool:
        return isinstance(self.kiosk.session.stage, place)

    def _press(self, control: Control) -> None:
        self.kiosk.handle(KeyPressed(control))

    def _after(self, action: Action) -> None:
        """Keep the poems, each with a picture of the screen while it is being read."""
        if not isinstance(action, Show) or not isinstance(action.screen, ResultScreen):
            return
        screen = action.screen
        if screen.spoken_line is None:
            if screen.place not in self._shown:
                self._shown.add(screen.place)
                self.poems.append(screen)
        elif screen.spoken_line >= min(2, len(screen.lines) - 1):
            name = f"poem-{len(self.poems)}"
            if name not in self._shown:
                self._shown.add(name)
                self._keep(name)

    def _keep(self, name: str) -> None:
        path = self._folder / f"{len(self.screens) + 1}-{name}.png"
        if not self.kiosk.window.picture().save(str(path)):
            raise KnownError(f"{path} cannot be written; free some disk space and run again.")
        self.screens.append(path)


def record_visit(
    settings: Settings, folder: Path, matcher: Callable[[], Matcher], voice: Synthesiser | None
) -> Kept:
    """Play a visit into `folder`. Without a voice no sound is kept. Needs a QApplication."""
    sound = folder / "visit.wav" if voice is not None else None
    spoken = speech_settings(settings)
    player = Player(lambda: RecorderSink(sound, paced=False), volume=spoken.volume)
    relay = Relay()
    window = KioskWindow(theme_name=settings.theme, viewing_cm=settings.viewing_distance_cm)
    window.resize(*SIZE)
    window.show()
    kiosk = Kiosk(
        session=open_session(settings),
        window=window,
        voice=RestingVoice(Speaker(voice or SilenceSynthesiser(), player, relay, spoken)),
        relay=relay,
        tasks=Tasks(),
        make_matcher=matcher,
    )
    visit = Visit(kiosk, folder)
    try:
        visit.play()
    finally:
        kiosk.close()
        window.close()
    return Kept(tuple(visit.screens), sound, tuple(visit.poems), visit.trouble, visit.failed)


def play_visit(settings: Settings) -> int:
    """Play one visit into `demo-visit/` of the data directory, and say what is where."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder = settings.data_dir / "demo-visit"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob("*.png"), *folder.glob("*.wav"), *folder.glob("*.txt")):
            old.unlink()
    except OSError as problem:
        raise KnownError(
            f"{folder} cannot be written ({problem.strerror}); free it, or set data_dir."
        ) from None
    before = qInstallMessageHandler(hear_qt)
    try:
        kept = _play(settings, folder)
    finally:
        qInstallMessageHandler(before)
    text = poems_as_text(kept.poems)
    if text:
        print(text)  # noqa: T201
        (folder / "poems.txt").write_text(text + "\n", encoding="utf-8")
    print(f"The screens are in {folder}, {len(kept.screens)} PNG files.")  # noqa: T201
    if kept.sound is not None:
        print(f"What is heard is in {kept.sound}.")  # noqa: T201
    if kept.trouble:
        _note(f"The visit ended early: {kept.trouble}")
    return int(kept.failed)


def _play(settings: Settings, folder: Path) -> Kept:
    """With what voice there is, and the store and model of this machine."""
    voice = open_synthesiser(settings)
    finding = describe_voices(settings.language, voice)
    if not finding.ok:
        voice.close()
        _note(f"{finding.sentence} The visit is played without sound.")
    application = QApplication.instance() or QApplication([sys.argv[0]])
    _note("A visit is being played. Loading the model takes a moment.")
    heard = voice if finding.ok else None
    kept = record_visit(settings, folder, lambda: open_matcher(settings), heard)
    del application
    return kept


def poems_as_text(poems: tuple[ResultScreen, ...]) -> str:
    """The poems of a visit as one reads them at a terminal."""
    parts: list[str] = []
    for screen in poems:
        if not parts:
            made = ", ".join(p for p in (screen.artwork.artist, screen.artwork.date) if p)
            parts.append(f"Poems for {screen.artwork.title}" + (f" ({made})" if made else ""))
        extent = f" ({screen.extent})" if screen.extent else ""
        head = f"{screen.place}: {screen.poem.title}, by {screen.poem.poet}{extent}"
        parts.append("\n".join([head, "", *(f"    {line}".rstrip() for line in screen.lines)]))
    return "\n\n".join(parts)


def _note(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201
