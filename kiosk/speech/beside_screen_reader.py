"""Who speaks what while a screen reader runs: the kiosk's voice, the reader, or each its part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from kiosk.narration import Segment, SegmentKind
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.synthesiser import (
    SpeechSettings,
    Synthesiser,
    Utterance,
    Voice,
    Wanted,
    always,
)

_POEM = frozenset({SegmentKind.TITLE, SegmentKind.POET, SegmentKind.LINE})


class BesideScreenReader(StrEnum):
    """What staff chose for the time that a screen reader runs."""

    VOICE = "voice"  # the kiosk's voice says everything
    SCREEN_READER = "screen-reader"  # the reader does
    BOTH = "both"  # the kiosk's voice reads poems, the reader says the rest


def self_voiced(kind: SegmentKind, choice: BesideScreenReader, *, running: bool) -> bool:
    """Whether the kiosk's own voice says a segment; whatever it does not is the reader's."""
    match choice:
        case BesideScreenReader.VOICE:
            return True
        case BesideScreenReader.SCREEN_READER:
            return not running
        case BesideScreenReader.BOTH:
            return not running or kind in _POEM


class SharingSynthesiser:
    """A `Synthesiser` that is silent for as long as the screen reader would need for its part.

    So the two do not speak at once, and lines are still marked, counted and stepped through.
    """

    def __init__(
        self, synthesiser: Synthesiser, choice: BesideScreenReader, running: Callable[[], bool]
    ) -> None:
        """`running` is asked on the synthesis thread."""
        self._synthesiser = synthesiser
        self._choice = choice
        self._running = running
        self._silence = SilenceSynthesiser()

    def voices(self) -> Sequence[Voice]:
        """The other's."""
        return self._synthesiser.voices()

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """Spoken, or silent where the reader speaks. Raises as the other does."""
        if self_voiced(segment.kind, self._choice, running=self._running()):
            return self._synthesiser.synthesise(segment, settings, wanted)
        return self._silence.synthesise(segment, settings, wanted)

    def close(self) -> None:
        """Closes the other."""
        self._synthesiser.close()
