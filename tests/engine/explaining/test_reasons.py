"""Why a passage answers, with a model that adds up words, so that every figure can be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from engine import Query, Reason
from engine.explaining import Background, Explainer, concepts
from engine.explaining.backgrounds import pictured
from tests.fakes import Encoded, Read, WordLengthEncoder

PICTURE = Image.new("RGB", (3, 3))
POEM = "The sea is wide\nand I am small\nunder a blue sky\nbeside the sea"


@dataclass
class AddsUp(WordLengthEncoder):
    """A passage scores the weights of its words; pictures and concepts lie along one axis each."""

    weights: Mapping[str, float] = field(default_factory=dict)
    near: Mapping[str, float] = field(default_factory=dict)  # the picture's cosine to a concept
    reaches: int = 10_000

    def picture(self, image: Image.Image) -> Encoded:
        axis = [self.near.get(concept.key, 0.0) for concept in pictured()]
        return Encoded(np.array(axis, np.float32), "")

    def combine(self, picture: Encoded, words: Encoded) -> Encoded:
        return picture

    def passages(self, texts: Sequence[str], **_: object) -> np.ndarray:
        return np.eye(len(texts), dtype=np.float32)

    def reach(self, text: str) -> int:
        return min(self.reaches, len(text))

    def score_tokens(self, query: Encoded, passages: Sequence[Read]) -> np.ndarray:
        sums = [sum(self.weights.get(word, 0.0) for word in one.text.split()) for one in passages]
        return np.array(sums, np.float32)


def why(encoder: AddsUp, words: str = "", text: str = POEM, **options: object) -> Reason:
    background = options.pop("background", Background())
    assert isinstance(background, Background)
    query = Query(PICTURE, words)
    return Explainer(encoder, background).explain(query, [text], **options)[0]  # type: ignore[arg-type]


def keys(reason: Reason) -> list[str]:
    return [one.key for one in reason.shared]


def test_the_line_that_costs_most_is_named_with_its_share() -> None:
    reason = why(AddsUp(weights={"blue": 0.3, "small": 0.1}))
    assert (reason.line, reason.line_share) == (2, pytest.approx(0.75))


def test_no_line_is_named_where_none_stands_out() -> None:
    assert why(AddsUp(weights={"sea": 0.2, "small": 0.2, "blue": 0.2})).line is None
    assert why(AddsUp()).line is None
    assert why(AddsUp(weights={"blue": -0.3})).line is None
    assert why(AddsUp(weights={"sea": 0.9}), text="the sea").line is None


def test_a_subject_is_shared_where_people_saw_it_and_its_words_weigh() -> None:
    encoder = AddsUp(weights={"sea": 0.2, "sky": 0.1})
    reason = why(encoder, "Waves under a wide sky.")
    assert keys(reason) == ["sea", "sky"]
    assert [one.poem for one in reason.shared] == [pytest.approx(0.4), pytest.approx(0.1)]
    assert keys(why(encoder, "A field.")) == []
    assert keys(why(AddsUp(weights={"wide": 0.2}), "Waves under a wide sky.")) == []


def test_as_many_other_words_must_not_weigh_as_much() -> None:
    even = dict.fromkeys(POEM.replace("\n", " ").split(), 0.1)
    assert keys(why(AddsUp(weights=even), "The sky.")) == []
    assert keys(why(AddsUp(weights={**even, "sky": 0.3}), "The sky.")) == ["sky"]


def test_what_the_picture_shows_less_than_pictures_do_is_not_claimed() -> None:
    background = Background({concept.key: 0.1 for concept in pictured()})
    weights = {"sea": 0.2}
    low, high = {"sea": 0.0}, {"sea": 0.3}
    assert keys(why(AddsUp(weights=weights, near=low), "The sea.", background=background)) == []
    shared = why(AddsUp(weights=weights, near=high), "The sea.", background=background).shared
    assert [one.picture for one in shared] == [pytest.approx(0.2)]


def test_a_picture_alone_names_nothing_until_that_is_measured() -> None:
    encoder = AddsUp(weights={"sea": 0.2}, near={"sea": 0.5})
    means = {concept.key: 0.1 for concept in pictured()}
    assert keys(why(encoder, background=Background(means))) == []
    assert keys(why(encoder, background=Background(means, 0.39))) == ["sea"]
    assert keys(why(encoder, background=Background(means, 0.41))) == []


def test_colours_are_claimed_where_they_were_seen_and_nowhere_else() -> None:
    encoder = AddsUp(weights={"blue": 0.2})
    assert keys(why(encoder, "A blue boat.")) == []
    assert keys(why(encoder, seen=("blue", "sea"))) == ["blue"]


def test_at_most_two_subjects_and_one_thing_more() -> None:
    text = "sea and sky and moon\nand love and joy and blue"
    weights = {"sea": 0.4, "sky": 0.1, "moon": 0.2, "love": 0.1, "joy": 0.3, "blue": 0.2}
    words = "sea sky moon love joy"
    reason = why(AddsUp(weights=weights), words, text, seen=("blue",))
    assert keys(reason) == ["sea", "moon", "joy"]


def test_what_is_not_read_is_not_named() -> None:
    far = AddsUp(weights={"beside": 0.9, "small": 0.1}, reaches=POEM.index("beside"))
    assert why(far).line == 1


def test_a_work_known_in_words_only() -> None:
    reasons = Explainer(AddsUp(weights={"sea": 0.2})).explain(Query(words="Blue sea."), [POEM, ""])
    assert [keys(reason) for reason in reasons] == [["sea"], []]
    assert not reasons[1]


def test_every_concept_can_be_asked_for_by_its_key() -> None:
    assert {concept.key for concept in pictured()} < set(concepts())
