"""Which synthesisers there are, and how the one in the settings is opened with its stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.config import Settings
from kiosk.speech.flite_synthesiser import FliteSynthesiser
from kiosk.speech.lexicon import FILE_NAME, SHIPPED, Lexicon, read_lexicon
from kiosk.speech.piper_synthesiser import PiperSynthesiser
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.synthesiser import Synthesiser
from kiosk.speech.voice_chain import Member, VoiceChain

# The order is that in which they stand in for one another.
MAKERS: Mapping[str, Callable[[Settings, Lexicon], Synthesiser]] = {
    "pyttsx3": lambda _, lexicon: Pyttsx3Synthesiser(lexicon=lexicon),
    "flite": lambda _, lexicon: FliteSynthesiser(lexicon=lexicon),
    "piper": lambda settings, lexicon: PiperSynthesiser(settings.voices_dir, lexicon=lexicon),
}
SILENCE = "silence"


def open_lexicon(settings: Settings) -> Lexicon:
    """The project's own words, then those of staff, which override them."""
    return read_lexicon([settings.assets_dir / SHIPPED, settings.data_dir / FILE_NAME])


def open_synthesiser(settings: Settings) -> Synthesiser:
    """The synthesiser of the settings, with the others behind it. Starts nothing yet."""
    if settings.synthesiser == SILENCE:
        return SilenceSynthesiser()
    lexicon = open_lexicon(settings)
    names = sorted(MAKERS, key=lambda name: name != settings.synthesiser)
    members = [Member(name, MAKERS[name](settings, lexicon)) for name in names]
    return VoiceChain(members, language=settings.language)
