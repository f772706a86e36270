"""A hand on the keys of a session without a screen, and what comes of the last press."""

from __future__ import annotations

from kiosk.controls import Control
from kiosk.events import (
    Action,
    ArtworksLoaded,
    EngineReady,
    KeyPressed,
    MatchesReady,
    OpenCamera,
    Say,
    SayFrom,
    Show,
    SpeechFinished,
    VoicesKnown,
)
from kiosk.screens import (
    MenuScreen,
)
from kiosk.session import Session
from tests.kiosk.visitor import ANSWERS, VOICES, WORKS


def said(actions: list[Action]) -> str:
    """What is heard of it, from where it is begun."""
    return " ".join(
        segment.text
        for a in actions
        if isinstance(a, Say | SayFrom)
        for segment in a.narration.segments[getattr(a, "first", 0) :]
    )


def shown(actions: list[Action]) -> object:
    screens = [a.screen for a in actions if isinstance(a, Show)]
    assert screens, actions
    return screens[-1]


def key(control: str) -> KeyPressed:
    return KeyPressed(Control(control))


class Hand:
    """Presses keys and keeps what came of the last one."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or Session()
        self.last: list[Action] = []
        for event in (ArtworksLoaded(WORKS), EngineReady(), VoicesKnown(VOICES)):
            self.session.handle(event)

    def do(self, *controls: str) -> list[Action]:
        for control in controls:
            self.last = self.session.handle(key(control))
        return self.last

    def happen(self, event: object) -> list[Action]:
        self.last = self.session.handle(event)  # type: ignore[arg-type]
        return self.last

    def choose(self, label: str) -> list[Action]:
        for _ in range(30):
            screen = self.session.stage.screen(self.session._visit)
            assert isinstance(screen, MenuScreen)
            if screen.items[screen.position].label.startswith(label):
                return self.do("select")
            self.do("next")
        raise AssertionError(label)

    def finish(self) -> list[Action]:
        return self.happen(SpeechFinished(self.session._visit.speaking or ""))


def reading(artwork: int = 11, **answer: bool) -> Hand:
    hand = Hand()
    hand.do("select", "select")
    if artwork == 12:
        hand.do("next")
    hand.do("select")
    hand.happen(MatchesReady(1, artwork, ANSWERS[artwork], **answer))
    return hand


def looking() -> Hand:
    hand = Hand()
    hand.do("select", "next")
    opened = hand.choose("Show a picture")
    assert opened[1] == OpenCamera(1)
    return hand
