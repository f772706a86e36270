"""What the kiosk's window needs of the rooms behind it, so that a test can stand in for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.narration import Narration
from kiosk.preferences import Preferences

if TYPE_CHECKING:
    from PIL.Image import Image


class Answer(Protocol):
    """The poems for one query."""

    @property
    def matches(self) -> Sequence[MatchedPoem]:
        """The best first; may be empty."""
        ...

    @property
    def fits(self) -> bool:
        """False where the best of them is below what counts as a fit."""
        ...

    @property
    def needs_reasons(self) -> bool:
        """Whether nobody has looked yet why these poems were chosen."""
        ...


class Matcher(Protocol):
    """Store and engine. All methods but `known` may be slow, and are called on the worker only."""

    def artworks(self) -> Sequence[ArtworkCard]:
        """The collection, in the order of its wall labels. Raises KnownError."""
        ...

    def load(self) -> object:
        """Load the model; the second call costs nothing. Raises KnownError."""
        ...

    def known(self, artwork_id: int, language: str) -> Answer | None:
        """The poems for a work, where they were ranked ahead and nothing has changed since.

        Those in the visitor's language come first, here and below.

        Needs no model and takes milliseconds; may be called on any thread. Raises KnownError.
        """
        ...

    def unranked(self) -> Sequence[int]:
        """The works that `known` has no answer with reasons for. Raises KnownError."""
        ...

    def rank(self, artwork_id: int) -> None:
        """Let a work be known, in every language, with its reasons. Raises KnownError."""
        ...

    def match_artwork(self, artwork_id: int, *, language: str) -> Answer:
        """The poems for a work; from now on they are known. Raises KnownError."""
        ...

    def match_picture(self, picture: Image, *, language: str) -> Answer:
        """The poems for a picture, which is not kept. Raises KnownError."""
        ...

    def explain(self, answer: Any) -> Answer:
        """One of its own answers, with why each poem was chosen. Raises KnownError."""
        ...


class Voice(Protocol):
    """Speech. Every method returns at once; what is heard is told by events."""

    def say(self, narration: Narration, first: int = 0) -> None:
        """Speak this, from segment `first` on, after what was asked for before."""
        ...

    def stop(self) -> None:
        """Silence, and forget what was still to be said."""
        ...

    def pause(self) -> None:
        """Silence; `resume` goes on in the middle of the word."""
        ...

    def resume(self) -> None:
        """Go on after `pause`."""
        ...

    def prefer(self, preferences: Preferences) -> None:
        """Volume at once, voice and speed from the next line on."""
        ...

    def reset(self) -> None:
        """For the next visitor: silence, and voice, speed and volume as at the start."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


class Eye(Protocol):
    """A camera, or a video in its place. On the GUI thread; every method returns at once."""

    def open(self) -> None:
        """Begin to look; `ready` or `failed` is told."""
        ...

    def take(self) -> Image | None:
        """What is seen now, in memory; None where nothing is seen."""
        ...

    def close(self) -> None:
        """Stop looking. May be called twice."""
        ...
