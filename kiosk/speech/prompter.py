"""Makes the next lines ready while one plays, so that nobody waits for a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from kiosk.narration import Segment
from kiosk.speech.dressing import dress
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.synthesiser import (
    SpeechSettings,
    Synthesiser,
    SynthesisError,
    Unwanted,
    Utterance,
    Wanted,
)

AHEAD = 2  # lines synthesised while one plays
BEHIND = 2  # lines kept, for a visitor who steps back


@dataclass(frozen=True, slots=True)
class Prepared:
    """A segment ready to be played."""

    utterance: Utterance
    settings: SpeechSettings
    problem: str = ""


class Prompter:
    """The lines of one narration around the one being played. Used on the speech thread."""

    def __init__(
        self,
        segments: Sequence[Segment],
        synthesiser: Synthesiser,
        pool: Executor,
        rate: int,
        settings: Callable[[], SpeechSettings],
        wanted: Wanted,
    ) -> None:
        """`pool` is the synthesis thread; `settings` gives those of the moment."""
        self._segments = segments
        self._synthesiser = synthesiser
        self._pool = pool
        self._rate = rate
        self._settings = settings
        self._wanted = wanted
        self._ready: dict[int, Future[Prepared]] = {}
        self._made_with = settings()

    def line(self, at: int) -> Future[Prepared]:
        """Segment `at` in the settings of the moment; those around it are asked for, too."""
        settings = self._settings()
        if not same_voice(settings, self._made_with):
            self._drop(set(self._ready))
            self._made_with = settings
        last = min(at + AHEAD, len(self._segments) - 1)
        self._drop({index for index in self._ready if not at - BEHIND <= index <= last})
        for index in range(at, last + 1):
            ready = self._ready.get(index)
            if ready is None or (ready.done() and ready.exception() is not None):
                self._ready[index] = self._submit(index, settings)
        return self._ready[at]

    def close(self) -> None:
        """Nothing of it is wanted any more."""
        self._drop(set(self._ready))

    def _drop(self, indices: set[int]) -> None:
        for index in indices:
            self._ready.pop(index).cancel()

    def _submit(self, index: int, settings: SpeechSettings) -> Future[Prepared]:
        return self._pool.submit(self._prepare, self._segments[index], settings)

    def _prepare(self, segment: Segment, settings: SpeechSettings) -> Prepared:
        """On the synthesis thread. A line that cannot be spoken is as long, and silent."""
        if not self._wanted():
            raise Unwanted
        problem = ""
        try:
            utterance = self._synthesiser.synthesise(segment, settings, self._wanted)
            problem = utterance.problem
        except SynthesisError as error:
            problem = error.sentence
            utterance = SilenceSynthesiser().synthesise(segment, settings)
        return Prepared(dress(utterance, self._rate), settings, problem)


def same_voice(one: SpeechSettings, other: SpeechSettings) -> bool:
    """Whether both sound the same but for their loudness."""
    return (one.voice, one.speed) == (other.voice, other.speed)
