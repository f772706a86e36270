"""Hubness, by itself and where it is taken off by a dot product."""

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
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.errors import BundleError
from engine.model.architecture import QuerybankConfig, read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import Encoder, load_encoder
from engine.model.heads import unit
from engine.model.querybank import Querybank, QueryKind

TEXTS = ["the sea is dark", "a dog runs in snow", "gold", "moon", "night is deep"]
Tiny = tuple[Path, dict[str, Any]]


def vectors(count: int, seed: int) -> Tensor:
    return unit(torch.randn(count, 16, generator=torch.Generator().manual_seed(seed)))


def bank(pictures: Tensor, words: Tensor, temperature: float = 0.05) -> Querybank:
    made = Querybank(QuerybankConfig(queries=len(pictures), temperature=temperature), 16)
    made.pictures.copy_(pictures)
    made.words.copy_(words)
    made.weights.copy_(torch.tensor([0.3, 0.8]))
    return made


def test_of_a_bank_of_one_query_hubness_is_the_cosine() -> None:
    picture, words, passages = vectors(1, 1), vectors(1, 3), vectors(7, 2)
    hubness = bank(picture, words).hubness(passages)
    assert torch.allclose(hubness, passages @ torch.cat([picture, words]).T, atol=1e-6)


@given(seed=st.integers(0, 10_000), temperature=st.floats(0.01, 2.0))
def test_hubness_lies_between_the_mean_and_the_greatest_cosine(
    seed: int, temperature: float
) -> None:
    queries, passages = vectors(20, seed), vectors(5, seed + 1)
    hubness = bank(queries, queries, temperature).hubness(passages)
    cosines = passages @ queries.T
    assert (hubness >= cosines.mean(1)[:, None] - 1e-5).all()
    assert (hubness <= cosines.amax(1)[:, None] + 1e-5).all()


@pytest.mark.parametrize("kind", list(QueryKind))
def test_the_dot_product_takes_off_the_hubness_among_queries_of_its_kind(kind: QueryKind) -> None:
    made, passages, queries = bank(vectors(9, 1), vectors(9, 2)), vectors(5, 3), vectors(4, 4)
    similarities = made.as_queries(queries, kind) @ made.as_passages(passages).T
    off = made.weights[kind] * made.hubness(passages)[:, kind]
    assert torch.allclose(similarities, queries @ passages.T - off, atol=1e-6)


def banked(folder: Path, manifest: dict[str, Any], weight: float) -> Encoder:
    """The tiny bundle with a bank of words that all ask for the sea."""
    plain = load_encoder(folder, manifest)
    architecture = manifest["architecture"] | {"querybank": {"queries": 2, "temperature": 0.05}}
    network = CEClip(read_architecture({"architecture": architecture}))
    hub = torch.from_numpy(plain.passages(TEXTS[:1]))
    heads = folder / "heads.safetensors"
    before = CEClip(replace(network.architecture, querybank=None))
    before.load_heads(heads)
    network.load_state_dict(before.state_dict(), strict=False)
    assert network.querybank is not None
    network.querybank.words.copy_(hub.expand(2, -1))
    network.querybank.weights[QueryKind.WORDS] = weight
    own = folder / "banked.safetensors"
    network.save_heads(own)
    return load_encoder(folder, {**manifest, "architecture": architecture}, heads=own)


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_what_is_near_all_words_is_less_similar_and_scores_less(
    tiny_bundle: Tiny, weight: float
) -> None:
    folder, manifest = tiny_bundle
    plain, encoder = load_encoder(folder, manifest), banked(folder, manifest, weight)
    joint = plain.dimensions
    assert encoder.dimensions == joint + 2
    passages, before = encoder.passages(TEXTS), plain.passages(TEXTS)
    assert np.array_equal(passages[:, :joint], before)
    hubness = before @ before[0]
    words = encoder.words("the sea and the boats")
    picture = encoder.picture(Image.new("RGB", (40, 40), "navy"))
    both = encoder.combine(picture, words)
    mixed = 0.75 * picture.vector[:joint] + 0.25 * words.vector[:joint]  # as the manifest has it
    for query, share in ((words, 1.0), (picture, 0.0), (both, 0.25 / np.linalg.norm(mixed))):
        off = weight * share * hubness
        similarities = passages @ query.vector
        assert similarities == pytest.approx(before @ query.vector[:joint] - off, abs=1e-3)
        scores = encoder.score(query, TEXTS)
        read = encoder.tokens(TEXTS)
        assert np.array_equal(np.stack([one.vector for one in read]), passages)
        assert encoder.score_tokens(query, read) == pytest.approx(scores, abs=1e-4)
        was = replace(query, vector=query.vector[:joint])
        logits, were = (np.log(s / (1 - s)) for s in (scores, plain.score(was, TEXTS)))
        trust = 10.0  # of a fresh cross-encoder
        assert logits == pytest.approx(were - trust * off, abs=0.02)


def test_without_a_cross_encoder_the_similarity_is_the_score(tiny_bundle: Tiny) -> None:
    folder, manifest = tiny_bundle
    encoder = banked(folder, manifest, 0.5)
    words = encoder.words("moon")
    towers = {**manifest["architecture"], "cross": None}
    towers["querybank"] = {"queries": 2, "temperature": 0.05}
    whole = load_file(folder / "banked.safetensors")
    kept = {
        name: value
        for name, value in whole.items()
        if not name.startswith(("cross_encoder.", "image_mapping.", "text_mapping."))
    }
    save_file(kept, folder / "towers.safetensors")
    alone = load_encoder(
        folder, {**manifest, "architecture": towers}, heads=folder / "towers.safetensors"
    )
    scores = alone.score(alone.words("moon"), TEXTS)
    assert scores == pytest.approx(np.clip(encoder.passages(TEXTS) @ words.vector, 0, 1), abs=1e-5)


def test_a_bank_of_an_earlier_form_is_refused(tiny_bundle: Tiny) -> None:
    folder, manifest = tiny_bundle
    architecture = manifest["architecture"] | {"querybank": {"size": 4, "temperature": 0.05}}
    with pytest.raises(BundleError, match="size is not known to this version"):
        load_encoder(folder, {**manifest, "architecture": architecture})


@pytest.mark.parametrize(
    ("bank", "sentence"),
    [
        ({"queries": 0}, "querybank.queries is less than 1"),
        ({"queries": 4, "temperature": 0}, "temperature is not above 0"),
    ],
)
def test_a_bank_that_cannot_be_is_refused(
    tiny_bundle: Tiny, bank: dict[str, Any], sentence: str
) -> None:
    folder, manifest = tiny_bundle
    architecture = manifest["architecture"] | {"querybank": bank}
    with pytest.raises(BundleError, match=sentence):
        load_encoder(folder, {**manifest, "architecture": architecture})
