"""What may be shown and spoken, and what waits until somebody says that it may.

1. What carries neither a source nor a licence nor a rights holder is held back, and so is what
   carries a licence that reserves all rights (`hold_unconfirmed`).
2. Where staff turn on `free_after_years`, a poem is free when everybody who wrote it has been dead
   for longer than that, counted in whole years as the law counts; until then it is held back,
   whatever it carries.
3. Whatever a person has confirmed is not held back.

A poem that is held back acts like one that a docent hid everywhere; a work that is held back is not
there for visitors.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from engine import Curation
from kiosk.licences import reserves_all
from kiosk.store.records import Kind, RightsQuestion, RightsRecord

if TYPE_CHECKING:
    from kiosk.config import Settings
    from kiosk.store.database import Store

EARLIER_VERSION = "an earlier version"  # confirmed what was spoken before rights were kept
SAYS_NOTHING = frozenset(
    {
        "",
        "-",
        "?",
        "n/a",
        "na",
        "none",
        "not known",
        "unknown",
        "desconocido",
        "desconocida",
        "미상",
    }
)


class Reason(StrEnum):
    """Why something is held back, in words for staff."""

    UNKNOWN = "neither source, licence nor rights holder is known"
    RESERVED = "its licence reserves all rights"
    TOO_YOUNG = "whoever wrote it died too late for your country"
    NO_YEAR = "nobody said when whoever wrote it died"


@dataclass(frozen=True, slots=True)
class RightsRule:
    """What staff decided."""

    hold_unconfirmed: bool = True
    free_after_years: int | None = None  # after the year of a death; None: not looked at

    def reason(self, record: RightsRecord, year: int) -> Reason | None:
        """Why this is held back in that year; None where it may be used."""
        if record.confirmed_by and record.confirmed_by != EARLIER_VERSION:
            return None
        term = self.free_after_years if record.kind is Kind.POEM else None
        if term is not None:
            # Terms run to the end of a year: who died in 1954 is free after 70 years from 2025 on.
            if any(died is None for died in record.deaths):
                return Reason.NO_YEAR
            if any(died is not None and died + term >= year for died in record.deaths):
                return Reason.TOO_YOUNG
        if not self.hold_unconfirmed or record.confirmed_by:
            return None
        if reserves_all(record.licence):
            return Reason.RESERVED
        if term is None and _says_nothing(record):
            return Reason.UNKNOWN
        return None

    def question(self, kind: Kind, licences: Iterable[str], year: int) -> RightsQuestion | None:
        """Which records `reason` might hold back in that year, out of all with these licences.

        None where nothing can be. Whatever is left out is free.
        """
        term = self.free_after_years if kind is Kind.POEM else None
        if term is None and not self.hold_unconfirmed:
            return None
        return RightsQuestion(
            licences=[text for text in licences if self.hold_unconfirmed and reserves_all(text)],
            silent=sorted(SAYS_NOTHING) if self.hold_unconfirmed and term is None else (),
            died_from=None if term is None else year - term,
            confirmed_by=("",) if term is None else ("", EARLIER_VERSION),
        )


def _says_nothing(record: RightsRecord) -> bool:
    told = (record.source, record.licence, record.rights_holder)
    return all(text.strip().casefold() in SAYS_NOTHING for text in told)


def rule_of(settings: Settings) -> RightsRule:
    """As staff decided for this kiosk."""
    return RightsRule(settings.rights_hold_unconfirmed, settings.rights_free_after_years or None)


class HeldBack:
    """What is held back in one store, now. Safe from several threads; looks again when it must."""

    def __init__(
        self, store: Store, rule: RightsRule, today: Callable[[], date] = date.today
    ) -> None:
        self._store = store
        self._rule = rule
        self._today = today
        self._lock = threading.Lock()
        self._known: dict[Kind, tuple[object, frozenset[int]]] = {}

    def poems(self) -> frozenset[int]:
        """The ids of poems that are neither spoken nor shown."""
        return self._ids(Kind.POEM)

    def artworks(self) -> frozenset[int]:
        """The ids of works that are neither spoken nor shown."""
        return self._ids(Kind.ARTWORK)

    def curation(self, artwork_id: int | None) -> Curation:
        """What docents decided for a work, or for none; what is held back is hidden as well."""
        decided = self._store.curation.for_artwork(artwork_id)
        held = self.poems()
        if not held:
            return decided
        pinned = tuple(poem_id for poem_id in decided.pinned if poem_id not in held)
        return replace(decided, pinned=pinned, hidden=decided.hidden | held)

    def reasons(
        self, kind: Kind, ids: Sequence[int] | None = None
    ) -> list[tuple[RightsRecord, Reason | None]]:
        """Each of a kind, or of these, by id, and why it is held back."""
        year = self._today().year
        records = self._store.rights.records(kind, ids)
        return [(record, self._rule.reason(record, year)) for record in records]

    def _ids(self, kind: Kind) -> frozenset[int]:
        with self._lock:
            year = self._today().year
            state = (self._store.rights.state(), year)
            known, ids = self._known.get(kind, (None, frozenset[int]()))
            if known != state:
                ids = self._judged(kind, year)
                self._known[kind] = (state, ids)
            return ids

    def _judged(self, kind: Kind, year: int) -> frozenset[int]:
        rights = self._store.rights
        with self._store.snapshot():
            question = self._rule.question(kind, rights.licences(kind), year)
            records = [] if question is None else rights.asked(kind, question)
        return frozenset(record.id for record in records if self._rule.reason(record, year))
