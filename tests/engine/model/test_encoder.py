"""The encoder that everything else talks to, on a tiny bundle with the real parts."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import BundleError
from engine.model.encoder import Encoder, load_encoder
from engine.model.weighing import WordsWeight

TEXTS = [
    "the sea is dark",
    "a dog runs in snow , a dog runs in snow , a dog runs in snow , a dog runs in snow",
    "gold",
    "sun sets on the sea and the boats",
    "",
    "moon",
    "night is deep .\nnight is dark .",
]


def picture(colour: str = "navy") -> Image.Image:
    image = Image.new("RGB", (90, 50), colour)
    image.paste("gold", (30, 10, 60, 25))
    return image


def test_vectors_have_length_one_and_the_right_shape(encoder: Encoder) -> None:
    assert encoder.dimensions == 32
    vectors = encoder.passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 32)
    assert vectors.dtype == np.float32
    for vector in (*vectors, encoder.picture(picture()).vector, encoder.words("the sea").vector):
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_another_picture_has_another_vector(encoder: Encoder) -> None:
    one, other = encoder.picture(picture("navy")), encoder.picture(picture("white"))
    assert not np.allclose(one.vector, other.vector, atol=1e-3)
    assert np.array_equal(one.vector, encoder.picture(picture("navy")).vector)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_pictures_of_any_mode_are_read(encoder: Encoder, mode: str) -> None:
    assert encoder.picture(picture().convert(mode)).vector.shape == (32,)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(len(TEXTS))), batch=st.integers(1, 9))
def test_neither_order_nor_batch_changes_an_answer(
    encoder: Encoder, order: list[int], batch: int
) -> None:
    query = encoder.picture(picture())
    shuffled = [TEXTS[at] for at in order]
    vectors = encoder.passages(shuffled, batch_size=batch)
    assert np.allclose(vectors, encoder.passages(TEXTS)[order], atol=1e-5)
    scores = encoder.score(query, shuffled, batch_size=batch)
    assert np.allclose(scores, encoder.score(query, TEXTS)[order], atol=1e-5)


def test_scores_lie_between_nought_and_one_and_tell_texts_apart(encoder: Encoder) -> None:
    asked = encoder.picture(picture())
    words = encoder.words("the sea is dark")
    for query in (asked, words, encoder.combine(asked, words)):
        scores = encoder.score(query, TEXTS)
        assert scores.shape == (len(TEXTS),)
        assert scores.dtype == np.float32
        assert ((scores >= 0) & (scores <= 1)).all()
        assert len(set(scores.tolist())) == len(TEXTS)


def test_the_picture_the_words_and_both_are_three_queries(encoder: Encoder) -> None:
    asked, words = encoder.picture(picture()), encoder.words("the sea is dark")
    both = encoder.combine(asked, words)
    mixed = 0.75 * asked.vector + 0.25 * words.vector  # the tiny manifest's share of words
    assert np.allclose(both.vector, mixed / np.linalg.norm(mixed), atol=1e-6)
    scores = [encoder.score(query, TEXTS) for query in (asked, words, both)]
    assert not np.allclose(scores[0], scores[2], atol=1e-5)
    assert not np.allclose(scores[1], scores[2], atol=1e-5)


def test_words_weigh_the_more_the_more_they_say(tiny_bundle: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = tiny_bundle
    weighed = {**manifest, "calibration": {"words_weight": 0.8, "words_half": 4}}
    encoder = load_encoder(folder, weighed)
    asked = encoder.picture(picture())
    for text, tokens in (("gold", 1), ("the sea is dark", 4)):
        words = encoder.words(text)
        assert words.length == tokens
        share = 0.8 * tokens / (tokens + 4)
        mixed = (1 - share) * asked.vector + share * words.vector
        both = encoder.combine(asked, words)
        assert np.allclose(both.vector, mixed / np.linalg.norm(mixed), atol=1e-6)


@given(
    most=st.floats(0, 1),
    half=st.floats(0, 1e6),
    lengths=st.lists(st.integers(1, 512), min_size=2).map(sorted),
)
def test_a_share_grows_with_the_length_and_stays_below_the_most(
    most: float, half: float, lengths: list[int]
) -> None:
    shares = [WordsWeight(most, half).share(length) for length in lengths]
    assert all(after >= before - 1e-12 for before, after in pairwise(shares))
    assert all(0 <= share <= most + 1e-12 for share in shares)
    assert WordsWeight(most, half).share(0) == 0


@pytest.mark.parametrize("nothing", ["", "  ", "\n\t "])
def test_words_without_a_word_leave_the_picture_alone(encoder: Encoder, nothing: str) -> None:
    asked = encoder.picture(picture())
    both = encoder.combine(asked, encoder.words(nothing))
    assert np.array_equal(both.vector, asked.vector)
    assert np.array_equal(encoder.score(both, TEXTS), encoder.score(asked, TEXTS))


def test_what_exceeds_the_context_is_not_read(encoder: Encoder) -> None:
    whole = "the sea is dark and deep " * 30
    cut = " ".join(whole.split()[:22])  # a context of 24, less the two marks
    assert np.allclose(encoder.passages([whole]), encoder.passages([cut]), atol=1e-6)
    assert not np.allclose(encoder.passages([whole]), encoder.passages(["the sea"]), atol=1e-4)
    query = encoder.words(whole)
    assert np.allclose(encoder.score(query, [whole]), encoder.score(query, [cut]), atol=1e-6)


def test_progress_counts_up_to_the_last_text(encoder: Encoder) -> None:
    heard: list[int] = []
    encoder.passages(TEXTS, batch_size=3, progress=heard.append)
    assert heard == [3, 6, 7]


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.passages([]).shape == (0, 32)
    assert encoder.score(encoder.words("sea"), []).shape == (0,)


def test_a_bundle_loaded_twice_answers_alike(tiny_bundle: tuple[Path, dict[str, Any]]) -> None:
    first, second = load_encoder(*tiny_bundle), load_encoder(*tiny_bundle)
    assert np.array_equal(first.passages(TEXTS), second.passages(TEXTS))
    query = first.picture(picture())
    assert np.array_equal(first.score(query, TEXTS), second.score(query, TEXTS))


@pytest.mark.parametrize(
    "name",
    ["image_tower.safetensors", "text_tower.safetensors", "heads.safetensors", "tokenizer.json"],
)
@pytest.mark.parametrize("harm", ["gone", "garbage"])
def test_a_broken_file_is_named(
    tiny_bundle: tuple[Path, dict[str, Any]], name: str, harm: str
) -> None:
    folder, manifest = tiny_bundle
    (folder / name).unlink()
    if harm == "garbage":
        (folder / name).write_bytes(b"not what it was")
    with pytest.raises(BundleError, match=name.replace(".", r"\.")):
        load_encoder(folder, manifest)


def test_weights_of_another_architecture_are_refused(
    tiny_bundle: tuple[Path, dict[str, Any]],
) -> None:
    folder, manifest = tiny_bundle
    shutil.copy(folder / "text_tower.safetensors", folder / "image_tower.safetensors")
    with pytest.raises(BundleError, match="do not fit the architecture"):
        load_encoder(folder, manifest)


@pytest.mark.parametrize("calibration", [None, {}, {"words_weight": 1.5}, {"words_weight": "half"}])
def test_a_manifest_without_a_usable_weight_is_refused(
    tiny_bundle: tuple[Path, dict[str, Any]], calibration: object
) -> None:
    folder, manifest = tiny_bundle
    with pytest.raises(BundleError, match="words_weight"):
        load_encoder(folder, {**manifest, "calibration": calibration})


@pytest.fixture
def told(tiny_bundle: tuple[Path, dict[str, Any]]) -> Encoder:
    """An encoder that gives noted subjects two fifths of a vector."""
    folder, manifest = tiny_bundle
    weighed = {**manifest, "calibration": {"words_weight": 0.25, "subjects_weight": 0.4}}
    return load_encoder(folder, weighed)


def test_subjects_that_people_noted_have_a_share_in_a_passages_vector(told: Encoder) -> None:
    subjects = ["moon, night", *[""] * (len(TEXTS) - 2), "moon, night"]
    plain, named = told.passages(TEXTS), told.passages(TEXTS, subjects=subjects)
    mixed = 0.6 * plain[0] + 0.4 * told.passages(["moon, night"])[0]
    assert np.allclose(named[0], mixed / np.linalg.norm(mixed), atol=1e-6)
    assert np.array_equal(named[1:-1], plain[1:-1])
    assert np.allclose(np.linalg.norm(named, axis=1), 1.0, atol=1e-5)


def test_a_score_rests_on_the_vector_with_its_subjects(told: Encoder) -> None:
    subjects = ["moon, night", "", "dog", "", "", "", "sea"]
    read = told.tokens(TEXTS, subjects=subjects)
    vectors = np.stack([one.vector for one in read])
    assert np.allclose(vectors, told.passages(TEXTS, subjects=subjects), atol=1e-5)
    asked = told.words("the moon")
    scores = told.score(asked, TEXTS, subjects=subjects)
    assert np.allclose(told.score_tokens(asked, read), scores, atol=1e-5)
    assert not np.allclose(scores, told.score(asked, TEXTS), atol=1e-4)


def test_without_a_share_subjects_change_nothing(encoder: Encoder) -> None:
    subjects = ["moon"] * len(TEXTS)
    assert np.array_equal(encoder.passages(TEXTS, subjects=subjects), encoder.passages(TEXTS))


@pytest.mark.parametrize("name", ["subjects_weight", "lines_weight"])
@pytest.mark.parametrize("share", [-0.1, 1.1, "half", None, True])
def test_a_manifest_with_an_unusable_share_is_refused(
    tiny_bundle: tuple[Path, dict[str, Any]], name: str, share: object
) -> None:
    folder, manifest = tiny_bundle
    calibration = {"words_weight": 0.5, name: share}
    with pytest.raises(BundleError, match=name):
        load_encoder(folder, {**manifest, "calibration": calibration})


@pytest.mark.parametrize(
    "half",
    [-1, float("inf"), float("nan"), "few", True],
    ids=["negative", "endless", "none", "word", "yes"],
)
def test_a_manifest_with_an_unusable_half_is_refused(
    tiny_bundle: tuple[Path, dict[str, Any]], half: object
) -> None:
    folder, manifest = tiny_bundle
    calibration = {"words_weight": 0.5, "words_half": half}
    with pytest.raises(BundleError, match="words_half"):
        load_encoder(folder, {**manifest, "calibration": calibration})


def test_reach_is_as_far_as_a_passage_is_read_closely(encoder: Encoder) -> None:
    """What stands behind it changes no token; the last word before it does."""
    long = " ".join(["the sea is dark and deep"] * 6)
    end = encoder.reach(long)
    assert 0 < end < len(long)
    assert long[end] == " "
    shorter = long[:end].rsplit(" ", 1)[0]
    whole, same, more, less = encoder.tokens([long, long[:end], f"{long[:end]} moon moon", shorter])
    assert np.allclose(same.tokens, whole.tokens, atol=1e-5)
    assert np.allclose(more.tokens, whole.tokens, atol=1e-5)
    assert less.tokens.shape != whole.tokens.shape
    for text in ("", "moon", "moon\n\nsea"):
        assert encoder.reach(text) == len(text)


def test_the_vector_that_a_score_rests_on_is_of_the_whole_passage(encoder: Encoder) -> None:
    texts = [*TEXTS, " ".join(["the sea is dark and deep"] * 6) + " moon moon"]
    read = encoder.tokens(texts)
    assert np.allclose(np.stack([one.vector for one in read]), encoder.passages(texts), atol=1e-5)
    asked = encoder.picture(picture())
    assert encoder.reach(texts[-1]) < len(texts[-1])
    assert np.allclose(encoder.score_tokens(asked, read), encoder.score(asked, texts), atol=1e-5)
