"""What the voice needs and whether it is there, in sentences, for `ekphrasis doctor`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engine.errors import KnownError
from kiosk.config import Settings
from kiosk.speech.lexicon import FILE_NAME, NO_LEXICON
from kiosk.speech.piper_synthesiser import NO_MODEL
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.sound_out import NO_QT, output_device
from kiosk.speech.sound_route import SoundRoute
from kiosk.speech.synthesiser import Synthesiser, SynthesisError, Voice
from kiosk.speech.synthesisers import MAKERS, SILENCE, open_lexicon
from kiosk.speech.voices import choose_voice

INSTALL_VOICE = (
    "sudo apt-get install espeak-ng" if sys.platform == "linux" else "install a system voice"
)
NO_SOUND = (
    "{} Without one, the kiosk shows the poems and can write the sound to a file, but nothing is"
    " heard."
)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for."""

    ok: bool
    sentence: str  # what is there; or what is not, and what to do


def find_voice(language: str, synthesiser: Synthesiser | None = None) -> Voice | None:
    """The voice that would speak a language, or None. Raises SynthesisError without a library."""
    return _with_voices(synthesiser, lambda voices: choose_voice(voices.voices(), language))


def describe_voices(language: str = "en", synthesiser: Synthesiser | None = None) -> Finding:
    """Whether there is a voice for the kiosk's own language. Never raises for what is missing."""
    try:
        voices, voice = _with_voices(
            synthesiser,
            lambda library: (library.voices(), choose_voice(library.voices(), language)),
        )
    except SynthesisError as error:
        return Finding(False, error.sentence)
    if not voices:
        return Finding(False, f"No voice is installed: {INSTALL_VOICE}.")
    if voice is None:
        return Finding(
            False,
            f"None of the {len(voices)} voices speaks the language {language!r}; choose another"
            " language in the settings, or install a voice for it.",
        )
    return Finding(
        True, f"{voice.name} speaks {language!r}; there are {len(voices)} voices in all."
    )


def describe_synthesisers(settings: Settings) -> list[Finding]:
    """The synthesiser of the settings first, then those that stand in for it."""
    found = []
    for name in sorted(MAKERS, key=lambda name: name != settings.synthesiser):
        synthesiser = MAKERS[name](settings, NO_LEXICON)
        try:
            found.append(_describe(name, synthesiser, settings))
        finally:
            synthesiser.close()
    if settings.synthesiser == SILENCE:
        return [Finding(True, "Silence is chosen in the settings; nothing is spoken."), *found]
    return found


def describe_lexicon(settings: Settings) -> list[Finding]:
    """A finding for each line of the pronunciations that cannot be used; else how many there are.

    The project's own come first, then those that staff keep in the data directory.
    """
    lexicon = open_lexicon(settings)
    if lexicon.problems:
        return [Finding(False, problem) for problem in lexicon.problems]
    own = settings.data_dir / FILE_NAME
    return [Finding(True, f"{len(lexicon.entries)} words; yours go into {own}.")]


def _describe(name: str, synthesiser: Synthesiser, settings: Settings) -> Finding:
    try:
        voices = synthesiser.voices()
    except SynthesisError as error:
        return Finding(False, f"{name}: {error.sentence}")
    if not voices:
        place = settings.voices_dir
        lack = NO_MODEL.format(place) if name == "piper" else f"no voice: {INSTALL_VOICE}."
        return Finding(False, f"{name}: {lack}")
    voice = choose_voice(voices, settings.language, settings.voice)
    if voice is None:
        return Finding(False, f"{name}: no voice for the language {settings.language!r}.")
    return Finding(True, f"{name}: {voice.name} speaks {settings.language!r}.")


def describe_sound_out(wanted: str = "") -> Finding:
    """Whether there is a device to hear it from. Makes a QCoreApplication if there is none."""
    try:
        from PySide6.QtCore import QCoreApplication, qInstallMessageHandler
    except ImportError as error:
        return Finding(False, NO_SOUND.format(NO_QT.format(error)))
    app = QCoreApplication.instance() or QCoreApplication([])
    # What Qt prints while it looks (a sound server that is not there) is what we put in words.
    before = qInstallMessageHandler(lambda *_: None)
    route = SoundRoute(wanted)
    try:
        name = output_device(route)
    except KnownError as error:
        return Finding(False, NO_SOUND.format(error.sentence))
    finally:
        route.close()
        qInstallMessageHandler(before)
        del app
    return Finding(True, f"Sound goes to {name}.")


def _with_voices(synthesiser: Synthesiser | None, look: Callable[[Synthesiser], Found]) -> Found:
    library = synthesiser or Pyttsx3Synthesiser()
    try:
        return look(library)
    finally:
        if synthesiser is None:
            library.close()
