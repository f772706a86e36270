"""Hubness, by itself and where it is taken off the cosine that the second look trusts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from engine.errors import BundleError
from engine.model.architecture import QuerybankConfig, read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import Encoder, load_encoder
from engine.model.heads import unit
from engine.model.querybank import Querybank

TEXTS = ["the sea is dark", "a dog runs in snow", "gold", "moon", "night is deep"]
Tiny = tuple[Path, dict[str, Any]]


def vectors(count: int, seed: int) -> Tensor:
    return unit(torch.randn(count, 16, generator=torch.Generator().manual_seed(seed)))


def bank(pictures: Tensor, words: Tensor, temperature: float = 0.05) -> Querybank:
    made = Querybank(QuerybankConfig(size=len(pictures), temperature=temperature), 16)
    made.pictures.copy_(pictures)
    made.words.copy_(words)
    return made


def test_of_a_bank_of_one_query_hubness_is_the_cosine() -> None:
    query, passages = vectors(1, 1), vectors(7, 2)
    hubness = bank(query, vectors(1, 3))(passages, 1.0, 0.0)
    assert torch.allclose(hubness, passages @ query[0], atol=1e-6)


@given(seed=st.integers(0, 10_000), temperature=st.floats(0.01, 2.0))
def test_hubness_lies_between_the_mean_and_the_greatest_cosine(
    seed: int, temperature: float
) -> None:
    queries, passages = vectors(20, seed), vectors(5, seed + 1)
    hubness = bank(queries, queries, temperature)(passages, 1.0, 0.0)
    cosines = passages @ queries.T
    assert (hubness >= cosines.mean(1) - 1e-5).all()
    assert (hubness <= cosines.amax(1) + 1e-5).all()


@given(seen=st.floats(0, 2), told=st.floats(0, 2))
def test_a_query_of_both_has_of_each_banks_hubness_its_share(seen: float, told: float) -> None:
    made, passages = bank(vectors(9, 1), vectors(9, 2)), vectors(5, 3)
    mixed = seen * made(passages, 1.0, 0.0) + told * made(passages, 0.0, 1.0)
    assert torch.allclose(made(passages, seen, told), mixed, atol=1e-5)


def banked(folder: Path, manifest: dict[str, Any], weight: float) -> Encoder:
    """The tiny bundle with a bank of words that all ask for the sea."""
    plain = load_encoder(folder, manifest)
    architecture = manifest["architecture"] | {"querybank": {"size": 2, "temperature": 0.05}}
    network = CEClip(read_architecture({"architecture": architecture}))
    hub = torch.from_numpy(plain.passages(TEXTS[:1]))
    heads = folder / "heads.safetensors"
    before = CEClip(replace(network.architecture, querybank=None))
    before.load_heads(heads)
    network.load_state_dict(before.state_dict(), strict=False)
    assert network.querybank is not None
    network.querybank.words.copy_(hub.expand(2, -1))
    network.querybank.weight.fill_(weight)
    own = folder / "banked.safetensors"
    network.save_heads(own)
    return load_encoder(folder, {**manifest, "architecture": architecture}, heads=own)


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_what_is_near_all_words_scores_less_and_both_paths_agree(
    tiny_bundle: Tiny, weight: float
) -> None:
    folder, manifest = tiny_bundle
    plain, encoder = load_encoder(folder, manifest), banked(folder, manifest, weight)
    words = encoder.words("the sea and the boats")
    picture = encoder.picture(Image.new("RGB", (40, 40), "navy"))
    for query, share in ((words, 1.0), (picture, 0.0), (encoder.combine(picture, words), None)):
        scores = encoder.score(query, TEXTS)
        assert encoder.score_tokens(query, encoder.tokens(TEXTS)) == pytest.approx(scores, abs=1e-4)
        before = plain.score(query, TEXTS)
        logits, were = (np.log(one / (1 - one)) for one in (scores, before))
        told = query.told if share is None else share
        hubness = plain.passages(TEXTS) @ plain.passages(TEXTS[:1])[0]
        trust = 10.0  # of a fresh cross-encoder
        assert logits == pytest.approx(were - trust * weight * told * hubness, abs=0.02)
    assert np.array_equal(encoder.passages(TEXTS), plain.passages(TEXTS))


def test_a_query_knows_what_its_vector_is_made_of(encoder: Encoder) -> None:
    picture = encoder.picture(Image.new("RGB", (40, 40), "navy"))
    words = encoder.words("gold sun")
    both = encoder.combine(picture, words)
    made = both.seen * picture.vector + both.told * words.vector
    assert np.allclose(made, both.vector, atol=1e-6)
    assert (picture.seen, picture.told, words.seen, words.told) == (1.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("bank", "cross", "sentence"),
    [
        ({"size": 0}, True, "querybank.size is less than 1"),
        ({"size": 4, "temperature": 0}, True, "temperature is not above 0"),
        ({"size": 4}, False, "of no use without a cross-encoder"),
    ],
)
def test_a_bank_that_cannot_be_is_refused(
    tiny_bundle: Tiny, bank: dict[str, Any], cross: bool, sentence: str
) -> None:
    folder, manifest = tiny_bundle
    architecture = manifest["architecture"] | {"querybank": bank}
    if not cross:
        architecture["cross"] = None
    with pytest.raises(BundleError, match=sentence):
        load_encoder(folder, {**manifest, "architecture": architecture})
