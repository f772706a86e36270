"""The check itself, with a model that adds up words: it must see both what weighs and what not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from engine import Query
from engine.explaining import Case, Explainer, ReasonFigures, check_reasons
from engine.explaining.checking import (
    PICTURE_CHOOSES,
    READING_CHOOSES,
    SCORE,
    VECTORS_CHOOSE,
    WORDS_CHOOSE,
)
from tests.engine.explaining.test_reasons import AddsUp
from tests.fakes import Encoded, Read

PICTURE = Image.new("RGB", (3, 3))
POEM = "waves upon waves rolling\nsomething quite different\nanother plain verse\nmore words here"


@dataclass
class TwoHalves(AddsUp):
    """Reads as `AddsUp` does; its vectors count the words that `cosines` holds."""

    cosines: Mapping[str, float] = None  # type: ignore[assignment]

    def picture(self, image: Image.Image) -> Encoded:
        return Encoded(np.ones(1, np.float32), "")

    def tokens(self, texts: Sequence[str], **_: object) -> list[Read]:
        sums = [sum(self.cosines.get(word, 0.0) for word in text.split()) for text in texts]
        return [
            Read(np.array([each], np.float32), text) for each, text in zip(sums, texts, strict=True)
        ]


def check(weights: Mapping[str, float], cosines: Mapping[str, float]) -> ReasonFigures:
    encoder = TwoHalves(weights=weights, cosines=cosines)
    case = Case(Query(PICTURE, "The sea."), [POEM])
    return check_reasons(encoder, Explainer(encoder), [case])


def test_halves_that_agree_confirm_each_other() -> None:
    figures = check({"waves": 0.2}, {"waves": 0.1})
    assert (figures.passages, figures.line_named, figures.subject_named) == (1, 1.0, 1.0)
    for found, named in (
        (figures.lines[SCORE], 0.4),
        (figures.lines[VECTORS_CHOOSE], 0.4),
        (figures.lines[READING_CHOOSES], 0.2),
        (figures.subjects[SCORE], 0.4),
        (figures.subjects[READING_CHOOSES], 0.2),
    ):
        assert found.count == 1
        assert found.named == pytest.approx(named)
        assert found.other == found.others == pytest.approx(0.0)
        assert found.more == 1.0
        assert found.holds


def test_picture_and_words_confirm_each_other() -> None:
    figures = check({"waves": 0.2}, {})
    for found in (figures.lines[PICTURE_CHOOSES], figures.lines[WORDS_CHOOSE]):
        assert found.named == pytest.approx(0.4)
        assert found.holds


def test_halves_that_do_not_agree_are_found_out() -> None:
    figures = check({"waves": 0.2}, {"verse": 0.1})
    assert figures.lines[SCORE].holds
    assert not figures.lines[VECTORS_CHOOSE].holds
    assert not figures.lines[READING_CHOOSES].holds
    assert VECTORS_CHOOSE not in figures.subjects


def test_nothing_to_hide_is_no_figure() -> None:
    encoder = TwoHalves(cosines={})
    figures = check_reasons(encoder, Explainer(encoder), [Case(Query(PICTURE), ["one line"])])
    assert figures.passages == 1
    assert figures.lines == {}


def test_the_same_seed_draws_the_same() -> None:
    weights = {word: 0.01 * place for place, word in enumerate(POEM.split())}
    assert check(weights, weights) == check(weights, weights)


def test_without_a_cross_encoder_there_is_one_half() -> None:
    encoder = TwoHalves(weights={"waves": 0.2}, cosines={}, reranks=False)
    figures = check_reasons(encoder, Explainer(encoder), [Case(Query(PICTURE), [POEM])])
    assert list(figures.lines) == [SCORE]  # and no words beside the picture
