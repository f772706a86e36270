"""A kiosk whose story is scripted: real window, speaker, worker and eye, and what it is made of.

The session is scripted, since what is asked for and when is the story's matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image
from pytestqt.qtbot import QtBot

from engine import Reason
from kiosk.app import Kiosk, Relay, SpeakerVoice
from kiosk.camera.eye import CameraEye
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import PROFILES, ControlProfile
from kiosk.events import Action, Event, Tick
from kiosk.preferences import VoiceChoice
from kiosk.session import Session
from kiosk.speech.headset import HeadsetWatch
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.speaker import Speaker
from kiosk.speech.synthesiser import SpeechSettings
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow

LINES = ("The sea is calm to-night.",)
POEM = MatchedPoem(1, 1, 1, "Dover Beach", "Arnold", LINES, "en", LINES, 0.9, 0.4)
WORK = ArtworkCard(3, "3", "Wave")


class Script(Session):
    """Remembers what happens; asks for whatever the test has asked it to."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []

    def handle(self, event: Event) -> list[Action]:
        if not isinstance(event, Tick):
            self.events.append(event)
        return []

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Found:
    matches: tuple[MatchedPoem, ...] = (POEM,)
    fits: bool = True
    needs_reasons: bool = False


@dataclass
class OneWork:
    """A collection of one; what it is asked is kept."""

    known_already: bool = False
    load_s: float = 0.0
    problem: Exception | None = None
    asked: list[object] = field(default_factory=list)
    reason: Reason | None = None  # what it finds, where it has to look for it

    def artworks(self) -> tuple[ArtworkCard, ...]:
        return (WORK,)

    def load(self) -> None:
        time.sleep(self.load_s)
        if self.problem is not None:
            raise self.problem

    def known(self, artwork_id: int, language: str) -> Found | None:
        return Found() if self.known_already else None

    def unranked(self) -> list[int]:
        return [] if self.known_already else [WORK.id]

    def rank(self, artwork_id: int) -> None:
        self.match_artwork(artwork_id, language="en")

    def match_artwork(self, artwork_id: int, *, language: str) -> Found:
        self.asked.append(artwork_id)
        self.known_already = True
        return Found(needs_reasons=self.reason is not None)

    def match_picture(self, picture: Image.Image, *, language: str) -> Found:
        self.asked.append(picture.size)
        return Found(fits=False, needs_reasons=self.reason is not None)

    def explain(self, answer: Found) -> Found:
        if self.reason is None:
            raise ZeroDivisionError("a bug")
        return Found((replace(answer.matches[0], reason=self.reason),))


@dataclass
class Stage:
    """A kiosk, and what it is made of."""

    kiosk: Kiosk
    script: Script
    speaker: Speaker
    matcher: OneWork
    kept: list[ControlProfile]
    headset: list[bool]  # one: whether it is plugged in

    def do(self, *actions: Action) -> None:
        for action in actions:
            self.kiosk._do(action)


def scripted_kiosks(qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    """Makes them, and closes them when all is over."""
    opened: list[Stage] = []

    def made(
        matcher: OneWork | None = None, video: Path | None = None, profile: str = "arrows"
    ) -> Stage:
        window = KioskWindow(profile=PROFILES[profile])
        qtbot.addWidget(window)
        window.resize(1024, 600)
        window.show()
        relay = Relay()
        speaker = Speaker(
            SilenceSynthesiser(),
            Player(lambda: RecorderSink(None, paced=True)),
            relay,
            SpeechSettings(volume=0.8),
        )
        script, found_in = Script(), matcher or OneWork()
        kept: list[ControlProfile] = []
        headset = [False]
        kiosk = Kiosk(
            session=script,
            window=window,
            voice=SpeakerVoice(speaker),
            relay=relay,
            tasks=Tasks(),
            make_matcher=lambda: found_in,
            list_voices=lambda: (VoiceChoice("v", "Voice", "en"),),
            headset=HeadsetWatch(lambda: headset[0]),
            eye=CameraEye(video=str(video)) if video else None,
            keep_profile=kept.append,
            scan_seconds=0.5,
        )
        stage = Stage(kiosk, script, speaker, found_in, kept, headset)
        opened.append(stage)
        kiosk.start()
        return stage

    yield made
    for stage in opened:
        stage.kiosk.close()
