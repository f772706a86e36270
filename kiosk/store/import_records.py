"""What the store tells of imports: frozen dataclasses, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ImportKind(StrEnum):
    """What an import brings."""

    POEMS = "poems"
    ARTWORKS = "artworks"


class ImportState(StrEnum):
    """How far an import is."""

    RUNNING = "running"  # or stopped on its way: the same file again completes it
    DONE = "done"
    UNDOING = "undoing"  # or stopped on its way back: undoing it again completes that
    UNDONE = "undone"


class Action(StrEnum):
    """What an import did with a thing."""

    ADDED = "added"
    CHANGED = "changed"


class Subject(StrEnum):
    """What kind of thing an import did it with."""

    POEM = "poem"
    ARTWORK = "artwork"
    POET = "poet"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows so far."""

    done: int = 0  # rows behind us
    added: int = 0
    changed: int = 0
    skipped: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import, as it is listed."""

    id: int
    kind: ImportKind
    source: str  # the file or folder, as it was named
    digest: str  # of its bytes
    who: str
    begun: str  # ISO 8601, UTC
    ended: str | None
    state: ImportState
    total: int  # rows in all
    counts: Counts


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that an import did."""

    place: str  # the row: "row 3"
    action: Action
    subject: Subject
    subject_id: int
    before: Mapping[str, Any] | None = None  # the earlier values of what was changed


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one deed of an import cannot be undone."""

    deed: Deed
    title: str
    reason: str  # completes "poem 17 (“Ozymandias”): …"


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One transaction's part of undoing an import."""

    handled: int  # deeds that this step looked at; 0: there are no more
    cursor: int  # where the next step goes on
    spared: tuple[Obstacle, ...] = ()  # left as they are, since something hangs on them
    pictures: tuple[str, ...] = ()  # copies that no work shows any longer
