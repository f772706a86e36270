"""Speaks with pyttsx3 (espeak-ng on Linux) in a child process, one line at a time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.speech.child_process import Message
from kiosk.speech.child_synthesiser import LINE_LIMIT_S, TRIES, ChildSynthesiser, read_wav
from kiosk.speech.lexicon import NO_LEXICON, Lexicon
from kiosk.speech.phonemes import espeak_mnemonics
from kiosk.speech.synthesiser import SpeechSettings

__all__ = ["CHILD_COMMAND", "TRIES", "WORDS_PER_MINUTE", "Pyttsx3Synthesiser", "read_wav"]

WORDS_PER_MINUTE = 165  # at speed 1; unhurried, for verse, and within espeak-ng's 80..450 at 0.5
CHILD_COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("pyttsx3_child.py")))


class Pyttsx3Synthesiser(ChildSynthesiser):
    """The default voice."""

    no_library = "There is no voice ({}); install one: sudo apt-get install espeak-ng."

    def __init__(
        self,
        *,
        command: Sequence[str] = CHILD_COMMAND,
        line_limit_s: float = LINE_LIMIT_S,
        lexicon: Lexicon = NO_LEXICON,
    ) -> None:
        super().__init__(command, line_limit_s=line_limit_s, lexicon=lexicon)

    def _manner(self, settings: SpeechSettings) -> Message:
        return {"rate": round(WORDS_PER_MINUTE * settings.speed)}

    def _pronounced(self, text: str, language: str) -> str:
        """IPA becomes espeak-ng's own mnemonics; other libraries of pyttsx3 get the respelling."""
        if sys.platform != "linux":
            return self._lexicon.respell(text, language)
        return self._lexicon.apply(text, language, lambda ipa: f"[[{espeak_mnemonics(ipa)}]]")
