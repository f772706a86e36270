"""Speaks with piper's natural voices, from the models that staff put into one folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.narration import Segment
from kiosk.speech.child_process import Message
from kiosk.speech.child_synthesiser import ChildSynthesiser
from kiosk.speech.lexicon import NO_LEXICON, Lexicon
from kiosk.speech.synthesiser import (
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)

LINE_LIMIT_S = 20.0  # the first line waits for the model; later ones take about 0.2 s
NO_MODEL = "There is no natural voice in {}; put NAME.onnx and NAME.onnx.json there."
CHILD = str(Path(__file__).with_name("piper_child.py"))


class PiperSynthesiser(ChildSynthesiser):
    """A voice for each `NAME.onnx` with its `NAME.onnx.json` in the folder; none is no error."""

    no_library = (
        "The natural voices need piper ({}); install it: .venv/bin/pip install piper-tts==1.8.0."
    )

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] = (sys.executable, "-P", CHILD),
        line_limit_s: float = LINE_LIMIT_S,
        lexicon: Lexicon = NO_LEXICON,
    ) -> None:
        super().__init__([*command, str(folder)], line_limit_s=line_limit_s, lexicon=lexicon)
        self._models = folder

    def voices(self) -> Sequence[Voice]:
        """Those in the folder. Without a model piper is not even started."""
        if not any(self._models.glob("*.onnx")):
            return ()
        return super().voices()

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """The segment's text as samples. See `Synthesiser`."""
        if not self.voices():
            raise SynthesisError(NO_MODEL.format(self._models))
        return super().synthesise(segment, settings, wanted)

    def _manner(self, settings: SpeechSettings) -> Message:
        return {"stretch": 1 / settings.speed}

    def _pronounced(self, text: str, language: str) -> str:
        """Piper takes IPA as it is, between double brackets."""
        return self._lexicon.apply(text, language, lambda ipa: f"[[ {ipa} ]]")
