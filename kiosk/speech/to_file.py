"""Narrations into a wav, faster than they could be heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from engine.errors import KnownError
from kiosk.narration import Narration
from kiosk.speech.player import Player
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Priority, Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import SpeechSettings, Synthesiser

BETWEEN_MS = 1200  # silence between two narrations


class Preferences(Protocol):
    """What is needed of `kiosk.config.Settings`, or of `SpeechSettings`."""

    @property
    def voice(self) -> str: ...
    @property
    def speed(self) -> float: ...
    @property
    def volume(self) -> float: ...


def speech_settings(preferences: Preferences) -> SpeechSettings:
    """How staff want it spoken."""
    return SpeechSettings(
        voice=preferences.voice, speed=preferences.speed, volume=preferences.volume
    )


def speak_to_file(
    narrations: Sequence[Narration],
    path: Path,
    settings: Preferences,
    *,
    synthesiser: Synthesiser | None = None,
) -> None:
    """Speaks all narrations, one after another, into a wav.

    Raises KnownError when the file cannot be written or when there is no voice: a silent file
    would look like success.
    """
    spoken = speech_settings(settings)
    problems: list[str] = []

    def listen(event: SpeechEvent) -> None:
        if event.kind is SpeechEventKind.PROBLEM:
            problems.append(event.sentence)

    voice = synthesiser or Pyttsx3Synthesiser()
    player = Player(lambda: RecorderSink(path, paced=False), volume=spoken.volume)
    speaker = Speaker(voice, player, listen, spoken)
    try:
        for narration in narrations:
            speaker.say(_with_rest(narration), Priority.NORMAL)
        speaker.wait()
    finally:
        speaker.close()
    if problems:
        raise KnownError(problems[0])


def _with_rest(narration: Narration) -> Narration:
    *segments, last = narration.segments
    return replace(narration, segments=(*segments, replace(last, pause_ms=BETWEEN_MS)))
