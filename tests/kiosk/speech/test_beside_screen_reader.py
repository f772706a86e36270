"""Kiosk voice and screen reader share what is to be said; never both at once."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.narration import SegmentKind, SpokenPoem, narrate_poem
from kiosk.speech.beside_screen_reader import (
    BesideScreenReader,
    SharingSynthesiser,
    self_voiced,
)
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.synthesiser import SpeechSettings

VOICE, READER, BOTH = BesideScreenReader


@pytest.mark.parametrize("kind", list(SegmentKind))
def test_who_says_what(kind: SegmentKind) -> None:
    verse = kind in {SegmentKind.TITLE, SegmentKind.POET, SegmentKind.LINE}
    assert all(self_voiced(kind, choice, running=False) for choice in BesideScreenReader)
    assert self_voiced(kind, VOICE, running=True)
    assert not self_voiced(kind, READER, running=True)
    assert self_voiced(kind, BOTH, running=True) == verse


def test_the_readers_part_is_silence_that_lasts_as_long() -> None:
    running = [True]
    library = Pyttsx3Synthesiser()
    voice = SharingSynthesiser(library, BOTH, lambda: running[0])
    narration = narrate_poem(SpokenPoem("Wind", "Rossetti", ("Who has seen it?",)), rank=1, total=2)
    spoken = {}
    for segment in narration.segments:
        utterance = voice.synthesise(segment, SpeechSettings())
        assert utterance.samples.size > 0.3 * utterance.rate
        spoken[segment.id] = bool(np.any(utterance.samples))
    assert spoken == {"announcement": False, "title": True, "poet": True, "line-0": True}
    running[0] = False  # the reader was switched off
    assert np.any(voice.synthesise(narration.segments[0], SpeechSettings()).samples)
    voice.close()
