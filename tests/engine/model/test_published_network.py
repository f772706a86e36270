"""The paper's readings of the network: padding inside, pooled vectors, MPNet's own weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import MPNetConfig, MPNetModel

from engine.errors import BundleError
from engine.model.architecture import Architecture, CrossEncoderConfig, read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import load_encoder
from engine.model.heads import CrossEncoder

CLIP: dict[str, Any] = {
    "embed_dim": 24,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 32, "patch_size": 16, "width": 32, "layers": 2, "head_width": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2},
}
CROSS = CrossEncoderConfig(
    width=32,
    layers=2,
    heads=2,
    feedforward=48,
    mapping=24,
    passage_tokens=16,
    query_words=8,
    similarity=False,
    pad_inside=True,
    norm_eps=1e-5,
)
TEXTS = ["the sea is dark", "a dog " * 40, "sunset over the ocean, and a boat"]


def architecture(**changes: Any) -> Architecture:
    manifest = {
        "joint": 24,
        "project_text": False,
        "image": {
            "kind": "open_clip",
            "file": "clip.safetensors",
            "size": 32,
            "fit": "crop",
            "mean": [0.48, 0.46, 0.41],
            "std": [0.27, 0.26, 0.28],
            "clip": CLIP,
        },
        "text": {"kind": "open_clip", "file": "clip.safetensors", "context": 16, "clip": CLIP},
    }
    made = read_architecture({"architecture": manifest})
    return replace(made, cross=replace(CROSS, **changes))


@pytest.fixture
def cross() -> CrossEncoder:
    torch.manual_seed(4)
    return CrossEncoder(CROSS, picture_tokens=4).eval()


def test_padding_stands_before_the_last_sep(cross: CrossEncoder) -> None:
    query, passage = torch.randn(1, 2, 32), torch.randn(1, 3, 32)
    ones = torch.ones(1, 3, dtype=torch.long)
    tokens, mask = cross.sequence(query, ones[:, :2], passage, ones)
    assert mask.tolist() == [[1] * 4 + [1] * 3 + [0] * 13 + [1]]  # a passage of 16 places
    last = cross.marks[1] + cross.types.weight[1]
    assert torch.equal(tokens[0, -1], last)
    assert not tokens[0, 7:20].sub(cross.types.weight[1]).any()


def test_padding_inside_still_leaves_a_score_to_itself(cross: CrossEncoder) -> None:
    query, passage = torch.randn(2, 4, 32), torch.randn(2, 6, 32)
    query_mask = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 1]])
    passage_mask = torch.tensor([[1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]])
    nought = torch.zeros(2)
    with torch.inference_mode():
        both = cross(query, query_mask, passage, passage_mask, nought)
        short = cross(
            query[:1, :2], query_mask[:1, :2], passage[:1, :3], passage_mask[:1, :3], nought[:1]
        )
        other = cross(query[1:], query_mask[1:], passage[1:], passage_mask[1:], nought[1:])
    assert torch.allclose(both, torch.cat([short, other]), atol=1e-6)


def test_where_the_padding_stands_matters(cross: CrossEncoder) -> None:
    at_the_end = CrossEncoder(replace(CROSS, pad_inside=False), picture_tokens=4).eval()
    at_the_end.load_state_dict(cross.state_dict())
    query, passage = torch.randn(1, 4, 32), torch.randn(1, 5, 32)
    mask = torch.ones(1, 5, dtype=torch.long)
    with torch.inference_mode():
        inside = cross(query, mask[:, :4], passage, mask, torch.zeros(1))
        outside = at_the_end(query, mask[:, :4], passage, mask, torch.zeros(1))
    assert not torch.allclose(inside, outside, atol=1e-5)


def test_it_begins_as_the_mpnet_whose_weights_it_was_given(cross: CrossEncoder) -> None:
    torch.manual_seed(8)
    theirs = MPNetModel(
        MPNetConfig(
            vocab_size=50,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=48,
            max_position_embeddings=80,
            layer_norm_eps=1e-5,
        )
    ).eval()
    cross.load_mpnet(dict(theirs.state_dict()))
    words = torch.tensor([[0, 7, 9, 2, 11, 2]])  # <s> query </s> passage </s>
    with torch.inference_mode():
        said = theirs(input_ids=words).last_hidden_state
        looked_up = theirs.embeddings.word_embeddings(words)
        again = cross.net(
            torch.cat(
                [
                    cross.marks[:1],
                    looked_up[0, 1:3],
                    cross.marks[1:],
                    looked_up[0, 4:5],
                    cross.marks[1:],
                ]
            )[None],
            torch.ones(1, 6, dtype=torch.long),
        )
    assert torch.allclose(said, again, atol=1e-6)


@pytest.mark.parametrize("harm", ["layers", "places", "words"])
def test_another_network_s_weights_are_not_taken(cross: CrossEncoder, harm: str) -> None:
    config = MPNetConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=1 if harm == "layers" else 2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=9 if harm == "places" else 80,
    )
    weights = dict(MPNetModel(config).state_dict())
    if harm == "words":
        del weights["embeddings.word_embeddings.weight"]
    with pytest.raises((RuntimeError, KeyError)):
        cross.load_mpnet(weights)


@pytest.mark.parametrize("picture", ["tokens", "pooled"])
@pytest.mark.parametrize("text", ["tokens", "pooled"])
def test_every_reading_goes_from_file_to_score(tmp_path: Path, picture: str, text: str) -> None:
    torch.manual_seed(2)
    made = architecture(picture_reads=picture, text_reads=text)
    network = CEClip(made).eval()
    network.save_towers(tmp_path / "clip.safetensors")
    network.save_heads(tmp_path / "heads.safetensors")
    manifest = {"architecture": made.to_json(), "calibration": {"words_weight": 0.5}}
    encoder = load_encoder(tmp_path, manifest)
    seen = encoder.picture(Image.new("RGB", (40, 30), "navy"))
    words = encoder.words("a boat at sea")
    assert len(seen._tokens) == (4 if picture == "tokens" else 1)
    assert len(words._tokens) == (6 if text == "tokens" else 1)
    for query in (seen, words, encoder.combine(seen, words)):
        scores = encoder.score(query, TEXTS)
        assert ((scores > 0) & (scores < 1)).all()
        one_by_one = [encoder.score(query, [one])[0] for one in TEXTS]
        assert np.allclose(scores, one_by_one, atol=1e-5)
    other = encoder.picture(Image.new("RGB", (40, 30), "gold"))
    assert not np.allclose(encoder.score(other, TEXTS), encoder.score(seen, TEXTS), atol=1e-6)


def test_towers_come_back_as_they_were_saved(tmp_path: Path) -> None:
    torch.manual_seed(2)
    network = CEClip(architecture()).eval()
    network.save_towers(tmp_path / "clip.safetensors")
    again = CEClip(architecture()).eval()
    again.load_towers(tmp_path)
    told, read = network.state_dict(), again.state_dict()
    towers = [name for name in told if name.startswith(("image_tower.", "text_tower."))]
    assert towers
    assert all(torch.equal(told[name], read[name]) for name in towers)
    assert "visual.conv1.weight" in load_file(tmp_path / "clip.safetensors")


def test_an_unknown_reading_is_refused() -> None:
    data = architecture(text_reads="aloud").to_json()
    with pytest.raises(BundleError, match="text_reads is 'aloud', not tokens or pooled"):
        read_architecture({"architecture": data})


@pytest.mark.slow
def test_the_published_sizes() -> None:
    """CLIP ViT-B/32 has 151.3 million parameters, MPNet 109.5 million (23.4 of them words)."""
    from open_clip import get_model_config

    from engine.model.open_clip_towers import build

    def millions(tensors: Any) -> float:
        return round(sum(one.numel() for one in tensors) / 1e6, 1)

    config = get_model_config("ViT-B-32-quickgelu")
    with torch.device("meta"):
        clip = build(config)
        mpnet = MPNetModel(MPNetConfig())
        ours = CrossEncoder(
            replace(CROSS, width=768, layers=12, heads=12, feedforward=3072, passage_tokens=77),
            picture_tokens=49,
        )
    assert millions(clip.parameters()) == 151.3
    assert millions(mpnet.parameters()) == 109.5
    # Without the table of words, the places beyond the sequence, and the pooler.
    assert millions(ours.net.encoder.parameters()) == millions(mpnet.encoder.parameters()) == 85.1
