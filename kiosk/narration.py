"""The words to be spoken: match + artwork -> `Narration`. Pure; knows no Qt, SQL or sound.

A narration is a list of segments. Each is spoken as one utterance, has an id, and is reported as
started and finished, so that the screen can mark the line that is being heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SegmentKind(StrEnum):
    """What a segment is to the listener."""

    ANNOUNCEMENT = "announcement"
    TITLE = "title"
    POET = "poet"
    LINE = "line"
    PAUSE = "pause"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance, or one silence."""

    id: str  # unique within its narration
    kind: SegmentKind
    text: str  # what is said; empty for a pause
    language: str = "en"  # BCP 47
    pause_ms: int = 0  # silence after the utterance
    line: int | None = None  # for LINE: index into the passage's printed lines


@dataclass(frozen=True, slots=True)
class Narration:
    """What the kiosk says in answer to one thing that happened."""

    id: str
    segments: tuple[Segment, ...]
