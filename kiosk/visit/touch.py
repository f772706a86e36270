"""What a visitor does with the hands: keys, digits, clicks, and the plug of a headset."""

from __future__ import annotations

from dataclasses import replace

from kiosk.controls import Control
from kiosk.events import (
    Action,
    Dialled,
    KeyPressed,
    OtherKey,
    PauseSpeech,
    Picked,
    ResumeSpeech,
)
from kiosk.narration import Narration
from kiosk.visit.choosing import Choosing, enter_list
from kiosk.visit.helping import Helping
from kiosk.visit.learning import Learning
from kiosk.visit.place_menu import open_menu
from kiosk.visit.reading import Reading
from kiosk.visit.visit import Visit
from kiosk.visit.welcoming import Welcoming, greet

Touch = KeyPressed | Dialled | Picked | OtherKey


def touched(visit: Visit, event: Touch) -> list[Action]:
    """Any key silences first; after a warning it only asks for more time."""
    if visit.warned:
        visit.warned = False
        still = visit.words("still-here", here=visit.stage.here(visit))
        return [*visit.silence(), visit.show(), visit.say(still)]
    if visit.stage == Welcoming():
        if event != KeyPressed(Control.HELP) and not isinstance(event, Dialled | Picked):
            return [*visit.silence(), *greet(visit)]
        visit.stage = Welcoming(greeted=True)
    match event:
        case KeyPressed(Control.LOUDER | Control.SOFTER as control):
            return _change_volume(visit, 1 if control is Control.LOUDER else -1)
        case KeyPressed(Control.PAUSE) if visit.speaking is not None:
            visit.paused, visit.quiet = not visit.paused, 0.0
            return [PauseSpeech() if visit.paused else ResumeSpeech()]
        case KeyPressed(Control.SLOWER | Control.FASTER as control):
            return _change_pace(visit, 1 if control is Control.FASTER else -1)
        case KeyPressed(Control.PAUSE):
            return _go_on(visit)
        case KeyPressed(Control.REPEAT):
            return _repeat(visit)
    silence = visit.silence()
    match event:
        case Dialled(digit):
            return silence + _dial(visit, digit)
        case Picked(position):
            return silence + visit.stage.picked(visit, position)
        case KeyPressed(pressed):
            return silence + _press(visit, pressed)
        case _:
            words = visit.words("other-key", help=visit.key(Control.HELP))
            return silence + visit.aside(words)


def _press(visit: Visit, control: Control) -> list[Action]:
    stage = visit.stage
    match control:
        case Control.HELP if not isinstance(stage, Helping):
            return visit.go(Helping(stage))
        case Control.HOME:
            return greet(visit)
        case Control.MENU:
            return open_menu(visit)
        case _:
            return stage.press(visit, control)


def _dial(visit: Visit, digit: int) -> list[Action]:
    """A digit leads to the list from wherever it is pressed."""
    stage = visit.stage.under if isinstance(visit.stage, Helping) else visit.stage
    home = Welcoming(greeted=True)
    if not visit.artworks:
        return enter_list(visit, home)
    found = stage.digit(visit, digit)
    return found or Choosing(home, visit.artworks).digit(visit, digit) or []


def _change_volume(visit: Visit, by: int) -> list[Action]:
    """The only change that interrupts nothing; it is named where nothing else lets it be heard."""
    action, words = visit.louder(by)
    visit.stage = visit.stage.changed(visit)
    shown = [action, visit.show()]
    return [*shown, *visit.noticed(words)] if visit.audible else [*shown, *visit.aside(words)]


def _change_pace(visit: Visit, by: int) -> list[Action]:
    """The words in the new pace; then on, from the line that was broken off."""
    broken_off = _under_way(visit)
    silence = visit.silence()
    action, words = visit.faster(by)
    visit.stage = visit.stage.changed(visit)
    said = [action, visit.show(), *visit.aside(words)]
    return [*silence, *said, *(_again(visit, broken_off) if broken_off else [])]


def _go_on(visit: Visit) -> list[Action]:
    """There is nothing to pause: on, from the line heard last."""
    heard = visit.narration
    silence = visit.silence()
    if heard is None:
        return [*silence, visit.say(visit.stage.here(visit))]
    return [*silence, *_again(visit, (heard, visit.segment))]


def _repeat(visit: Visit) -> list[Action]:
    """The last portion only."""
    heard, segment = visit.narration, visit.segment
    silence = visit.silence()
    if heard is None:
        return [*silence, visit.say(visit.stage.here(visit))]
    last = replace(heard, id=visit.name(), segments=(heard.segments[segment],))
    return [*silence, visit.tell(last)]


def _under_way(visit: Visit) -> tuple[Narration, int] | None:
    """What is being said, if it is more than a word in passing, and where."""
    heard = visit.narration
    if heard is None or visit.speaking is None or heard.id != visit.speaking:
        return None
    return heard, visit.segment


def _again(visit: Visit, place: tuple[Narration, int]) -> list[Action]:
    heard, segment = place
    stage = visit.stage
    poem = stage.narration if isinstance(stage, Reading) else None
    if isinstance(stage, Reading) and poem is not None and heard.segments is poem.segments:
        return stage.go_from(visit, stage.segment)
    return [visit.again(heard, segment)]


# --- a pad that is taught, a headset ----------------------------------------------------------


def taught(visit: Visit, code: str) -> list[Action]:
    """A key while keys are being taught; at any other time it means nothing."""
    stage = visit.stage
    if not isinstance(stage, Learning):
        return []
    return [*visit.silence(), *stage.learn(visit, code)]


def plugged(visit: Visit) -> list[Action]:
    """Somebody has come; whoever is in the midst of something is not disturbed."""
    if isinstance(visit.stage, Welcoming):
        return [*visit.silence(), *greet(visit)]
    return [] if visit.audible else visit.aside(visit.words("headset-plugged"))


def pulled(visit: Visit) -> list[Action]:
    """Say so, and go on in the line that was broken off."""
    if visit.stage == Welcoming():
        return []
    words = visit.words("headset-pulled")
    if not visit.audible:
        return visit.aside(words)
    broken_off = _under_way(visit)
    silence = visit.silence()
    said = visit.aside(words)
    return [*silence, *said, *(_again(visit, broken_off) if broken_off else [])]
