"""What the kiosk's window needs of the rooms behind it, so that a test can stand in for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.narration import Narration


class Answer(Protocol):
    """The poems for one query."""

    @property
    def matches(self) -> Sequence[MatchedPoem]:
        """The best first; may be empty."""
        ...


class Matcher(Protocol):
    """Store and engine. All methods may be slow, and are called on the worker's thread only."""

    def artworks(self) -> Sequence[ArtworkCard]:
        """The collection, in the order of its wall labels. Raises KnownError."""
        ...

    def load(self) -> object:
        """Load the model; the second call costs nothing. Raises KnownError."""
        ...

    def match_artwork(self, artwork_id: int) -> Answer:
        """The poems for a work. Raises KnownError."""
        ...


class Voice(Protocol):
    """Speech. Every method returns at once; what is heard is told by events."""

    def say(self, narration: Narration) -> None:
        """Speak this after what was asked for before."""
        ...

    def stop(self) -> None:
        """Silence, and forget what was still to be said."""
        ...

    def reset(self) -> None:
        """For the next visitor: silence, and voice, speed and volume as at the start."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...
