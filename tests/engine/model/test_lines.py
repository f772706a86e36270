"""A passage is as near as it is as a whole, and as near as its nearest line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.model.encoder import Encoder, load_encoder
from engine.model.text_towers import BertReader
from engine.model.weighing import Weighing, WordsWeight
from engine.types import PassageTokens

Tiny = tuple[Path, dict[str, Any]]
LONG = "\n".join(["the sea is dark and deep", "gold", "a dog runs in snow", "moon and sun"] * 3)
TEXTS = ["the sea is dark\na dog runs in snow\n\ngold", "moon", "", "\n\n", LONG]


@pytest.fixture
def lined(tiny_bundle: Tiny) -> Encoder:
    """The tiny bundle, with a share for the nearest line."""
    folder, manifest = tiny_bundle
    calibration = manifest["calibration"] | {"lines_weight": 0.4}
    return load_encoder(folder, {**manifest, "calibration": calibration})


def test_each_line_has_its_tokens(tiny_bundle: Tiny) -> None:
    folder, _ = tiny_bundle
    reader = BertReader(folder / "tokenizer.json", 64)
    (spans,) = reader.lines(TEXTS[:1])
    whole = reader.ids(TEXTS[:1])[0]
    alone = reader.ids(["the sea is dark", "a dog runs in snow", "gold"])
    assert [whole[first:end] for first, end in spans] == [line[1:-1] for line in alone]
    assert reader.lines(["", "\n\n"]) == [[], []]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(st.sampled_from(["sea", "moon", "gold"]), max_size=5), max_size=9))
def test_lines_stand_one_after_another_within_the_context(
    tiny_bundle: Tiny, lines: list[list[str]]
) -> None:
    reader = BertReader(tiny_bundle[0] / "tokenizer.json", 12)
    text = "\n".join(" ".join(line) for line in lines)
    (spans,), (ids,) = reader.lines([text]), reader.ids([text])
    inside = [place for first, end in spans for place in range(first, end)]
    assert inside == list(range(1, len(ids) - 1))
    assert len(spans) <= sum(map(bool, lines))


def test_lines_are_kept_with_what_is_read(lined: Encoder, encoder: Encoder) -> None:
    read, without = lined.tokens(TEXTS, batch_size=2), encoder.tokens(TEXTS)
    counts = [len(one.lines) for one in read]
    assert counts[:4] == [3, 1, 0, 0]
    assert 4 < counts[4] <= 12  # as many as fit the tower's context
    assert [len(one.lines) for one in without] == [0] * len(TEXTS)
    for one, other in zip(read, without, strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(one.lines, axis=1), 1.0, atol=1e-5)


def test_the_nearest_line_has_its_share_and_both_paths_agree(
    lined: Encoder, encoder: Encoder
) -> None:
    words = lined.words("a dog runs in snow")
    picture = lined.picture(Image.new("RGB", (40, 40), "navy"))
    read = lined.tokens(TEXTS)
    for query in (words, picture, lined.combine(picture, words)):
        scores = lined.score(query, TEXTS, batch_size=2)
        assert lined.score_tokens(query, read) == pytest.approx(scores, abs=1e-4)
        logits, were = (np.log(s / (1 - s)) for s in (scores, encoder.score(query, TEXTS)))
        whole = np.array([one.vector @ query.vector for one in read])
        best = np.array([max([*(one.lines @ query.vector)], default=0) for one in read])
        there = np.array([len(one.lines) > 0 for one in read])
        trust = 10.0  # of a fresh cross-encoder
        assert logits - were == pytest.approx(trust * 0.4 * there * (best - whole), abs=0.02)


def test_what_people_noted_is_in_each_line(tiny_bundle: Tiny) -> None:
    folder, manifest = tiny_bundle
    calibration = manifest["calibration"] | {"lines_weight": 0.4, "subjects_weight": 0.25}
    encoder = load_encoder(folder, {**manifest, "calibration": calibration})
    subjects = ["sun, boats", "", "", "", "moon"]
    read, without = encoder.tokens(TEXTS, subjects=subjects), encoder.tokens(TEXTS)
    about = encoder.passages(["sun, boats", "moon"])
    for one, plain, noted in zip(
        read, without, [about[0], None, None, None, about[1]], strict=True
    ):
        mixed = plain.lines if noted is None else 0.75 * plain.lines + 0.25 * noted
        wanted = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        np.testing.assert_allclose(one.lines, wanted, atol=1e-5)
    query = encoder.words("the sea is dark")
    scores = encoder.score(query, TEXTS, subjects=subjects)
    assert encoder.score_tokens(query, read) == pytest.approx(scores, abs=1e-4)


def test_half_precision_is_enough_for_lines(lined: Encoder) -> None:
    query = lined.words("the sea is dark")
    halved = [
        PassageTokens(one.tokens, one.vector, one.lines.astype(np.float16))
        for one in lined.tokens(TEXTS)
    ]
    assert lined.score_tokens(query, halved) == pytest.approx(lined.score(query, TEXTS), abs=1e-3)


@given(
    share=st.floats(0, 1),
    whole=st.floats(-1, 1),
    lines=st.lists(st.floats(-1, 1, width=32), max_size=6),
)
def test_what_is_near_lies_between_whole_and_nearest_line(
    share: float, whole: float, lines: list[float]
) -> None:
    weighing = Weighing(WordsWeight(0.5), lines=share)
    (near,) = weighing.near(np.array([whole], np.float32), [np.array(lines, np.float32)]).tolist()
    low, high = sorted([whole, max(lines, default=whole)])
    assert low - 1e-6 <= near <= high + 1e-6
