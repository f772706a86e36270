"""Answers found ahead: used while nothing has changed, and never afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine import Curation, Match, Reason, Shared
from engine.bundles import Bundle
from kiosk.config import load_settings
from kiosk.matching import MatchService
from kiosk.ranked_ahead import Kept, RankedAhead, still_whole
from kiosk.rights import HeldBack, RightsRule
from kiosk.store.database import Store, open_store
from kiosk.store.records import ArtworkDraft, PassageCut, PoemDraft
from tests.fakes import WordLengthEncoder

MANIFEST: dict[str, Any] = {
    "name": "b",
    "version": "1",
    "architecture": {},
    "files": {},
    "calibration": {"words_weight": 0.4},
}


REASONS = [Reason(0, 0.75, (Shared("sea", "subject", 0.25, 0.5),)), Reason(), Reason(2, 0.5)]


@dataclass
class House:
    """A store with a few poems and a work, and an answer that was found for it."""

    store: Store
    manifest: dict[str, Any] = field(default_factory=lambda: dict(MANIFEST))
    offered: int = 5
    rule: RightsRule = field(default_factory=lambda: RightsRule(hold_unconfirmed=False))
    work: int = 0
    poems: list[int] = field(default_factory=list)

    @property
    def ahead(self) -> RankedAhead:
        bundle = Bundle(Path(), self.manifest)
        return RankedAhead(self.store, bundle, self.offered, self.decided)

    @property
    def decided(self) -> Callable[[int | None], Curation]:
        return HeldBack(self.store, self.rule).curation

    def add_poem(self, text: str) -> int:
        return self.store.poems.add(PoemDraft(text, "A Poet", text), [PassageCut(0, text)])

    def known(self) -> Kept | None:
        artwork = self.store.artworks.get(self.work)
        assert artwork is not None
        return self.ahead.get(artwork, self.decided(self.work))


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(open_store(tmp_path / "store.sqlite"))
    made.poems = [made.add_poem(f"a line of poem {number}") for number in range(3)]
    Image.new("RGB", (4, 4)).save(tmp_path / "wave.png")
    made.work = made.store.artworks.add(ArtworkDraft("Wave", image="wave.png"))
    artwork = made.store.artworks.get(made.work)
    assert artwork is not None
    passages = [made.store.poems.passages_of(poem)[0].id for poem in made.poems]
    matches = [
        Match(rank, poem, passage, 0.9 - rank / 10, 0.25)
        for rank, (poem, passage) in enumerate(zip(made.poems, passages, strict=True), start=1)
    ]
    decided = made.store.curation.for_artwork(made.work)
    stamp = made.ahead.stamp(artwork, made.store.poems.state(), decided)
    made.ahead.keep(artwork, stamp, matches, reasons=REASONS)
    return made


def test_what_was_kept_comes_back_whole(house: House) -> None:
    kept = house.known()
    assert kept is not None
    assert [reason for _, reason in kept] == REASONS
    assert [(one.rank, one.poem_id, round(one.score, 6)) for one, _ in kept] == [
        (1, house.poems[0], 0.8),
        (2, house.poems[1], 0.7),
        (3, house.poems[2], 0.6),
    ]
    poems = still_whole(house.store, kept)
    assert poems is not None
    assert [poem.title for poem in poems] == [f"a line of poem {number}" for number in range(3)]
    assert house.ahead.unranked() == []


def test_an_answer_without_reasons_is_used_and_the_work_is_ranked_again(house: House) -> None:
    kept, artwork = house.known(), house.store.artworks.get(house.work)
    assert kept is not None
    assert artwork is not None
    decided = house.store.curation.for_artwork(house.work)
    stamp = house.ahead.stamp(artwork, house.store.poems.state(), decided)
    house.ahead.keep(artwork, stamp, [match for match, _ in kept])
    assert house.known() == [(match, None) for match, _ in kept]
    assert house.ahead.unranked() == [house.work]
    new_poem(house)
    assert house.known() is None


def new_poem(house: House) -> None:
    house.add_poem("another one")


def poem_gone(house: House) -> None:
    house.store.poems.delete(house.poems[2])


def one_gone_one_new(house: House) -> None:
    house.store.poems.delete(house.poems[2])
    house.add_poem("in its place")


def hidden(house: House) -> None:
    house.store.curation.hide(house.work, house.poems[0])


def hidden_everywhere(house: House) -> None:
    house.store.curation.hide(None, house.poems[0])


def held_back(house: House) -> None:
    house.rule = RightsRule()  # of which nothing here says whose it is


def pinned(house: House) -> None:
    house.store.curation.pin(house.work, house.poems[2])


def other_picture(house: House) -> None:
    Image.new("RGB", (9, 9), "red").save(house.store.path.parent / "wave.png")
    os.utime(house.store.path.parent / "wave.png", ns=(1, 1))


def other_bundle(house: House) -> None:
    house.manifest = {**MANIFEST, "architecture": {"joint": 8}}


def other_calibration(house: House) -> None:
    house.manifest = {**MANIFEST, "calibration": {"words_weight": 0.5}}


def more_offered(house: House) -> None:
    house.offered = 6


CHANGES = (
    new_poem,
    poem_gone,
    one_gone_one_new,
    hidden,
    hidden_everywhere,
    held_back,
    pinned,
    other_picture,
    other_bundle,
    other_calibration,
    more_offered,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_any_change_it_is_not_used(house: House, change: Callable[[House], None]) -> None:
    change(house)
    assert house.known() is None
    assert house.ahead.unranked() == [house.work]


def test_a_decision_for_another_work_changes_nothing(house: House) -> None:
    other = house.store.artworks.add(ArtworkDraft("Snow"))
    house.store.curation.hide(other, house.poems[0])
    assert house.known() is not None
    assert house.ahead.unranked() == [other]


def test_an_answer_goes_with_its_work(house: House) -> None:
    house.store.artworks.delete(house.work)
    assert house.store.answers.stamps(house.ahead._bundle.fingerprint) == {}


def test_an_answer_for_a_work_that_is_gone_is_not_kept(house: House) -> None:
    house.store.answers.keep(99, "f", "s", [])
    assert house.store.answers.get(99, "f", "s") is None


def test_bundles_do_not_read_each_others_answers_and_are_forgotten_alone(house: House) -> None:
    fingerprint = house.ahead._bundle.fingerprint
    house.store.answers.keep(house.work, "other", "s", [])
    assert house.store.answers.get(house.work, "other", "s") == []
    house.store.answers.forget("other")
    assert house.store.answers.get(house.work, "other", "s") is None
    assert list(house.store.answers.stamps(fingerprint)) == [house.work]


def test_the_service_answers_a_known_work_without_a_model_and_takes_in_new_poems(
    own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real service and bundle; only the network is a small one, counted as it is loaded."""
    loaded: list[str] = []

    def load(bundle: Bundle) -> WordLengthEncoder:
        loaded.append(bundle.name)
        return WordLengthEncoder()

    monkeypatch.setattr("engine.loading.load_encoder", load)
    settings = load_settings()
    with open_store(settings.store_path) as store:
        for word in ("aaa", "bb bb", "cccc"):
            store.poems.add(PoemDraft(word, "P", word, source="me"), [PassageCut(0, word)])
        (settings.data_dir / "pictures").mkdir(exist_ok=True)
        Image.new("RGB", (8, 6), "navy").save(settings.data_dir / "pictures" / "a.png")
        draft = ArtworkDraft("Blue", image="pictures/a.png", room="Hall 2", source="me")
        work = store.artworks.add(draft)
        service = MatchService(settings, store)
        (card,) = service.artworks()
        assert (card.colours, card.room, card.language) == (None, "Hall 2", "en")
        assert service.known(work) is None
        assert service.rank_ahead() == 1
        found = service.match_artwork(work)
        assert len(loaded) == 1

        fresh = MatchService(settings, store)
        known = fresh.known(work)
        assert known is not None
        assert (known.matches, known.fits) == (found.matches, found.fits)
        assert fresh.unranked() == []
        seen = fresh.artworks()[0].colours
        assert seen is not None
        assert seen.main == ("dark-blue",)
        assert len(loaded) == 1

        store.poems.add(PoemDraft("aa", "P", "aa", source="me"), [PassageCut(0, "aa")])
        assert service.known(work) is None
        assert len(service.match_artwork(work).matches) == 4  # without loading the model again
        assert len(loaded) == 1
        again = fresh.known(work)
        assert again is not None
        assert len(again.matches) == 4
