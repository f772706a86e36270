"""Every place that five keys lead to, visited: none is missing, none traps, every key is answered.

Breadth first from the door, with the five keys, with the answers that come, and with a camera that
works. Two visits are the same place where the pile of places is, whatever has been set or counted.
"""

from __future__ import annotations

from collections import deque
from dataclasses import fields, replace
from pathlib import Path

import pytest

from kiosk import stages
from kiosk.cards import Credit
from kiosk.controls import FIVE
from kiosk.events import (
    Action,
    ArtworksLoaded,
    CameraReady,
    EngineReady,
    Event,
    KeyPressed,
    MatchesReady,
    PictureTaken,
    Started,
    StopSpeech,
    VoicesKnown,
)
from kiosk.session import Session
from kiosk.stages import Looking, Seeking, Stage
from kiosk.visit.stage import chain
from tests.kiosk.test_session_explored import (
    back_leads_home,
    fork,
    help_answers,
    says,
    silence_is_short,
    waiting_ends_in_a_clean_welcome,
)
from tests.kiosk.visitor import ANSWERS, VOICES, WORKS

# Not with five keys, in a world that is well.
UNSEEN = {"Stage", "PlaceMenu", "Stuck", "Waiting"}
DEEPEST = 60  # steps; more than the way to the furthest place


def place(stage: Stage) -> tuple[object, ...]:
    """The pile of places, without what was heard of it and without which digits were dialled."""
    left_out = ("under", "narration", "segment", "spoken_line", "notice", "ended", "reading")
    return tuple(
        (
            type(one).__name__,
            *(told(f.name, getattr(one, f.name)) for f in fields(one) if f.name not in left_out),
        )
        for one in chain(stage)
    )


def told(name: str, value: object) -> object:
    """Of a number only how long it is, of a line in help only that there is one."""
    match name:
        case "dialled":
            return min(len(str(value)), 2)
        case "line":
            return value is not None
        case _:
            return value


def world(session: Session) -> list[Event]:
    """What can happen beside keys: what was asked for comes."""
    stage = session.stage
    if isinstance(stage, Seeking):
        sought = stage.artwork.id
        first, *others = ANSWERS[sought]
        first = replace(first, credit=Credit(source="a book"))
        return [MatchesReady(session.visit_id, sought, (first, *others))]
    if isinstance(stage, Looking):
        return [CameraReady(session.visit_id), PictureTaken(session.visit_id)]
    return []


def spread(start: Session, *, deepest: int) -> dict[tuple[object, ...], Session]:
    """Every place within `deepest` steps."""
    found = {place(start.stage): start}
    waiting = deque([(start, 0)])
    while waiting:
        session, deep = waiting.popleft()
        if deep == deepest:
            continue
        for event in (*(KeyPressed(control) for control in FIVE), *world(session)):
            there = fork(session)
            actions = there.handle(event)
            if isinstance(event, KeyPressed):
                answered(actions)
            if (key := place(there.stage)) not in found:
                found[key] = there
                waiting.append((there, deep + 1))
    return found


def answered(actions: list[Action]) -> None:
    """Silence first, then words."""
    assert isinstance(actions[0], StopSpeech)
    assert says(actions)


def awake() -> Session:
    session = Session()
    works = (replace(WORKS[0], picture=Path("wave.png")), WORKS[1])
    for event in (ArtworksLoaded(works), EngineReady(), VoicesKnown(VOICES), Started()):
        session.handle(event)
    return session


def holds_everywhere(found: dict[tuple[object, ...], Session]) -> None:
    """What must be so wherever somebody stands."""
    for session in found.values():
        help_answers(fork(session))
        back_leads_home(fork(session))
        silence_is_short(fork(session))


def test_nearby_places_answer_help_and_lead_home() -> None:
    found = spread(awake(), deepest=9)
    assert len(found) > 400
    holds_everywhere(found)


@pytest.mark.slow
def test_every_place_there_is_answers_help_and_leads_home_and_time_ends_it() -> None:
    found = spread(awake(), deepest=DEEPEST)
    assert {str(name) for pile in found for name, *_ in pile} == set(stages.__all__) - UNSEEN  # type: ignore[misc]
    holds_everywhere(found)
    for session in found.values():
        waiting_ends_in_a_clean_welcome(fork(session))
