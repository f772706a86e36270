"""The dataclasses at the seams: what goes into the engine and what comes out.

Nothing here imports torch; the kiosk may hold these objects on any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: a whole short poem, or a stanza group of a long one."""

    id: int
    poem_id: int
    text: str  # the lines joined by "\n", stanzas by "\n\n", as on the page
    subjects: str = ""  # what people noted that its poem is about, such as "sea, night, moon"

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


@dataclass(frozen=True, slots=True, eq=False)
class PassageTokens:
    """A passage as the second look takes it. Plain numbers, so that they can be kept.

    They mean something to the bundle that made them, and to no other.
    """

    # [T, width], of the start of a long passage: each token as the cross-encoder takes it, and
    # behind that as the late interaction does, where there is one.
    tokens: NDArray[np.float32] | NDArray[np.float16]
    vector: NDArray[np.float32]  # [dimensions], of the whole passage
    lines: NDArray[np.float32] | NDArray[np.float16]  # [L, dimensions], of each line; none: L is 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage found by the bi-encoder, before the cross-encoder has read it."""

    passage_id: int
    poem_id: int
    similarity: float  # cosine, less hubness where the bundle takes it off


@dataclass(frozen=True, slots=True)
class Match:
    """One poem in the answer, with its best passage."""

    rank: int  # 1 is the best
    poem_id: int
    passage_id: int
    # Cross-encoder, 0..1 (without one: the similarity); pinned poems may rank above better scores.
    score: float
    similarity: float  # the bi-encoder's


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
class Shared:
    """Something that picture and poem both speak of (`engine.explaining.concepts`)."""

    key: str
    kind: str  # "subject", "mood", "light" or "colour"
    picture: float  # how much nearer the picture lies to it than pictures do in general, a cosine
    poem: float  # what the score lost when the poem's words for it were hidden


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a poem was chosen: what of its passage weighed. Empty where nothing stands out."""

    line: int | None = None  # index into the passage's lines: of that which answers best
    line_share: float = 0.0  # of what hiding each line by itself costs
    shared: tuple[Shared, ...] = ()  # subjects first, the weightiest first

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return self.line is not None or bool(self.shared)


@dataclass(frozen=True, slots=True)
class Curation:
    """What a docent decided for one query, as poem ids.

    Pinned poems come first, in this order; hidden ones never come and do not count towards k.
    """

    pinned: tuple[int, ...] = ()
    hidden: frozenset[int] = field(default_factory=frozenset)


class EncodedQuery(Protocol):
    """A query as the encoder left it; what it holds besides the vector is the encoder's own."""

    @property
    def vector(self) -> NDArray[np.float32]:
        """What is searched with, [d]: its dot product with a passage's vector is the similarity."""
        ...


class QueryEncoder(Protocol):
    """What the pipeline asks of a model: `engine.model.encoder.Encoder`, or a fake in a test."""

    @property
    def dimensions(self) -> int:
        """Length of the vectors."""
        ...

    @property
    def reranks(self) -> bool:
        """Whether a cross-encoder reads candidates again; without one, score is similarity."""
        ...

    def picture(self, image: Image) -> Any:
        """Encode an upright RGB picture."""
        ...

    def words(self, text: str) -> Any:
        """Encode words that stand in for a picture, or join it."""
        ...

    def combine(self, picture: Any, words: Any) -> Any:
        """One query out of both."""
        ...

    def passages(
        self,
        texts: Sequence[str],
        *,
        subjects: Sequence[str] = (),
        batch_size: int = 32,
        progress: Callable[[int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Vectors of passages, float32 [n, d]. `subjects`: what people say each is about."""
        ...

    def score(
        self,
        query: Any,
        texts: Sequence[str],
        *,
        subjects: Sequence[str] = (),
        batch_size: int = 32,
    ) -> NDArray[np.float32]:
        """Cross-encoder scores of (query, text) pairs, float32 [n] in 0..1."""
        ...

    def tokens(
        self, texts: Sequence[str], *, subjects: Sequence[str] = (), batch_size: int = 32
    ) -> list[PassageTokens]:
        """Read passages closely once, to be scored for many queries."""
        ...

    def reach(self, text: str) -> int:
        """How many characters of a passage, from its beginning, are read closely."""
        ...

    def score_tokens(self, query: Any, passages: Sequence[PassageTokens]) -> NDArray[np.float32]:
        """As `score`, for passages that were read: much faster."""
        ...


class TokenReader(Protocol):
    """Reads passages closely: an encoder, or something that remembers what it read."""

    def tokens(self, texts: Sequence[str], *, subjects: Sequence[str] = ()) -> list[PassageTokens]:
        """The passages' tokens, in their order."""
        ...


class PassageIndex(Protocol):
    """What knows which passages are nearest to a vector [d]."""

    def search(
        self, vector: NDArray[np.float32], k: int, *, hidden: Collection[int] = frozenset()
    ) -> list[Candidate]:
        """The `k` nearest poems that are not `hidden`, each by its best passage."""
        ...

    def best_passages(self, vector: NDArray[np.float32], poems: Collection[int]) -> list[Candidate]:
        """For each of `poems`, in this order, its nearest passage; none for unknown ones."""
        ...


class PassageSource(Protocol):
    """Where the engine gets the text of passages that it is about to read closely."""

    def passages(self, ids: Sequence[int]) -> Sequence[Passage]:
        """The passages with these ids, in this order."""
        ...
