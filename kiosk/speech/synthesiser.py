"""What a synthesiser is to the rest of the kiosk: a segment goes in, samples come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import KnownError
from kiosk.narration import Segment

Samples = NDArray[np.float32]  # mono, -1..1

SLOWEST, FASTEST = 0.5, 3.0  # times the voice's own pace

Wanted = Callable[[], bool]  # asked while synthesising: does anybody still wait for this line?


def always() -> bool:
    """The `Wanted` of a caller that waits for its line whatever happens."""
    return True


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How the visitor wants to hear it. Raises ValueError outside the ranges."""

    voice: str = ""  # a `Voice.id`; empty: the first voice for the language of what is said
    speed: float = 1.0  # 0.5..3.0 times the voice's own pace, pitch unchanged
    volume: float = 1.0  # 0..1, a factor on the samples

    def __post_init__(self) -> None:
        if not SLOWEST <= self.speed <= FASTEST:
            raise ValueError(f"speed {self.speed} is not within {SLOWEST}..{FASTEST}")
        if not 0.0 <= self.volume <= 1.0:
            raise ValueError(f"volume {self.volume} is not within 0..1")


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that a synthesiser offers."""

    id: str  # the synthesiser's own name for it
    name: str  # for people
    languages: tuple[str, ...]  # BCP 47, lower case, the best first


@dataclass(frozen=True, slots=True)
class WordTiming:
    """Where one word lies in an utterance."""

    start: int  # characters into the segment's text
    length: int  # characters
    at_s: float  # seconds from the utterance's first sample


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """One segment, spoken."""

    samples: Samples
    rate: int  # samples per second
    words: tuple[WordTiming, ...] = ()  # empty where the synthesiser cannot tell
    problem: str = ""  # what staff should know of how it came about
    lasting: bool = True  # False: by a stand-in voice, or with a notice; not to be kept in a cache


class SynthesisError(KnownError):
    """A line could not be spoken, though it was tried again."""


class Unwanted(Exception):  # noqa: N818  (no error: the visitor moved on)
    """Nobody waits for this line any more; raised instead of an utterance."""


class Synthesiser(Protocol):
    """Speaks segments. Called from one thread at a time, never the GUI's."""

    def voices(self) -> Sequence[Voice]:
        """What it can speak with; empty where nothing is installed. Raises SynthesisError."""
        ...

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """The segment's text as samples, at full volume. A text without words gives no samples.

        Raises SynthesisError when it cannot, Unwanted when `wanted` turned false meanwhile.
        """
        ...

    def close(self) -> None:
        """Lets go of processes and files. May be called twice."""
        ...
