"""What the synthesisers share that write one line as a wav from a warm child process.

A subclass says how its library is asked and what to do where it is missing; this does the rest:
the text made fit to be spoken, the voice that follows the language, the time limit, and a child
that hung, died or lied replaced and asked again.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from kiosk.narration import Segment
from kiosk.speech.child_process import (
    ChildFailedError,
    ChildProcess,
    ChildUnusableError,
    Message,
)
from kiosk.speech.lexicon import NO_LEXICON, Lexicon
from kiosk.speech.synthesiser import (
    Samples,
    SpeechSettings,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)
from kiosk.speech.verse import spoken_form
from kiosk.speech.voices import voice_for

LINE_LIMIT_S = 5.0  # a line of verse takes about 0.02 s; a machine under load is not a hang
LIMIT_PER_CHARACTER_S = 0.01  # a docent's long description may take longer
TRIES = 4  # a child that died is replaced in 0.2 s, so that a line is not given up lightly
HANGS = 2  # but each one that hangs costs `LINE_LIMIT_S` of silence
GAVE_UP = "The voice failed on a line ({}), which was left silent; it is tried again with the next."


class ChildSynthesiser:
    """The child starts with the first line and stays warm."""

    no_library: ClassVar[str]  # a sentence with {} for the reason: what to install

    def __init__(
        self,
        command: Sequence[str],
        *,
        line_limit_s: float = LINE_LIMIT_S,
        lexicon: Lexicon = NO_LEXICON,
    ) -> None:
        self.child = ChildProcess(command)
        self._lexicon = lexicon
        self._line_limit_s = line_limit_s
        self._voices: tuple[Voice, ...] | None = None
        self._folder: Path | None = None
        self._lines = 0

    def voices(self) -> Sequence[Voice]:
        """All voices of the library. Raises SynthesisError when the library is not there."""
        if self._voices is None:
            answer = self._ask({"do": "voices"}, 0, always)
            self._voices = tuple(
                Voice(voice["id"], voice["name"], tuple(voice["languages"]))
                for voice in answer["voices"]
            )
        return self._voices

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """The segment's text, prepared for speech, as samples. See `Synthesiser`."""
        plain = spoken_form(segment.text, segment.language)
        if not plain:
            return Utterance(np.zeros(0, np.float32), 22050)
        voice = voice_for(self.voices(), segment.language, settings.voice)
        text = self._pronounced(plain, segment.language)
        path = self._wav()
        question = {
            "do": "speak",
            "text": text,
            "voice": voice.id if voice else "",
            "path": str(path),
            **self._manner(settings),
        }
        try:
            for _ in range(2):
                self._ask(question, len(text), wanted)
                with contextlib.suppress(wave.Error, EOFError, OSError):
                    return read_wav(path)
                self.child.kill()  # it says that it wrote a file, and did not
        finally:
            path.unlink(missing_ok=True)
        raise SynthesisError(GAVE_UP.format("it wrote no sound"))

    def close(self) -> None:
        """Ends the child and removes its folder."""
        self.child.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _manner(self, settings: SpeechSettings) -> Message:
        """What the library's own question needs besides: its pace, and the like."""
        raise NotImplementedError

    def _pronounced(self, text: str, language: str) -> str:
        """The text with the lexicon's words as this library wants them told."""
        return self._lexicon.respell(text, language)

    def _wav(self) -> Path:
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="ekphrasis-voice-"))
        self._lines += 1
        return self._folder / f"{self._lines}.wav"

    def _ask(self, question: Message, characters: int, wanted: Wanted) -> Message:
        """One answer; a child that failed is replaced and asked again."""
        limit = self._line_limit_s + LIMIT_PER_CHARACTER_S * characters
        why = ""
        end = time.monotonic() + HANGS * limit
        for _ in range(TRIES):
            try:
                answer = self.child.ask(question, limit_s=limit, wanted=wanted)
            except ChildUnusableError as error:
                raise SynthesisError(self.no_library.format(error)) from error
            except ChildFailedError as error:
                why = str(error)
            else:
                if answer.get("ok"):
                    return answer
                why = str(answer.get("error"))
                self.child.kill()  # a library that raised is not trusted with the next line
            if time.monotonic() >= end:
                break
        raise SynthesisError(GAVE_UP.format(why))


def read_wav(path: Path) -> Utterance:
    """A 16-bit wav as mono samples. Raises wave.Error, EOFError or OSError for anything else."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise wave.Error("not 16 bit")
        channels, rate = file.getnchannels(), file.getframerate()
        raw = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    samples: Samples = (raw.reshape(-1, channels).mean(axis=1) / 32768.0).astype(np.float32)
    return Utterance(samples, rate)
