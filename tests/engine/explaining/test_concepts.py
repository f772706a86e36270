"""The vocabulary, and the words by which a text speaks of it."""

from __future__ import annotations

import re
from collections import Counter

from engine.explaining import concepts
from engine.explaining.concepts import COLOUR, KINDS, LIGHT, spoken_of


def test_every_concept_has_words_and_a_picture_unless_only_colours_tell() -> None:
    for key, concept in concepts().items():
        assert re.fullmatch("[a-z]+", key)
        assert concept.kind in KINDS
        assert concept.words
        assert all(re.fullmatch("[a-z]+", word) for word in concept.words), key
        assert bool(concept.shows) == (concept.kind not in (LIGHT, COLOUR)), key


def test_a_word_speaks_of_one_thing_only() -> None:
    often = Counter(word for concept in concepts().values() for word in concept.words)
    assert [word for word, count in often.items() if count > 1] == []


def test_whole_words_count_however_they_are_written() -> None:
    assert spoken_of("The SEA's edge; oceans, a seaman") == {"sea"}
    assert spoken_of("seasons") == frozenset()
    assert concepts()["sea"].spans("O sea! My sea’s foam") == [(2, 5), (10, 15)]
