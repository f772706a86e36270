"""What the voice reports: which line sounds, and that a narration has ended."""

from __future__ import annotations

from kiosk.events import Action, LineStarted, ParagraphStarted, SpeechFinished
from kiosk.narration import Segment
from kiosk.visit.helping import Helping
from kiosk.visit.reading import Reading
from kiosk.visit.telling import Telling
from kiosk.visit.visit import Visit

Report = LineStarted | ParagraphStarted | SpeechFinished


def heard(visit: Visit, event: Report) -> list[Action]:
    """Keep where the ear is, and mark it on the screen. Reports of older narrations are dropped."""
    if event.narration_id != visit.speaking:
        return []
    visit.quiet = 0.0
    if isinstance(event, SpeechFinished):
        visit.speaking, visit.paused = None, False
    if visit.narration is None or event.narration_id != visit.narration.id:  # said in passing
        return []
    segments = visit.narration.segments
    segment, line = _place(event, segments)
    if segment is None and not isinstance(event, SpeechFinished):
        return []
    visit.segment = visit.segment if segment is None else segment
    stage = visit.stage
    if isinstance(stage, Telling | Helping):
        return stage.heard(visit, line)
    if not isinstance(stage, Reading) or stage.narration is None:
        return []
    if segments is stage.narration.segments:
        return stage.heard(visit, segment, line)
    alone = len(segments) == 1 and segments[0] in stage.narration.segments
    return stage.marked(visit, line) if alone else []


def _place(event: Report, segments: tuple[Segment, ...]) -> tuple[int | None, int | None]:
    """(segment, printed line or paragraph) that has begun to sound; nothing at the end."""
    match event:
        case LineStarted(_, line):
            return next((at for at, s in enumerate(segments) if s.line == line), None), line
        case ParagraphStarted(_, at) if 0 <= at < len(segments):
            return at, segments[at].line
        case _:
            return None, None
