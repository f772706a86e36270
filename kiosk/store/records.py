"""What the store gives and takes: frozen dataclasses, never rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Poet:
    """Who wrote a poem."""

    id: int
    name: str  # as printed
    born: int | None = None  # year; None where nobody said
    died: int | None = None


@dataclass(frozen=True, slots=True)
class Poem:
    """A whole poem as the collection holds it."""

    id: int
    title: str
    poet: Poet
    text: str  # lines joined by "\n"; an empty line stands between stanzas
    language: str = "en"  # BCP 47; "und" where it is not known
    source: str = ""  # where the text was taken from or checked
    extra: dict[str, str] = field(default_factory=dict)  # other columns, as they were
    licence: str = ""  # a name or an address; see `kiosk.licences`
    rights_holder: str = ""
    confirmed_by: str = ""  # who said that it may be used; "" where nobody had to
    confirmed_at: str | None = None  # when; ISO 8601, UTC

    @property
    def lines(self) -> list[str]:
        """The lines as printed; an empty string stands between stanzas."""
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class FoundPoem:
    """A poem that has the words that somebody looked for."""

    poem: Poem
    snippet: str  # of its text, the words between `wanted.MARKS`


@dataclass(frozen=True, slots=True)
class PoemDraft:
    """A poem on its way into the store."""

    title: str
    poet: str
    text: str
    born: int | None = None
    died: int | None = None
    language: str = "en"
    source: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    licence: str = ""
    rights_holder: str = ""


@dataclass(frozen=True, slots=True)
class PassageCut:
    """A run of whole lines of a poem, from which a passage is made."""

    first_line: int  # index into the poem's printed lines, blank ones counted
    text: str  # as on the page; neither begins nor ends with a blank line

    @property
    def end_line(self) -> int:
        """One past the last line."""
        return self.first_line + self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Artwork:
    """A work of the museum's own collection."""

    id: int
    number: str | None  # as on the wall label
    title: str
    artist: str = ""
    date: str = ""  # as the museum writes it: "c. 1830", "1508-12"
    image: str | None = None  # path relative to the store's folder; see `Store.picture_path`
    description: str = ""
    language: str = "en"  # of title and description, BCP 47
    room: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    source: str = ""  # where the picture was taken from
    licence: str = ""  # a name or an address; see `kiosk.licences`
    rights_holder: str = ""
    confirmed_by: str = ""  # who said that it may be used; "" where nobody had to
    confirmed_at: str | None = None  # when; ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class FoundArtwork:
    """A work that has the words that somebody looked for."""

    artwork: Artwork
    snippet: str  # of its description, the words between `wanted.MARKS`


@dataclass(frozen=True, slots=True)
class ArtworkDraft:
    """An artwork on its way into the store."""

    title: str
    number: str | None = None
    artist: str = ""
    date: str = ""
    image: str | None = None  # path relative to the store's folder
    description: str = ""
    language: str = "en"
    room: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    source: str = ""
    licence: str = ""
    rights_holder: str = ""


class Kind(StrEnum):
    """What somebody can hold rights in."""

    POEM = "poem"
    ARTWORK = "artwork"


@dataclass(frozen=True, slots=True)
class RightsRecord:
    """What is known of the rights in one poem or one picture."""

    kind: Kind
    id: int
    title: str
    by: str  # poet or artist
    source: str = ""
    licence: str = ""
    rights_holder: str = ""
    # Years in which poet and translator died; None for each of whom nobody said. Poems only.
    deaths: tuple[int | None, ...] = ()
    confirmed_by: str = ""
    confirmed_at: str | None = None


@dataclass(frozen=True, slots=True)
class RightsQuestion:
    """Of which records it must be judged whether they are free; any of the conditions will do."""

    licences: Sequence[str] = ()  # one of these
    silent: Sequence[str] = ()  # source, licence and rights holder are each one of these
    died_from: int | None = None  # the poet died in this year or later, or nobody knows when
    confirmed_by: Sequence[str] = ("",)  # and by whom it is confirmed; "" for nobody


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed of a poem or a work."""

    id: int
    kind: Kind
    subject_id: int
    before: dict[str, Any]  # the fields that differ, as they were
    after: dict[str, Any]  # the same fields, as they became; None: taken away, or not known
    at: str  # ISO 8601, UTC
    who: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class VectorState:
    """Tells a cache of one bundle's vectors whether it still agrees with the store.

    While `revision` stays the same, vectors were only added, each with a passage id above all
    before it: a cache of the first `count` rows up to `max_id` is a true beginning, and
    `EmbeddingRepository.read(fingerprint, after_id=max_id)` brings the rest. A new `revision`
    (a random token) means that something was deleted, replaced or put in between: rebuild.
    """

    count: int
    max_id: int  # largest passage id with a vector; 0 when there is none
    revision: str  # "" when there never was a vector


class VectorBatch(NamedTuple):
    """Some vectors of one bundle, in the order of passage ids."""

    passage_ids: NDArray[np.int64]  # [n]
    poem_ids: NDArray[np.int64]  # [n]
    vectors: NDArray[np.float32]  # [n, d]
