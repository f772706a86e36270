"""What time does: it invites, warns, and ends a visit wholly."""

from __future__ import annotations

from kiosk.controls import Control
from kiosk.events import Action, Reset, Show, StopSpeech
from kiosk.screens import MessageScreen
from kiosk.visit.stage import hints_of
from kiosk.visit.visit import Visit
from kiosk.visit.welcoming import Welcoming

WARNING_SECONDS = 20  # between the warning and the end of a visit (WCAG 2.2.1)
GREETED_SECONDS = 30.0  # of silence at the welcome until the next key is taken for a newcomer's
LONGEST_SPEECH_SECONDS = 900.0  # of one line; then the end of a narration is taken for lost


def passed(visit: Visit, seconds: float) -> list[Action]:
    """The clock of silence runs, and what is due is done."""
    visit.quiet += seconds
    visit.waited += seconds
    if visit.audible:
        if visit.quiet > LONGEST_SPEECH_SECONDS:
            visit.speaking, visit.quiet = None, 0.0
        return []
    stage = visit.stage
    untouched = visit.preferences == visit.defaults and not visit.paused and not visit.warned
    if isinstance(stage, Welcoming) and untouched:  # nothing would be lost
        return _at_the_door(visit, stage)
    if visit.warned:
        return _leave(visit, quietly=False) if visit.quiet >= WARNING_SECONDS else []
    if (said := stage.passed(visit)) is not None:
        return said
    return _warn(visit) if visit.quiet >= visit.idle_seconds - WARNING_SECONDS else []


def _at_the_door(visit: Visit, stage: Welcoming) -> list[Action]:
    if stage.greeted:
        return _leave(visit, quietly=True) if visit.quiet >= GREETED_SECONDS else []
    if visit.attract_seconds and visit.quiet >= visit.attract_seconds:
        return [visit.say(visit.words("attract"))]
    return []


def _warn(visit: Visit) -> list[Action]:
    visit.warned = True
    words = visit.words("idle-warning", seconds=WARNING_SECONDS)
    hints = hints_of({Control.SELECT: "act-stay"}, visit)
    screen = MessageScreen(visit.words("idle-heading"), words, "", hints)
    return [*visit.aside(words), Show(screen)]


def _leave(visit: Visit, *, quietly: bool) -> list[Action]:
    """End the visit and forget all of it."""
    visit.silence()
    visit.id += 1
    visit.stage, visit.narration, visit.segment = Welcoming(), None, 0
    visit.warned, visit.waited = False, 0.0
    goodbye = [] if quietly else [visit.say(visit.words("goodbye"))]  # in the visitor's language
    actions: list[Action] = [StopSpeech(), Reset(visit.id), visit.apply(visit.defaults)]
    return [*actions, visit.show(), *goodbye]
