"""A collection that could not be read at first is read when it can be."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.cards import ArtworkCard
from kiosk.events import ArtworksFailed, ArtworksLoaded, EngineFailed, EngineReady, Event
from kiosk.ports import Matcher
from kiosk.searches import Searches
from kiosk.store.database import Store, open_store
from kiosk.store.records import ArtworkDraft
from kiosk.tasks import ImmediatePool, Tasks
from tests.postgres import debian_programs, running


class Reading:
    """The works of a store; there is nothing to match with, and nothing to rank."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def artworks(self) -> Sequence[ArtworkCard]:
        return [
            ArtworkCard(work.id, work.number or "", work.title, work.artist, work.date, "", None)
            for work in self._store.artworks.list()
        ]

    def load(self) -> None:
        """No model."""

    def unranked(self) -> Sequence[int]:
        return []


@pytest.mark.slow
def test_a_server_that_starts_after_the_kiosk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    with running(debian_programs()) as server, ExitStack() as opened:
        place = server.place(tmp_path)
        with open_store(place) as store:
            store.artworks.add(ArtworkDraft("Wave"))
        server.stop()
        tasks = Tasks(ImmediatePool())

        def make_matcher() -> Matcher:
            return cast("Matcher", Reading(opened.enter_context(open_store(place))))

        searches = Searches(make_matcher, tasks, tasks, events.append)
        searches.open()
        searches.rank_ahead(lambda: True)  # too soon to try again
        assert kinds(events) == [ArtworksFailed, EngineFailed]
        monkeypatch.setattr("kiosk.searches.AGAIN_S", 0.0)
        searches.rank_ahead(lambda: True)  # in vain
        assert kinds(events) == [ArtworksFailed, EngineFailed] * 2
        server.start()
        searches.rank_ahead(lambda: True)
        assert kinds(events)[4:] == [ArtworksLoaded, EngineReady]
        loaded = events[4]
        assert isinstance(loaded, ArtworksLoaded)
        assert [card.title for card in loaded.artworks] == ["Wave"]
        searches.rank_ahead(lambda: True)
        assert len(events) == 6
        tasks.close()


def kinds(events: Sequence[Event]) -> list[Any]:
    return [type(event) for event in events]
