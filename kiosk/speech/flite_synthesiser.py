"""Speaks English with flite: a small free program that is started anew for each line.

It starts in a few milliseconds, so that nothing is gained by keeping it: each line has a process
of its own, which is killed at its time limit, and a crash costs nothing but another start.
"""

from __future__ import annotations

import contextlib
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kiosk.narration import Segment
from kiosk.speech.child_process import ChildFailedError, ChildUnusableError, run_once
from kiosk.speech.child_synthesiser import (
    GAVE_UP,
    HANGS,
    LIMIT_PER_CHARACTER_S,
    LINE_LIMIT_S,
    TRIES,
    read_wav,
)
from kiosk.speech.flite_words import for_flite
from kiosk.speech.lexicon import NO_LEXICON, Lexicon
from kiosk.speech.synthesiser import (
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)
from kiosk.speech.verse import spoken_form
from kiosk.speech.voices import voice_for

# Flite's own voices, the one that a recogniser understands best first (docs/voices.md). `awb_time`
# knows the words of a clock only, and `kal` is `kal16` with half of its sound left out.
VOICES = (
    Voice("rms", "Flite rms, a man from America", ("en-us", "en")),
    Voice("slt", "Flite slt, a woman from America", ("en-us", "en")),
    Voice("awb", "Flite awb, a man from Scotland", ("en-gb", "en")),
    Voice("kal16", "Flite kal, a robot from America", ("en-us", "en")),
)
NO_PROGRAM = "Flite is not installed ({}); install it: sudo apt-get install flite."
RATE = 16000  # samples per second, of all its voices


class FliteSynthesiser:
    """English only; needs no start and no memory between two lines."""

    def __init__(
        self,
        *,
        command: Sequence[str] = ("flite",),
        line_limit_s: float = LINE_LIMIT_S,
        lexicon: Lexicon = NO_LEXICON,
    ) -> None:
        self._command = tuple(command)
        self._line_limit_s = line_limit_s
        self._lexicon = lexicon
        self._voices: tuple[Voice, ...] | None = None

    def voices(self) -> Sequence[Voice]:
        """Those of ours that this flite was built with. Raises SynthesisError without flite."""
        if self._voices is None:
            there = self._run(["-lv"], self._line_limit_s, always).decode(errors="replace").split()
            self._voices = tuple(voice for voice in VOICES if voice.id in there)
        return self._voices

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """The segment's text as samples. See `Synthesiser`."""
        plain = spoken_form(segment.text, segment.language)
        if not plain:
            return Utterance(np.zeros(0, np.float32), RATE)
        voice = voice_for(self.voices(), segment.language, settings.voice)
        text = for_flite(self._lexicon.respell(plain, segment.language))
        limit = self._line_limit_s + LIMIT_PER_CHARACTER_S * len(text)
        with tempfile.TemporaryDirectory(prefix="ekphrasis-voice-") as folder:
            path = Path(folder) / "line.wav"
            # Stretched and not pitched; what follows -t is data, whatever it begins with.
            manner = ["--setf", f"duration_stretch={1 / settings.speed:.4f}"]
            chosen = ["-voice", voice.id] if voice else []
            for _ in range(2):
                self._run([*chosen, *manner, "-t", text, "-o", str(path)], limit, wanted)
                with contextlib.suppress(wave.Error, EOFError, OSError):
                    return read_wav(path)
        raise SynthesisError(GAVE_UP.format("it wrote no sound"))

    def close(self) -> None:
        """Nothing is kept between two lines."""

    def _run(self, arguments: Sequence[str], limit_s: float, wanted: Wanted) -> bytes:
        """What it printed; tried again after a crash, and once after a hang."""
        why, left = "", TRIES
        while left > 0:
            try:
                return run_once([*self._command, *arguments], limit_s=limit_s, wanted=wanted)
            except ChildUnusableError as error:
                raise SynthesisError(NO_PROGRAM.format(error)) from error
            except ChildFailedError as error:
                why = str(error)
                left -= TRIES // HANGS if error.hung else 1
        raise SynthesisError(GAVE_UP.format(why))
