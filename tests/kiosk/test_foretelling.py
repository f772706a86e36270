"""What is rendered ahead is what a visit says."""

from __future__ import annotations

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control
from kiosk.events import ArtworksLoaded, EngineReady, KeyPressed, MatchesReady, Say, Started
from kiosk.foretelling import beginnings_first, poems_said, works_said
from kiosk.session import Session

WORK = ArtworkCard(
    id=7, number="1", title="The Sea", artist="A. B.", date="", description="", picture=None
)
LINES = ("Who has seen the wind?", "Neither I nor you:")
POEMS = tuple(
    MatchedPoem(
        rank=rank,
        poem_id=rank,
        passage_id=rank,
        title=f"Wind {rank}",
        poet="Rossetti",
        lines=LINES,
        language="en",
        whole=LINES,
        score=1.0,
        similarity=1.0,
    )
    for rank in (1, 2)
)


def test_all_that_a_first_visit_says_was_foretold() -> None:
    foretold = [*works_said((WORK,)), *poems_said(WORK, POEMS)]
    known = {(s.text, s.language) for narration in foretold for s in narration.segments}
    session = Session()
    events = [
        Started(),
        ArtworksLoaded((WORK,)),
        EngineReady(),
        KeyPressed(Control.SELECT),
        KeyPressed(Control.SELECT),
        MatchesReady(1, WORK.id, POEMS),
        KeyPressed(Control.NEXT),
    ]
    said = [a.narration for e in events for a in session.handle(e) if isinstance(a, Say)]
    assert len(said) == 5
    assert {(s.text, s.language) for narration in said for s in narration.segments} <= known


def test_beginnings_come_first() -> None:
    poems = poems_said(WORK, POEMS)
    order = [len(narration.segments) for narration in beginnings_first(poems, 2)]
    assert order == [2, 2, *(len(narration.segments) for narration in poems)]
