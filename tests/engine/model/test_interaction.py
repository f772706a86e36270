"""Regions against words: what nearness is, and what it adds to a score."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from engine.errors import BundleError
from engine.kept_tokens import KeptTokens
from engine.model.architecture import Architecture, InteractionConfig, read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import Encoder, load_encoder
from engine.model.interaction import LateInteraction, LaterLayers
from engine.model.pictures import pixels
from tests.engine.conftest import TINY

CONFIG = InteractionConfig(width=16, hidden=24, grid=2, first_block=11, typical=3, typical_tokens=4)
TEXTS = ["the sea is dark", "a dog runs in snow , a dog runs in snow", "gold", "sun sets on boats"]


@pytest.fixture
def late(tiny_architecture: Architecture) -> LateInteraction:
    torch.manual_seed(4)
    return LateInteraction(CONFIG, tiny_architecture.image, 32).eval()


@pytest.fixture
def seeing(tiny_bundle: tuple[Path, dict[str, Any]], tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """The tiny bundle with a late interaction that weighs something."""
    folder, manifest = tiny_bundle
    told = {**manifest, "architecture": {**TINY, "interaction": asdict(CONFIG)}}
    torch.manual_seed(4)
    network = CEClip(read_architecture(told)).eval()
    network.load_towers(folder)
    network.load_heads(folder / "heads.safetensors", earlier=True)
    assert network.interaction is not None
    network.interaction.layers = LaterLayers(network.image_tower.fused(), CONFIG.first_block)
    network.interaction.weight.fill_(0.02)
    network.interaction.level.fill_(2.0)
    with torch.no_grad():
        typical = network.interaction.read(torch.randn(2, 4, 32), torch.ones(2, 4))
        network.interaction.typical[:2] = typical
    network.save_heads(folder / "heads.safetensors")
    (folder / "manifest.json").write_text(json.dumps(told))
    return folder, told


def picture(colour: str = "navy") -> Image.Image:
    image = Image.new("RGB", (90, 50), colour)
    image.paste("gold", (30, 10, 60, 25))
    return image


def slowly(late: LateInteraction, seen: Tensor, read: Tensor) -> float:
    """Nearness of one picture and one passage, word by word."""
    words = [(float(word.norm()), word / word.norm()) for word in read if word.norm() > 0]
    found = sum(share * max(float(region @ word) for region in seen) for share, word in words)
    answered = sum(max(float(region @ word) for _, word in words) for region in seen) / len(seen)
    said = sum((share * word for share, word in words), torch.zeros(seen.shape[1]))
    whole = float(seen[-1] @ said / said.norm())
    parts = late.scales.exp().tolist()
    return parts[0] * found + parts[1] * answered + parts[2] * whole


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**16), lengths=st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_nearness_is_what_it_says_word_by_word(seed: int, lengths: list[int]) -> None:
    torch.manual_seed(seed)
    image = read_architecture({"architecture": TINY}).image
    late = LateInteraction(CONFIG, image, 32).eval()
    tokens = torch.randn(len(lengths), max(lengths), 32)
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    with torch.inference_mode():
        seen = late.seen(torch.randn(2, 1280, 4, 4))
        read = late.read(tokens, mask)
        assert torch.allclose(read.norm(dim=-1).sum(1), torch.ones(len(lengths)), atol=1e-5)
        assert not read[mask == 0].any()
        near = late.nearness(seen, read)
        for row, one in enumerate(seen):
            for column, passage in enumerate(read):
                expected = slowly(late, one, passage)
                assert float(near[row, column]) == pytest.approx(expected, abs=1e-4)


def test_what_is_usual_is_the_mean_over_typical_passages(late: LateInteraction) -> None:
    with torch.inference_mode():
        seen = late.seen(torch.randn(2, 1280, 4, 4))
        read = late.read(torch.randn(3, 4, 32), torch.ones(3, 4))
        assert not late.usual(seen).any()  # before there are any
        late.typical.copy_(read)
        near = late.nearness(seen, read)
        torch.testing.assert_close(late.usual(seen)[:, 0], near.mean(dim=1))
        late.weight.fill_(2.0)
        late.level.fill_(0.5)
        # So what it adds is the same for both pictures on average, whatever they show.
        torch.testing.assert_close(late.gain(seen, read).mean(dim=1), torch.full((2,), -1.0))


def test_in_a_coarser_form_nearness_is_nearly_the_same(late: LateInteraction) -> None:
    with torch.inference_mode():
        seen = late.seen(torch.randn(3, 1280, 4, 4))
        read = late.read(torch.randn(5, 6, 32), torch.ones(5, 6))
        exact = late.nearness(seen, read)
        coarse = late.nearness(seen, read, torch.bfloat16)
    torch.testing.assert_close(coarse, exact, atol=0.2, rtol=0.02)


def test_a_picture_is_read_once_for_both_looks(seeing: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = seeing
    network = CEClip(read_architecture(manifest)).eval()
    network.load_towers(folder)
    network.load_heads(folder / "heads.safetensors")
    late = network.interaction
    assert late is not None
    pixels = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        tokens, vectors, seen = network.looked_at(pixels)
        alone = network.picture(pixels)
        maps = network.image_tower.net.extract_features(pixels)
    assert seen is not None
    assert seen.shape == (2, 1, CONFIG.grid**2 + 1, CONFIG.width)
    torch.testing.assert_close(tokens, alone[0])
    torch.testing.assert_close(vectors, alone[1])
    # Its layers began as the tower's own, so both see the same here; in steps, hence roughly.
    torch.testing.assert_close(seen[:, 0], late.seen(maps), atol=0.05, rtol=0.05)


def test_a_closer_look_moves_nothing_but_what_is_found(
    seeing: tuple[Path, dict[str, Any]],
) -> None:
    folder, manifest = seeing
    once = load_encoder(folder, manifest)
    told = {**manifest["architecture"], "interaction": {**asdict(CONFIG), "closer": 96}}
    twice = load_encoder(folder, {**manifest, "architecture": told})
    by_one, by_two = once.picture(picture()), twice.picture(picture())
    np.testing.assert_array_equal(by_two.vector, by_one.vector)
    torch.testing.assert_close(by_two._tokens, by_one._tokens)
    assert by_one._seen is not None
    assert by_two._seen is not None
    assert by_two._seen.shape == (2, CONFIG.grid**2 + 1, CONFIG.width)
    torch.testing.assert_close(by_two._seen[:1], by_one._seen)
    assert not torch.allclose(by_two._seen[1], by_one._seen[0], atol=0.01)

    # What is found is the mean of both looks; the second of them is that of a larger picture.
    late = twice._network.interaction
    assert late is not None
    large = pixels([picture()], replace(twice._format, size=96))
    with torch.inference_mode():
        maps = twice._network.image_tower.early(large, CONFIG.first_block)
        torch.testing.assert_close(by_two._seen[1:], late.see(maps))
        read = late.read(torch.randn(3, 4, 32), torch.ones(3, 4))
        gains = [late.gain(look[None], read)[0] for look in by_two._seen]
        torch.testing.assert_close(late.found(by_two._seen, read), (gains[0] + gains[1]) / 2)
    # Both ways of scoring have it.
    scores = twice.score(by_two, TEXTS)
    assert np.abs(scores - once.score(by_one, TEXTS)).max() > 1e-5
    np.testing.assert_allclose(twice.score_tokens(by_two, twice.tokens(TEXTS)), scores, atol=1e-5)


def test_both_ways_of_scoring_have_it(seeing: tuple[Path, dict[str, Any]]) -> None:
    encoder = load_encoder(*seeing)
    asked, words = encoder.picture(picture()), encoder.words("the sea is dark")
    read = encoder.tokens(TEXTS)
    assert all(one.tokens.shape[1] == 32 + CONFIG.width for one in read)
    for query in (asked, words, encoder.combine(asked, words)):
        expected = encoder.score(query, TEXTS)
        np.testing.assert_allclose(encoder.score_tokens(query, read), expected, atol=1e-5)


def test_it_adds_what_it_finds_to_a_picture_and_nothing_to_words(
    seeing: tuple[Path, dict[str, Any]],
) -> None:
    encoder = load_encoder(*seeing)
    blind = load_encoder(*seeing)
    late = blind._network.interaction
    assert late is not None
    late.weight.zero_()
    asked, words = encoder.picture(picture()), encoder.words("the sea is dark")
    trust = float(encoder._network.cross_encoder.trust)

    def gained(query: Any) -> np.ndarray:
        logits = [
            torch.logit(torch.from_numpy(one.score(query, TEXTS)).double()).numpy()
            for one in (encoder, blind)
        ]
        return (logits[0] - logits[1]) / trust

    by_picture = gained(asked)
    assert np.abs(by_picture).max() > 1e-3
    np.testing.assert_allclose(gained(words), 0.0, atol=1e-5)
    # Beside words it counts for less.
    both = encoder.combine(asked, words)
    np.testing.assert_allclose(gained(both), both._looks * by_picture, atol=1e-3)
    share = encoder._weighing.words.share(words.length)
    mixed = (1 - share) * asked.vector + share * words.vector
    # A mixture is shorter than its parts, and is drawn out.
    assert both._looks == pytest.approx((1 - share) ** 2 / np.linalg.norm(mixed), rel=1e-4)
    assert encoder.combine(asked, encoder.words(" ")) is asked


def test_what_is_kept_gives_the_same_answer(
    seeing: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    encoder = load_encoder(*seeing)
    query = encoder.picture(picture())
    fresh = KeptTokens(encoder, tmp_path / "kept", "a").tokens(TEXTS)
    kept = KeptTokens(Refuses(), tmp_path / "kept", "a").tokens(TEXTS)
    scores = encoder.score_tokens(query, kept)
    np.testing.assert_array_equal(encoder.score_tokens(query, fresh), scores)
    np.testing.assert_allclose(scores, encoder.score(query, TEXTS), atol=0.01)


class Refuses:
    """Reads nothing: all must be there already."""

    def tokens(self, *_: object, **__: object) -> list[Any]:
        raise AssertionError("it was to be kept")


def test_a_bundle_without_one_has_none_of_it(encoder: Encoder) -> None:
    assert encoder.picture(picture())._seen is None
    assert encoder.tokens(TEXTS)[0].tokens.shape[1] == 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cross": None}, "has no cross-encoder that reads tokens"),
        ({"cross": {**TINY["cross"], "text_reads": "pooled"}}, "has no cross-encoder that reads"),
        ({"image": {**TINY["image"], "kind": "open_clip", "clip": {}}}, "only for an image tower"),
        ({"interaction": {"width": 16}}, "interaction.hidden is missing"),
    ],
)
def test_a_manifest_that_cannot_have_one_is_refused(change: dict[str, Any], said: str) -> None:
    told = {**TINY, "interaction": asdict(CONFIG), **change}
    with pytest.raises(BundleError, match=said):
        read_architecture({"architecture": told})


def test_heads_without_what_the_manifest_promises_are_refused(
    tiny_bundle: tuple[Path, dict[str, Any]], tiny_architecture: Architecture
) -> None:
    promised = CEClip(replace(tiny_architecture, interaction=CONFIG))
    with pytest.raises(BundleError, match="do not fit"):
        promised.load_heads(tiny_bundle[0] / "heads.safetensors")
