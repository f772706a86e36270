"""The kiosk wired together: real window, session, speaker and worker; a matcher stands in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL.Image import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.errors import BundleError, KnownError
from kiosk import demo_visit
from kiosk.app import Kiosk, Relay, SpeakerVoice
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.config import Settings
from kiosk.demo_visit import poems_as_text, record_visit
from kiosk.events import Action, Say, StopSpeech
from kiosk.ports import Matcher
from kiosk.screens import ChooseScreen, MessageScreen, ResultScreen
from kiosk.session import Session
from kiosk.speech.findings import Finding
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.speaker import Speaker
from kiosk.stages import Choosing, Reading, Seeking, Stuck
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow

WORKS = (ArtworkCard(1, "1", "Wave", "Hokusai"), ArtworkCard(2, "2", "Snow", "Bruegel"))
LINES = ("The sea is calm to-night.", "The tide is full, the moon lies fair")
POEMS = tuple(
    MatchedPoem(n, n, n, f"Poem {n}", "A Poet", LINES, "en", LINES, 0.5, 0.4) for n in range(1, 6)
)


@dataclass
class Found:
    matches: tuple[MatchedPoem, ...]
    fits: bool = True
    needs_reasons: bool = False


@dataclass
class SlowMatcher:
    """Answers when it is let; remembers on which thread it was asked."""

    works: tuple[ArtworkCard, ...] = WORKS
    problem: Exception | None = None
    may_load: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)
    asked: list[int] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    ranked: dict[int, Found] = field(default_factory=dict)
    pictures: list[Image] = field(default_factory=list)

    def artworks(self) -> tuple[ArtworkCard, ...]:
        self.threads.add(threading.current_thread().name)
        return self.works

    def load(self) -> None:
        self.may_load.wait(10)
        if self.problem is not None:
            raise self.problem

    def known(self, artwork_id: int, language: str) -> Found | None:
        return self.ranked.get(artwork_id)

    def unranked(self) -> list[int]:
        return [work.id for work in self.works if work.id not in self.ranked]

    def rank(self, artwork_id: int) -> None:
        self.match_artwork(artwork_id, language="en")

    def match_picture(self, picture: Image, *, language: str) -> Found:
        self.pictures.append(picture)
        return Found(POEMS, fits=False)

    def match_artwork(self, artwork_id: int, *, language: str) -> Found:
        self.asked.append(artwork_id)
        if self.problem is not None:  # as the real one, which cannot match without its model
            raise self.problem
        self.may_answer.wait(10)
        self.threads.add(threading.current_thread().name)
        return Found(POEMS)


Made = tuple[Kiosk, list[Action]]


@pytest.fixture
def make_kiosk(qtbot: QtBot) -> Iterator[Callable[[Matcher], Made]]:
    kiosks: list[Kiosk] = []

    def make(matcher: Matcher) -> Made:
        window = KioskWindow()
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        relay = Relay()
        player = Player(lambda: RecorderSink(None, paced=False))
        kiosk = Kiosk(
            session=Session(),
            window=window,
            voice=SpeakerVoice(Speaker(SilenceSynthesiser(), player, relay)),
            relay=relay,
            tasks=Tasks(),
            make_matcher=lambda: matcher,
        )
        actions: list[Action] = []
        kiosk.done.connect(actions.append)
        kiosks.append(kiosk)
        kiosk.start()
        return kiosk, actions

    yield make
    for kiosk in kiosks:
        kiosk.close()


def at(kiosk: Kiosk, place: type) -> Callable[[], bool]:
    return lambda: isinstance(kiosk.session.stage, place)


def press(kiosk: Kiosk, key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClick(kiosk.window.focusWidget() or kiosk.window, key)


def test_the_first_word_and_the_list_do_not_wait_for_the_model(
    make_kiosk: Callable[[Matcher], Made], qtbot: QtBot
) -> None:
    matcher = SlowMatcher()
    matcher.may_answer.set()
    kiosk, actions = make_kiosk(matcher)
    assert any(isinstance(action, Say) for action in actions)
    press(kiosk)
    qtbot.waitUntil(at(kiosk, Choosing))
    press(kiosk)
    assert at(kiosk, Seeking)()
    assert matcher.asked == []
    matcher.may_load.set()
    qtbot.waitUntil(at(kiosk, Reading))
    assert matcher.threads == {"worker"}


def test_lines_are_marked_as_they_are_heard_and_the_visit_goes_on(
    make_kiosk: Callable[[Matcher], Made], qtbot: QtBot
) -> None:
    matcher = SlowMatcher()
    matcher.may_load.set()
    matcher.may_answer.set()
    kiosk, _ = make_kiosk(matcher)
    marks: list[int | None] = []
    kiosk.done.connect(
        lambda action: (
            marks.append(action.screen.spoken_line)
            if isinstance(getattr(action, "screen", None), ResultScreen)
            else None
        )
    )
    press(kiosk)
    qtbot.waitUntil(at(kiosk, Choosing))
    press(kiosk)
    qtbot.waitUntil(at(kiosk, Reading))
    qtbot.waitUntil(lambda: not kiosk.session.speaking)
    assert marks == [None, 0, 1, None]


def test_any_key_silences_before_anything_else(
    make_kiosk: Callable[[Matcher], Made], qtbot: QtBot
) -> None:
    matcher = SlowMatcher()
    matcher.may_load.set()
    kiosk, actions = make_kiosk(matcher)
    actions.clear()
    press(kiosk, Qt.Key.Key_Z)
    assert actions[0] == StopSpeech()


def test_a_search_that_was_left_is_never_begun_and_its_poems_never_shown(
    make_kiosk: Callable[[Matcher], Made], qtbot: QtBot
) -> None:
    matcher = SlowMatcher()
    kiosk, _ = make_kiosk(matcher)
    press(kiosk)
    qtbot.waitUntil(at(kiosk, Choosing))
    press(kiosk)
    press(kiosk, Qt.Key.Key_Escape)
    press(kiosk, Qt.Key.Key_Right)
    press(kiosk)
    matcher.may_load.set()
    matcher.may_answer.set()
    qtbot.waitUntil(at(kiosk, Reading))
    assert matcher.asked == [2]


def test_a_model_that_cannot_be_loaded_has_words_and_a_way_back(
    make_kiosk: Callable[[Matcher], Made], qtbot: QtBot
) -> None:
    matcher = SlowMatcher(problem=BundleError("heads.safetensors has another sha256."))
    matcher.may_load.set()
    kiosk, _ = make_kiosk(matcher)
    qtbot.waitUntil(lambda: kiosk.session.is_awake)
    press(kiosk)
    press(kiosk)
    qtbot.waitUntil(at(kiosk, Stuck))
    screen = kiosk.window.screen_widget.model
    assert isinstance(screen, MessageScreen)
    assert "another sha256" in screen.for_staff
    assert "cannot look for poems" in screen.text
    press(kiosk, Qt.Key.Key_Escape)
    assert at(kiosk, Choosing)()


def test_a_bug_behind_the_window_is_logged_and_the_kiosk_lives(
    make_kiosk: Callable[[Matcher], Made], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    matcher = SlowMatcher(problem=ZeroDivisionError("a bug"))
    matcher.may_load.set()
    kiosk, _ = make_kiosk(matcher)
    qtbot.waitUntil(lambda: kiosk.session.is_awake)
    assert "ZeroDivisionError" in caplog.text
    press(kiosk)
    assert isinstance(kiosk.window.screen_widget.model, ChooseScreen)


def test_a_visit_plays_by_itself_into_files(qtbot: QtBot, tmp_path: Path) -> None:
    matcher = SlowMatcher()
    matcher.may_load.set()
    matcher.may_answer.set()
    settings = Settings(data_dir=tmp_path)
    kept = record_visit(settings, tmp_path, lambda: matcher, SilenceSynthesiser())
    assert kept.trouble == ""
    names = [path.name for path in kept.screens]
    assert names == [
        "1-welcome.png",
        "2-choose.png",
        "3-searching.png",
        "4-poem-1.png",
        "5-poem-2.png",
        "6-poem-3.png",
        "7-help.png",
    ]
    assert all(path.stat().st_size > 2000 for path in kept.screens)
    assert kept.sound is not None
    assert kept.sound.stat().st_size > 20 * 22050 * 2  # at least twenty seconds of sound
    text = poems_as_text(kept.poems)
    assert text.startswith("Poems for Wave (Hokusai)")
    assert text.count("The sea is calm to-night.") == 3


def test_a_visit_to_an_empty_collection_says_why_it_ended(qtbot: QtBot, tmp_path: Path) -> None:
    matcher = SlowMatcher(works=())
    matcher.may_load.set()
    kept = record_visit(Settings(data_dir=tmp_path), tmp_path, lambda: matcher, None)
    assert "artworks import" in kept.trouble
    assert not kept.failed
    assert kept.sound is None
    assert kept.poems == ()


def test_a_visit_that_meets_a_broken_model_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    matcher = SlowMatcher(problem=BundleError("heads.safetensors has another sha256."))
    matcher.may_load.set()
    kept = record_visit(Settings(data_dir=tmp_path), tmp_path, lambda: matcher, None)
    assert "another sha256" in kept.trouble
    assert kept.failed
    assert [path.name for path in kept.screens][-1].endswith("message.png")


def test_without_a_voice_a_visit_is_played_and_says_what_is_missing(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    matcher = SlowMatcher()
    matcher.may_load.set()
    matcher.may_answer.set()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(
        demo_visit, "describe_voices", lambda *_: Finding(False, "No voice is installed.")
    )
    monkeypatch.setattr(demo_visit, "open_matcher", lambda _settings: matcher)
    assert demo_visit.play_visit(Settings(data_dir=tmp_path)) == 0
    printed = capsys.readouterr()
    assert "No voice is installed. The visit is played without sound." in printed.err
    assert "Poem 3 of 5: Poem 3, by A Poet" in printed.out
    folder = tmp_path / "demo-visit"
    assert str(folder) in printed.out
    assert not (folder / "visit.wav").exists()
    assert (folder / "poems.txt").read_text(encoding="utf-8").count("The tide is full") == 3


def test_a_folder_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "demo-visit").write_text("in the way")
    with pytest.raises(KnownError, match="demo-visit cannot be written"):
        demo_visit.play_visit(Settings(data_dir=tmp_path))
