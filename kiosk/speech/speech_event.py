"""What the voice tells of a narration, as heard, and how soon one wants to be heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class SpeechEventKind(StrEnum):
    """What happened to a narration, as heard."""

    STARTED = "started"  # the segment's first sample was heard
    FINISHED = "finished"  # its last sample was heard; its pause may follow
    DONE = "done"  # the whole narration was heard
    CANCELLED = "cancelled"  # it ends here; the segment is the one that was being heard
    PROBLEM = "problem"  # something failed, in a sentence; the narration goes on


@dataclass(frozen=True, slots=True)
class SpeechEvent:
    """One thing that happened to one narration."""

    kind: SpeechEventKind
    narration_id: str
    segment_id: str | None
    sentence: str = ""  # for PROBLEM: what is wrong and what to do, for staff


Listener = Callable[[SpeechEvent], None]


class Priority(IntEnum):
    """How soon a narration wants to be heard."""

    NOW = 0  # an answer to a key, an error: everything older is stale
    NEXT = 1  # after the narration under way, before all that is NORMAL
    NORMAL = 2  # after all that was said before
