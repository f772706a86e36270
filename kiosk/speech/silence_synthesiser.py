"""A voice that says nothing for as long as the words would take.

Where no voice is installed the screen still marks line after line at the pace of speech.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.narration import Segment
from kiosk.speech.synthesiser import SpeechSettings, Utterance, Voice, Wanted, always
from kiosk.speech.verse import spoken_form

RATE = 22050  # samples per second
_SECONDS_A_WORD = 60 / 165  # the pace of the default voice at speed 1


class SilenceSynthesiser:
    """Right durations, no sound."""

    def voices(self) -> Sequence[Voice]:
        """None."""
        return ()

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """Zeros, as long as the words would be. Never fails."""
        del wanted
        words = len(spoken_form(segment.text, segment.language).split())
        frames = round(words * _SECONDS_A_WORD / settings.speed * RATE)
        return Utterance(np.zeros(frames, np.float32), RATE)

    def close(self) -> None:
        """Nothing to let go of."""
