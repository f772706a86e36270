"""What the kiosk's rooms hand each other about works and poems: plain, frozen, no rows of a table.

The store makes these, the session tells of them, the screens show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.types import Reason
    from kiosk.colours import Impression

TAKEN_PICTURE_ID = (
    0  # the "work" that a picture before the camera stands for; the store's begin at 1
)


@dataclass(frozen=True, slots=True)
class Credit:
    """Where a poem or a picture comes from, and whose it is; as staff wrote it, "" where nobody
    did."""

    source: str = ""
    licence: str = ""
    rights_holder: str = ""

    def __bool__(self) -> bool:
        return bool(self.source or self.licence or self.rights_holder)


@dataclass(frozen=True, slots=True)
class ArtworkCard:
    """One work of the collection, as a visitor meets it."""

    id: int
    number: str  # as on the wall label; digits, but a label may say "12a"
    title: str
    artist: str = ""
    date: str = ""  # as the label says it: "about 1665"
    description: str = ""  # what is to be seen, in a docent's words
    picture: Path | None = None  # a file that can be shown, where there is one
    room: str = ""  # where it hangs, as staff call it
    language: str = "en"  # BCP 47, of title and description
    colours: Impression | None = None  # its colours and light, where somebody has looked
    credit: Credit = Credit()  # of the picture


@dataclass(frozen=True, slots=True)
class MatchedPoem:
    """One poem of the answer, with the passage that earned its place."""

    rank: int  # 1 is the best
    poem_id: int
    passage_id: int
    title: str
    poet: str
    lines: tuple[str, ...]  # the passage's printed lines; "" stands between stanzas
    language: str  # BCP 47
    whole: tuple[str, ...]  # the whole poem's printed lines; equal to `lines` for a short poem
    score: float  # cross-encoder, 0..1
    similarity: float  # the bi-encoder's
    reason: Reason | None = None  # why this poem; None while nobody has looked for it
    credit: Credit = Credit()

    @property
    def is_part(self) -> bool:
        """Whether there is more of the poem than the passage."""
        return len(self.whole) > len(self.lines)
