"""What docents decide holds where they decided it."""

from __future__ import annotations

import pytest

from engine.types import Curation
from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.records import ArtworkDraft, PassageCut, PoemDraft


@pytest.fixture
def poems(store: Store) -> list[int]:
    return [store.poems.add(PoemDraft(f"t{n}", "P", "x"), [PassageCut(0, "x")]) for n in range(5)]


@pytest.fixture
def work(store: Store) -> int:
    return store.artworks.add(ArtworkDraft("The Harvesters"))


def test_pins_come_in_order(store: Store, poems: list[int], work: int) -> None:
    for poem in poems[:3]:
        store.curation.pin(work, poem)
    store.curation.pin(work, poems[3], 1)
    store.curation.pin(work, poems[0], 99)  # moved from the second place to the last
    expected = (poems[3], poems[1], poems[2], poems[0])
    assert store.curation.for_artwork(work) == Curation(pinned=expected)
    store.curation.clear(work, poems[1])
    store.curation.pin(work, poems[4], 2)
    assert store.curation.for_artwork(work).pinned == (poems[3], poems[4], poems[2], poems[0])
    assert store.curation.for_artwork(None) == Curation()


def test_hidden_is_hidden_for_the_work_or_everywhere(
    store: Store, poems: list[int], work: int
) -> None:
    store.curation.hide(work, poems[0])
    store.curation.hide(None, poems[1])
    assert store.curation.for_artwork(work).hidden == {poems[0], poems[1]}
    assert store.curation.for_artwork(None).hidden == {poems[1]}


def test_the_works_own_pins_precede_those_for_everywhere(
    store: Store, poems: list[int], work: int
) -> None:
    store.curation.pin(None, poems[0])
    store.curation.pin(None, poems[1])
    store.curation.pin(work, poems[2])
    store.curation.pin(work, poems[1])
    assert store.curation.for_artwork(work).pinned == (poems[2], poems[1], poems[0])
    assert store.curation.for_artwork(None).pinned == (poems[0], poems[1])


def test_hiding_is_stronger_than_a_pin_elsewhere(store: Store, poems: list[int], work: int) -> None:
    store.curation.pin(work, poems[0])
    store.curation.hide(None, poems[0])
    assert store.curation.for_artwork(work) == Curation((), frozenset({poems[0]}))


def test_the_later_decision_counts(store: Store, poems: list[int], work: int) -> None:
    store.curation.hide(work, poems[0])
    store.curation.pin(work, poems[0])
    assert store.curation.for_artwork(work) == Curation((poems[0],), frozenset())
    store.curation.hide(work, poems[0])
    assert store.curation.for_artwork(work) == Curation((), frozenset({poems[0]}))


def test_clearing_one_place_leaves_the_other(store: Store, poems: list[int], work: int) -> None:
    store.curation.pin(work, poems[0])
    store.curation.hide(work, poems[1])
    store.curation.pin(None, poems[2])
    store.curation.clear(work)
    assert store.curation.for_artwork(work) == Curation((poems[2],))
    store.curation.clear(None, poems[2])
    assert store.curation.for_artwork(None) == Curation()


def test_what_is_not_there_cannot_be_pinned(store: Store, poems: list[int], work: int) -> None:
    with pytest.raises(StoreError, match="no poem with the id 99"):
        store.curation.pin(work, 99)
    with pytest.raises(StoreError, match="no artwork with the id 77"):
        store.curation.hide(77, poems[0])


def test_decisions_go_with_the_work_and_the_poem(store: Store, poems: list[int], work: int) -> None:
    store.curation.pin(work, poems[0])
    store.curation.hide(work, poems[1])
    store.poems.delete(poems[1])
    assert store.curation.for_artwork(work) == Curation((poems[0],))
    store.artworks.delete(work)
    assert store.curation.for_artwork(work) == Curation()
