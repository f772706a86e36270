"""Finding one's way within a narration: from the segment last heard to the one asked for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from kiosk.narration import Segment, SegmentKind


class Step(StrEnum):
    """Where a visitor may go; reading goes on from there."""

    NEXT_LINE = "next line"
    PREVIOUS_LINE = "previous line"
    REPEAT_LINE = "repeat line"
    REPEAT_STANZA = "repeat stanza"
    REPEAT_POEM = "repeat poem"


def find_step(segments: Sequence[Segment], at: int, step: Step) -> int | None:
    """The segment to begin at, from segment `at`; None where nothing follows.

    A line is any segment with words, so that title and hint can be stepped through, too. Before
    the first there is the first. A pause between two stanzas belongs to the one just heard.
    """
    spoken = [index for index, segment in enumerate(segments) if segment.text.strip()]
    if not spoken:
        return None
    here = max((index for index in spoken if index <= at), default=spoken[0])
    match step:
        case Step.NEXT_LINE:
            return next((index for index in spoken if index > here), None)
        case Step.PREVIOUS_LINE:
            return max((index for index in spoken if index < here), default=here)
        case Step.REPEAT_LINE:
            return here
        case Step.REPEAT_STANZA:
            return _stanza_start(segments, here)
        case Step.REPEAT_POEM:
            return _poem_start(segments)


def _stanza_start(segments: Sequence[Segment], here: int) -> int:
    """The first line of the stanza at `here`; after the poem, of its last; before it, the start."""
    lines = [index for index in _lines(segments) if index <= here]
    if not lines:
        return 0
    start = lines.pop()
    while lines and not _parted(segments, lines[-1], start):
        start = lines.pop()
    return start


def _poem_start(segments: Sequence[Segment]) -> int:
    """Its title, or its first line; of what is no poem, the start."""
    titles = (i for i, segment in enumerate(segments) if segment.kind is SegmentKind.TITLE)
    return next(titles, next(iter(_lines(segments)), 0))


def _lines(segments: Sequence[Segment]) -> list[int]:
    return [i for i, segment in enumerate(segments) if segment.kind is SegmentKind.LINE]


def _parted(segments: Sequence[Segment], one: int, other: int) -> bool:
    """Whether a stanza ends between two neighbouring lines."""
    if any(segments[i].kind is SegmentKind.PAUSE for i in range(one, other)):
        return True
    before, after = segments[one].line, segments[other].line
    return before is not None and after is not None and after != before + 1
