"""Works of the collection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.records import ArtworkDraft

WAVE = ArtworkDraft(
    title="The Great Wave",
    number="12 A",
    artist="Katsushika Hokusai",
    date="c. 1830",
    image="pictures/abc.jpg",
    description="A wave.\n\nThree boats.",
    room="3",
    extra={"medium": "woodblock"},
)


def test_a_work_comes_back_whole(store: Store) -> None:
    work = store.artworks.get(store.artworks.add(WAVE))
    assert work is not None
    for name in ArtworkDraft.__dataclass_fields__:
        assert getattr(work, name) == getattr(WAVE, name)
    assert store.picture_path(work) == store.path.parent / "pictures" / "abc.jpg"
    assert store.picture_path(replace(work, image=None)) is None


def test_the_number_on_the_label_finds_it(store: Store) -> None:
    work_id = store.artworks.add(WAVE)
    store.artworks.add(ArtworkDraft("Without a number"))
    store.artworks.add(ArtworkDraft("Another without"))
    for dialled in ("12 A", "12a", " 1 2 A "):
        found = store.artworks.by_number(dialled)
        assert found is not None
        assert found.id == work_id
    assert store.artworks.by_number("12") is None
    assert store.artworks.by_number("") is None


def test_a_number_belongs_to_one_work(store: Store) -> None:
    store.artworks.add(WAVE)
    with pytest.raises(StoreError, match="belongs to “The Great Wave”"):
        store.artworks.add(ArtworkDraft("Other", number="12a"))


@pytest.mark.parametrize(
    ("draft", "same"),
    [
        (WAVE, True),
        (replace(WAVE, title="the great wave!", image=None), True),
        (replace(WAVE, number=None), True),
        (replace(WAVE, number=None, image="pictures/other.jpg"), False),
        (replace(WAVE, number="13"), False),
        (replace(WAVE, date="1831"), False),
        (replace(WAVE, artist="Hiroshige"), False),
    ],
)
def test_what_is_the_same_work(store: Store, draft: ArtworkDraft, same: bool) -> None:
    first = store.artworks.add(WAVE)
    assert store.artworks.duplicate_of(draft) == (first if same else None)
    if same:
        with pytest.raises(StoreError, match="already"):
            store.artworks.add(draft)


def test_list_and_search(store: Store) -> None:
    store.artworks.add(WAVE)
    store.artworks.add(ArtworkDraft("Água", artist="Élise", number="4", room="West"))
    assert [work.title for work in store.artworks.list()] == ["The Great Wave", "Água"]
    assert [work.title for work in store.artworks.list("agua elise")] == ["Água"]
    assert [work.title for work in store.artworks.list("west")] == ["Água"]
    assert store.artworks.count() == 2
    assert store.artworks.count("hokusai") == 1


def test_delete(store: Store) -> None:
    work_id = store.artworks.add(WAVE)
    assert store.artworks.delete(work_id)
    assert not store.artworks.delete(work_id)
    assert store.artworks.get(work_id) is None
    assert store.artworks.add(WAVE) > work_id
