"""Visitors get poems in their own language first, and the model reads what it can read.

A collection may hold poems in several languages. Whoever visits in one of them is answered with its
poems; others join only where there are too few of them, or where a docent pinned one. The model
reads English, so a poem in another language may carry a `gloss`: what it shows, in a sentence or
two of English. The gloss is read in the poem's place, and never spoken nor shown. What people noted
as its `subjects` is read beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine import Curation, Query, Timing
from engine.types import Answer, Passage

if TYPE_CHECKING:
    from engine.pipeline import Engine
    from kiosk.store.poems import PoemRepository

ANY = ""  # of a visitor who has no poems of their own: the whole collection


@dataclass(frozen=True, slots=True)
class Tongues:
    """Which poems are in which language; languages are told apart by their first subtag."""

    poems: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, poems: PoemRepository) -> Tongues:
        """Those of a store; which poems are in a language is read when it is first asked for."""
        return cls(_Read(poems))

    def own(self, language: str) -> str:
        """The language whose poems such a visitor gets first, or `ANY` where nothing has to be told
        apart."""
        subtag = first_subtag(language)
        return subtag if len(self.poems) > 1 and subtag in self.poems else ANY

    def foreign(self, own: str) -> frozenset[int]:
        """The poems that are in another language."""
        if own == ANY:
            return frozenset()
        others = (ids for language, ids in self.poems.items() if language != own)
        return frozenset[int]().union(*others)


class _Read(Mapping[str, frozenset[int]]):
    """Poems by language, read one language at a time: most visits ask for the few foreign ones."""

    def __init__(self, poems: PoemRepository) -> None:
        self._poems = poems
        self._codes: dict[str, list[str]] = {}
        self._ids: dict[str, frozenset[int]] = {}
        for code in poems.languages():
            self._codes.setdefault(first_subtag(code), []).append(code)

    def __getitem__(self, language: str) -> frozenset[int]:
        if language not in self._ids:
            self._ids[language] = frozenset(self._poems.ids(self._codes[language]))
        return self._ids[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def first_subtag(language: str) -> str:
    """`es-MX` and `es` are one language here."""
    return language.partition("-")[0].lower()


def match_own_first(
    engine: Engine, query: Query, k: int, curation: Curation, tongues: Tongues, own: str
) -> Answer:
    """At most `k` poems: pinned ones, then those in `own`, then any others."""
    foreign = tongues.foreign(own)
    if not foreign:
        return engine.match(query, k, curation=curation)
    hidden = curation.hidden | (foreign - set(curation.pinned))
    first = engine.match(query, k, curation=replace(curation, hidden=hidden))
    if len(first.matches) >= k:
        return first
    had = curation.hidden | tongues.poems[own] | set(curation.pinned)
    rest = engine.match(query, k - len(first.matches), curation=Curation(hidden=frozenset(had)))
    behind = (replace(match, rank=len(first.matches) + match.rank) for match in rest.matches)
    times = zip(_times(first.timing_ms), _times(rest.timing_ms), strict=True)
    return Answer([*first.matches, *behind], Timing(*(round(a + b, 3) for a, b in times)))


@dataclass(frozen=True, slots=True)
class ReadByModel:
    """The store's passages as the model reads them; a `PassageSource` for the engine."""

    poems: PoemRepository

    def passages(self, ids: Sequence[int]) -> Sequence[Passage]:
        """The passages with these ids, in this order: a gloss in the place of what has one, and
        the subjects that people noted."""
        return self.read(self.poems.passages(ids))

    def read(self, passages: Sequence[Passage]) -> Sequence[Passage]:
        """The same of passages that were looked up already."""
        ids = {passage.poem_id for passage in passages}
        noted = self.poems.noted(ids)
        return [_as_read(passage, noted.get(passage.poem_id, {})) for passage in passages]


def _as_read(passage: Passage, noted: Mapping[str, str]) -> Passage:
    subjects = subjects_said(noted.get("subjects", ""))
    return replace(passage, text=noted.get("gloss", passage.text), subjects=subjects)


def subjects_said(noted: str) -> str:
    """`sea; night; moon`, as people write it down, as the model reads it: `sea, night, moon`."""
    return ", ".join(filter(None, (one.strip() for one in re.split(r"[;,|\n]", noted))))


def _times(timing: Timing) -> tuple[float, float, float, float]:
    return timing.encode, timing.search, timing.rerank, timing.total
