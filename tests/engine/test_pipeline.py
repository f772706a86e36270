"""The walk of one picture, with a word-length encoder whose answers can be checked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.index import Index, empty_index
from engine.pipeline import Engine
from engine.types import Curation, Passage, Query
from tests.fakes import WordLengthEncoder

TEXTS = {1: "a a", 2: "bb bb", 3: "ccc", 4: "dddd", 5: "a a a"}  # passage id -> text
POEMS = {1: 10, 2: 20, 3: 30, 4: 40, 5: 10}  # passage id -> poem id


class Texts:
    def passages(self, ids: Sequence[int]) -> list[Passage]:
        return [Passage(number, POEMS[number], TEXTS[number]) for number in ids]


@pytest.fixture
def encoder() -> WordLengthEncoder:
    return WordLengthEncoder()


@pytest.fixture
def engine(encoder: WordLengthEncoder) -> Engine:
    index = Index(
        "f",
        np.array(list(TEXTS), dtype=np.int64),
        np.array(list(POEMS.values()), dtype=np.int64),
        encoder.passages(list(TEXTS.values())),
    )
    return Engine(encoder, index, Texts())


def poems(engine: Engine, query: Query, k: int = 5, **options: Any) -> list[int]:
    answer = engine.match(query, k, **options)
    assert [match.rank for match in answer.matches] == list(range(1, len(answer.matches) + 1))
    return [match.poem_id for match in answer.matches]


def test_the_cross_encoder_has_the_last_word(engine: Engine) -> None:
    assert poems(engine, Query(words="a")) == [40, 30, 20, 10]


def test_only_the_best_n_are_read_again(engine: Engine, encoder: WordLengthEncoder) -> None:
    assert poems(engine, Query(words="a"), k=2, reranked=2) == [20, 10]
    assert encoder.read == ["a a", "bb bb"]


def test_a_poem_comes_once_by_its_best_passage(engine: Engine) -> None:
    matches = engine.match(Query(words="a"), 5).matches
    assert [match.poem_id for match in matches].count(10) == 1


def test_hidden_poems_do_not_count(engine: Engine) -> None:
    hidden = Curation(hidden=frozenset({40, 10}))
    assert poems(engine, Query(words="a"), k=2, curation=hidden) == [30, 20]


def test_pins_come_first_in_their_order(engine: Engine) -> None:
    pinned = Curation(pinned=(10, 30))
    assert poems(engine, Query(words="dddd"), curation=pinned) == [10, 30, 40, 20]
    assert poems(engine, Query(words="dddd"), k=1, curation=pinned) == [10]
    both = Curation(pinned=(10, 30), hidden=frozenset({10}))
    assert poems(engine, Query(words="dddd"), curation=both) == [30, 40, 20]


def test_a_pinned_poem_that_is_not_encoded_yet_is_passed_over(engine: Engine) -> None:
    assert poems(engine, Query(words="a"), curation=Curation(pinned=(999,)))[0] == 40


def test_picture_words_and_both(engine: Engine, encoder: WordLengthEncoder) -> None:
    picture = Image.new("RGB", (3, 3))
    assert engine.encode(Query(picture)).text == "xxx"
    assert engine.encode(Query(words=" bb ")).text == "bb"
    assert engine.encode(Query(picture, "bb")).text == "xxx+bb"
    assert engine.encode(Query(picture, "  ")).text == "xxx"


def test_nothing_to_search_with(engine: Engine) -> None:
    with pytest.raises(InputError, match="nothing to search with"):
        engine.match(Query(words=" "))


def test_an_empty_index(encoder: WordLengthEncoder) -> None:
    answer = Engine(encoder, empty_index("f", 2), Texts()).match(Query(words="a"))
    assert answer.matches == []


def test_timing_adds_up(engine: Engine) -> None:
    timing = engine.match(Query(words="a")).timing_ms
    parts = timing.encode + timing.search + timing.rerank
    assert parts == pytest.approx(timing.total, abs=0.01)
