"""Words that ask have a share each in what is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import BundleError
from engine.model.architecture import Architecture, read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import HEADS, load_encoder
from engine.model.text_towers import TextFeatures

Make = Callable[[int], CEClip]


@pytest.fixture
def network(make_network: Make) -> CEClip:
    """A network with shares that say something."""
    network = make_network(3)
    draw = torch.Generator().manual_seed(1)
    for parameter in network.share_words(6).layers.parameters():
        torch.nn.init.normal_(parameter, std=0.5, generator=draw)
    return network.eval()


def read(network: CEClip, *rows: list[int]) -> TextFeatures:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    with torch.inference_mode():
        return network.text(ids, (ids > 0).long())


@torch.inference_mode()
def test_at_first_all_words_have_the_same_share(make_network: Make) -> None:
    network = make_network(3)
    features = read(network, [2, 5, 9, 3], [2, 7, 6, 8, 11, 3])
    before = network.asked(features)
    assert torch.equal(before, network.words_vector(features.pooled))
    network.share_words(6)
    assert network.architecture.word_shares == 6
    torch.testing.assert_close(network.asked(features), before)


@torch.inference_mode()
def test_what_is_asked_is_the_mean_by_shares(network: CEClip) -> None:
    features = read(network, [2, 5, 9, 3])
    shares = torch.sigmoid(network.word_shares(features.tokens[0])[:, 0])
    assert shares.std() > 0.05
    mean = sum(share * token for share, token in zip(shares, features.tokens[0], strict=True))
    expected = functional.normalize(network.words_projection(mean), dim=0)
    torch.testing.assert_close(network.asked(features)[0], expected)
    # A passage is read as before.
    passage = network.passage_vector(features.pooled)
    assert not torch.allclose(network.passage_vector(mean[None]), passage, atol=1e-3)


@torch.inference_mode()
def test_padding_has_no_share(network: CEClip) -> None:
    short, long = [2, 5, 9, 3], [2, 7, 6, 8, 11, 3]
    together = network.asked(read(network, short, long))
    alone = [network.asked(read(network, one))[0] for one in (short, long)]
    torch.testing.assert_close(together, torch.stack(alone), atol=1e-5, rtol=1e-4)


def test_a_bundle_that_has_them_asks_with_them(
    tiny_bundle: tuple[Path, dict[str, Any]], network: CEClip
) -> None:
    folder, manifest = tiny_bundle
    plain = load_encoder(folder, manifest)
    network.save_heads(folder / HEADS)
    manifest["architecture"] = network.architecture.to_json()
    shared = load_encoder(folder, json.loads(json.dumps(manifest)))
    text = "a dark sea"
    assert np.allclose(plain.passages([text]), shared.passages([text]), atol=1e-6)
    assert not np.allclose(plain.words(text).vector, shared.words(text).vector, atol=1e-3)
    with torch.inference_mode():
        ids = torch.tensor(shared._reader.ids([text]))
        asked = network.asked(network.text(ids, torch.ones_like(ids)))[0]
    assert np.allclose(shared.words(text).vector[: len(asked)], asked.numpy(), atol=1e-2)


def test_a_tower_whose_vector_is_no_mean_has_none(tiny_architecture: Architecture) -> None:
    data = tiny_architecture.to_json() | {"word_shares": 4}
    assert read_architecture({"architecture": data}).word_shares == 4
    data["text"] = data["text"] | {"kind": "open_clip"}
    with pytest.raises(BundleError, match="word_shares is only for a mean of"):
        read_architecture({"architecture": data})
