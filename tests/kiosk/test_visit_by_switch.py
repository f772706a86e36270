"""A visitor with one switch, or with two, hears a poem: the whole kiosk, by that switch alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PIL.Image import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.app import Kiosk, Relay, SpeakerVoice
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import PROFILES, Control
from kiosk.screens import ResultScreen
from kiosk.session import Session
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.speaker import Speaker
from kiosk.tasks import Tasks
from kiosk.ui.hint_bar import HintButton
from kiosk.ui.window import KioskWindow

LINES = ("The sea is calm to-night.", "The tide is full, the moon lies fair")
POEM = MatchedPoem(1, 1, 1, "Dover Beach", "Arnold", LINES, "en", LINES, 0.9, 0.4)
WORKS = (ArtworkCard(1, "1", "Wave", "Hokusai"), ArtworkCard(2, "2", "Snow", "Bruegel"))


@dataclass
class Found:
    matches: tuple[MatchedPoem, ...] = (POEM,)
    fits: bool = True
    needs_reasons: bool = False


class Known:
    """Two works that were ranked ahead."""

    def artworks(self) -> tuple[ArtworkCard, ...]:
        return WORKS

    def load(self) -> None:
        """Nothing is needed."""

    def known(self, artwork_id: int, language: str) -> Found:
        return Found()

    def unranked(self) -> list[int]:
        return []

    def rank(self, artwork_id: int) -> None:
        self.match_artwork(artwork_id, language="en")

    def match_artwork(self, artwork_id: int, *, language: str) -> Found:
        return Found()

    def match_picture(self, picture: Image, *, language: str) -> Found:
        return Found()


@pytest.mark.parametrize("name", ["one switch", "two switches"])
def test_a_poem_is_reached_and_left_by_switches_alone(name: str, qtbot: QtBot) -> None:
    profile = PROFILES[name]
    window = KioskWindow(profile=profile)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    relay = Relay()
    player = Player(lambda: RecorderSink(None, paced=False))
    kiosk = Kiosk(
        session=Session(profile=profile),
        window=window,
        voice=SpeakerVoice(Speaker(SilenceSynthesiser(), player, relay)),
        relay=relay,
        tasks=Tasks(),
        make_matcher=Known,
        scan_seconds=0.5,
    )

    def offered(control: Control) -> Callable[[], bool]:
        def there() -> bool:
            focus = window.focusWidget()
            return isinstance(focus, HintButton) and focus.control is control

        return there

    def press(key: Qt.Key) -> None:
        QTest.keyClick(window.focusWidget() or window, key)

    def take(control: Control) -> None:
        """Wait for the offer, or move on to it, and take it."""
        press(Qt.Key.Key_Space)
        if profile.switches == 1:
            qtbot.waitUntil(offered(control), timeout=15_000)
            press(Qt.Key.Key_Space)
        else:
            for _ in range(12):
                if offered(control)():
                    break
                press(Qt.Key.Key_Space)
            assert offered(control)()
            press(Qt.Key.Key_Return)

    def shows(kind: type) -> Callable[[], bool]:
        return lambda: isinstance(window.screen_widget.model, kind)

    try:
        kiosk.start()
        qtbot.waitUntil(lambda: kiosk.session.is_awake)
        press(Qt.Key.Key_Space)  # wakes the kiosk
        for _ in range(4):  # the welcome, how to choose, which one
            if shows(ResultScreen)():
                break
            take(Control.SELECT)
            qtbot.wait(100)
        qtbot.waitUntil(shows(ResultScreen))
        take(Control.BACK)
        qtbot.waitUntil(lambda: not shows(ResultScreen)())
        take(Control.HELP)
    finally:
        kiosk.close()
