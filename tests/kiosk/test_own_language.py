"""Whoever visits in a language gets its poems first, and the model reads a gloss for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Curation, Query
from engine.pipeline import Engine
from kiosk.encoding import encode_missing, open_index
from kiosk.own_language import ANY, ReadByModel, Tongues, match_own_first
from kiosk.store.database import Store, open_store
from kiosk.store.records import PassageCut, PoemDraft
from tests.fakes import WordLengthEncoder

LANGUAGES = ["en", "en-GB", "ko", "es-MX"]
GLOSS = "A boat on a river at night."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("tongues") / "store.sqlite") as made:
        for number in range(12):
            text = f"verse {'x' * (number + 1)}"
            language = LANGUAGES[number % len(LANGUAGES)]
            extra = {} if language.startswith("en") else {"gloss": GLOSS}
            draft = PoemDraft(text, "A Poet", text, language=language, extra=extra)
            made.poems.add(draft, [PassageCut(0, text)])
        yield made


@pytest.fixture(scope="module")
def engine(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    encoder = WordLengthEncoder()
    encode_missing(store, encoder, "f")
    index = open_index(store, "f", encoder.dimensions, tmp_path_factory.mktemp("cache"))
    return Engine(encoder, index, ReadByModel(store.poems))


def test_languages_are_told_apart_by_their_first_subtag(store: Store) -> None:
    tongues = Tongues.of(store.poems)
    assert {language: len(ids) for language, ids in tongues.poems.items()} == {
        "en": 6,
        "ko": 3,
        "es": 3,
    }
    assert tongues.own("es") == tongues.own("es-ES") == "es"
    assert tongues.own("fi") == ANY
    assert tongues.foreign(ANY) == frozenset()
    assert Tongues({"en": frozenset({1})}).own("en") == ANY  # nothing to be told apart


@given(
    own=st.sampled_from(["en", "ko", "es"]),
    k=st.integers(1, 14),
    pinned=st.lists(st.integers(1, 12), max_size=3, unique=True),
    hidden=st.sets(st.integers(1, 12), max_size=5),
)
def test_pinned_then_own_then_any_others(
    store: Store, engine: Engine, own: str, k: int, pinned: list[int], hidden: set[int]
) -> None:
    tongues = Tongues.of(store.poems)
    curation = Curation(tuple(p for p in pinned if p not in hidden), frozenset(hidden))
    found = match_own_first(engine, Query(words="a boat"), k, curation, tongues, own).matches
    ids = [match.poem_id for match in found]
    assert len(ids) == len(set(ids)) == min(k, 12 - len(hidden))
    assert not set(ids) & hidden
    assert [match.rank for match in found] == list(range(1, len(found) + 1))
    shown = list(curation.pinned[:k])
    assert ids[: len(shown)] == shown
    is_own = [poem in tongues.poems[own] for poem in ids[len(shown) :]]
    assert is_own == sorted(is_own, reverse=True)  # no other before one's own


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        ("sea; night; moon", "sea, night, moon"),
        (" mother and child ;; love,", "mother and child, love"),
        ("harvest|autumn\nwheat", "harvest, autumn, wheat"),
        (" ; ", ""),
    ],
)
def test_the_model_reads_what_people_noted_as_subjects(
    tmp_path: Path, noted: str, read: str
) -> None:
    with open_store(tmp_path / "store.sqlite") as store:
        for text, extra in (("the sea", {"subjects": noted}), ("the moon", {})):
            draft = PoemDraft(text, "A Poet", text, language="en", extra=extra)
            store.poems.add(draft, [PassageCut(0, text)])
        encoder = SubjectsHeard()
        encode_missing(store, encoder, "f")
        encode_missing(store, encoder, "g", reader=encoder)
        assert encoder.heard == [read, ""] * 2
        assert [one.subjects for one in ReadByModel(store.poems).passages([1, 2])] == [read, ""]


class SubjectsHeard(WordLengthEncoder):
    """Remembers which subjects it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def passages(self, texts: Sequence[str], *, subjects: Sequence[str] = (), **_: Any) -> Any:
        self.heard += subjects
        return super().passages(texts)

    def tokens(self, texts: Sequence[str], *, subjects: Sequence[str] = (), **_: Any) -> Any:
        self.heard += subjects
        return super().tokens(texts)


def test_the_model_reads_the_gloss_and_the_visitor_the_verse(store: Store) -> None:
    korean = min(Tongues.of(store.poems).poems["ko"])
    passage = store.poems.passages_of(korean)[0]
    assert ReadByModel(store.poems).passages([passage.id])[0].text == GLOSS
    assert passage.text.startswith("verse")
    vectors = next(iter(store.embeddings.read("f"))) if store.embeddings.count("f") else None
    if vectors is None:  # the order of tests is free
        encode_missing(store, WordLengthEncoder(), "f")
        vectors = next(iter(store.embeddings.read("f")))
    place = vectors.passage_ids.tolist().index(passage.id)
    assert np.allclose(vectors.vectors[place], WordLengthEncoder().passages([GLOSS])[0])
