"""Where the sound goes: the sound card if there is one, else nowhere or into a file, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import KnownError
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.sink import DeviceLostError, Sink
from kiosk.speech.sound_route import SoundRoute, is_headset
from kiosk.speech.synthesiser import SpeechSettings

NO_QT = "QtMultimedia cannot be loaded ({}); install libegl1, libgl1 and libpulse0."
NO_APP = "QtMultimedia was asked for a sound device before the application was started."


@dataclass(frozen=True, slots=True)
class SoundOut:
    """An open way out for sound."""

    player: Player
    audible: bool  # whether a sound card plays it
    sentence: str  # where the sound goes, for staff


def output_device(route: SoundRoute | None = None) -> str:
    """The right sound device's name. Raises KnownError, with a sentence, when there is none.

    A QCoreApplication must exist.
    """
    try:
        from PySide6 import QtMultimedia  # noqa: F401
        from PySide6.QtCore import QCoreApplication
    except ImportError as error:
        raise KnownError(NO_QT.format(error)) from error
    if QCoreApplication.instance() is None:
        raise RuntimeError(NO_APP)
    from kiosk.speech.qt_player import NO_DEVICE

    looked = route or SoundRoute()
    output = looked.output()
    if route is None:
        looked.close()
    if output is None:
        raise KnownError(NO_DEVICE)
    return output.name


def open_sound(
    settings: SpeechSettings, record_to: Path | None = None, route: SoundRoute | None = None
) -> SoundOut:
    """The sound card, or what takes its place and why; never an error for a missing device.

    With `record_to` everything goes into that wav, at the pace of time, whether there is a sound
    card or not. Without a sound card and without a path, time passes as if one played. `route` says
    which device is the right one; it is followed while sound plays.
    """
    route = route or SoundRoute()
    if record_to is not None:
        path = record_to
        return _silent(path, settings, f"What is said is written to {path}.")
    try:
        name = output_device(route)
    except KnownError as error:
        return _silent(None, settings, f"{error.sentence} Until then nothing is heard.")
    sentence = f"Sound goes to {name}."
    if route.wanted.casefold() not in name.casefold() and not is_headset(name):
        sentence += f" {route.wanted!r}, as the settings want it, is not connected."
    player = Player(lambda: _sound_card(route), volume=settings.volume)
    return SoundOut(player, audible=True, sentence=sentence)


def open_player(settings: SpeechSettings, recorder_path: Path | None = None) -> Player:
    """The player of `open_sound`, for callers that need no words about it."""
    return open_sound(settings, recorder_path).player


def _silent(path: Path | None, settings: SpeechSettings, sentence: str) -> SoundOut:
    player = Player(lambda: RecorderSink(path, paced=True), volume=settings.volume)
    return SoundOut(player, audible=False, sentence=sentence)


def _sound_card(route: SoundRoute) -> Sink:
    """The right device as it is now; where the last one was unplugged, time without sound."""
    from kiosk.speech.qt_player import QtSink

    try:
        return QtSink(route)
    except DeviceLostError:
        return RecorderSink(None, paced=True, stand_in=True)
