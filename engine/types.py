"""The dataclasses at the seams: what goes into the engine and what comes out.

Nothing here imports torch; the kiosk may hold these objects on any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: a whole short poem, or a stanza group of a long one."""

    id: int
    poem_id: int
    text: str  # the lines joined by "\n", stanzas by "\n\n", as on the page

    @property
    def lines(self) -> list[str]:
        """The lines as printed; an empty string stands between stanzas."""
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Query:
    """What poems are sought for: a picture, words about it, or both.

    `words` is what people know of the work (title, artist, description), joined in prose.
    At least one of the two must be there.
    """

    picture: Image | None = None  # RGB, upright
    words: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage found by the bi-encoder, before the cross-encoder has read it."""

    passage_id: int
    poem_id: int
    similarity: float  # cosine, -1..1


@dataclass(frozen=True, slots=True)
class Match:
    """One poem in the answer, with its best passage."""

    rank: int  # 1 is the best
    poem_id: int
    passage_id: int
    score: float  # cross-encoder, 0..1; 1.0 for a poem that a docent pinned
    similarity: float  # bi-encoder, cosine, -1..1


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the time of one answer went, in milliseconds."""

    encode: float
    search: float
    rerank: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The engine's whole answer to a query."""

    matches: Sequence[Match]
    timing_ms: Timing


@dataclass(frozen=True, slots=True)
class Curation:
    """What a docent decided for one query, as poem ids.

    Pinned poems come first, in this order; hidden ones never come and do not count towards k.
    """

    pinned: tuple[int, ...] = ()
    hidden: frozenset[int] = field(default_factory=frozenset)


class PassageSource(Protocol):
    """Where the engine gets the text of passages that it is about to read closely."""

    def passages(self, ids: Sequence[int]) -> Sequence[Passage]:
        """The passages with these ids, in this order."""
        ...
