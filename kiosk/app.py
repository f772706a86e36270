"""Builds the kiosk and wires it; nothing else does."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.uncollected import uncollected
from kiosk.config import Settings
from kiosk.controls import ARROWS, PROFILES, ControlProfile
from kiosk.keys.habits import KeyHabits
from kiosk.keys.profile_store import keep_profile, load_profile
from kiosk.kiosk import Kiosk
from kiosk.ports import Matcher
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screen_reader import Lookout
from kiosk.session import Session
from kiosk.speaking import ReaderShare, Relay, SpeakerVoice, choices
from kiosk.speech.beside_screen_reader import BesideScreenReader
from kiosk.speech.speaker import Speaker
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow

if TYPE_CHECKING:
    from kiosk.camera.eye import CameraEye
    from kiosk.keys.keypad import KeypadReader
    from kiosk.speech.headset import HeadsetWatch
    from kiosk.speech.sound_route import SoundRoute

__all__ = ["Kiosk", "Relay", "SpeakerVoice", "hear_qt", "open_matcher", "run_kiosk"]

_log = logging.getLogger(__name__)


def open_matcher(settings: Settings) -> Matcher:
    """Store and engine of this machine; nothing heavy is loaded before it is asked for."""
    with uncollected():
        from kiosk.matching import MatchService
        from kiosk.store.database import open_store

    return MatchService(settings, open_store(settings.store_place))


def default_preferences(settings: Settings) -> Preferences:
    """What every visit begins with, as staff decided."""
    return Preferences(
        language=settings.language,
        voice=settings.voice,
        speed=settings.speed,
        volume=settings.volume,
        contrast=settings.theme,
    )


def open_session(settings: Settings, profile: ControlProfile = ARROWS) -> Session:
    """The visits, as staff decided that each begins."""
    return Session(
        profile=profile,
        idle_seconds=settings.idle_seconds,
        preferences=default_preferences(settings),
        profiles=PROFILES,
        attract_seconds=settings.attract_minutes * 60.0,
    )


def list_voices(settings: Settings) -> Sequence[VoiceChoice]:
    """The voices of this machine, asked of synthesisers of their own, so that none is held up."""
    from kiosk.speech.synthesisers import open_synthesiser

    asked = open_synthesiser(settings)
    try:
        return choices(asked.voices())
    finally:
        asked.close()


def key_habits(settings: Settings) -> KeyHabits:
    """Which presses count, as staff decided."""
    return KeyHabits(
        bounce_s=settings.key_bounce_ms / 1000,
        repeat_delay_s=settings.key_repeat_delay_ms / 1000,
        repeat_every_s=settings.key_repeat_every_ms / 1000,
    )


def open_eye(settings: Settings) -> CameraEye | None:
    """The camera; None where QtMultimedia cannot be loaded, which `doctor` tells."""
    try:
        from kiosk.camera.eye import CameraEye
    except ImportError as problem:
        _log.warning("There is no camera: %s", problem)
        return None
    return CameraEye(settings.camera, settings.camera_video)


def open_headset(route: SoundRoute) -> HeadsetWatch | None:
    """What tells of a headset; None where QtMultimedia cannot be loaded."""
    from kiosk.speech.headset import HeadsetWatch, headset_there

    try:
        headset_there(route)
    except ImportError:
        return None
    return HeadsetWatch(lambda: headset_there(route))


def open_keypad(settings: Settings) -> KeypadReader | None:
    """The reader of tactile pads; None where the kernel has no such devices to read."""
    if not sys.platform.startswith("linux"):
        return None
    from kiosk.keys.keypad import KeypadReader

    return KeypadReader(settings.keypad, alone=settings.keypad_alone)


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
    profile = load_profile(settings)
    window = KioskWindow(
        theme_name=settings.theme,
        viewing_cm=settings.viewing_distance_cm,
        motion=settings.motion,
        profile=profile,
        habits=key_habits(settings),
    )
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
        session=open_session(settings, profile),
        window=window,
        voice=SpeakerVoice(Speaker(voice, sound.player, relay, spoken)),
        relay=relay,
        tasks=Tasks(),
        make_matcher=lambda: open_matcher(settings),
        reader=reader,
        defaults=default_preferences(settings),
        list_voices=lambda: list_voices(settings),
        headset=open_headset(route),
        eye=open_eye(settings),
        keypad=open_keypad(settings),
        keep_profile=lambda chosen: keep_profile(settings, chosen),
        scan_seconds=settings.scan_seconds,
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
