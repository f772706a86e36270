"""The paper's kind of bundle: the same class over the two halves of a tiny open_clip model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from engine.errors import BundleError
from engine.model.architecture import read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import load_encoder
from engine.model.open_clip_towers import OpenClipReader, build

CLIP: dict[str, Any] = {
    "embed_dim": 24,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 32, "patch_size": 16, "width": 32, "layers": 2, "head_width": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2},
}
MEAN, STD = [0.48, 0.46, 0.41], [0.27, 0.26, 0.28]
MANIFEST: dict[str, Any] = {
    "architecture": {
        "joint": 24,
        "project_text": False,
        "image": {
            "kind": "open_clip",
            "file": "clip.safetensors",
            "size": 32,
            "fit": "crop",
            "mean": MEAN,
            "std": STD,
            "clip": CLIP,
        },
        "text": {"kind": "open_clip", "file": "clip.safetensors", "context": 16, "clip": CLIP},
        "cross": {
            "width": 32,
            "layers": 2,
            "heads": 2,
            "feedforward": 48,
            "mapping": 24,
            "passage_tokens": 12,
            "query_words": 8,
        },
    },
    "calibration": {"words_weight": 0.5},
}
TEXTS = ["the sea is dark", "a dog " * 40, "", "sunset over the ocean, and a boat"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    save_file(dict(build(CLIP).state_dict()), tmp_path / "clip.safetensors")
    CEClip(read_architecture(MANIFEST)).save_heads(tmp_path / "heads.safetensors")
    return tmp_path


def test_it_says_what_open_clip_itself_says(folder: Path) -> None:
    import open_clip

    local = folder / "local"
    local.mkdir()
    (folder / "clip.safetensors").rename(local / "open_clip_model.safetensors")
    config = {"model_cfg": CLIP, "preprocess_cfg": {"mean": MEAN, "std": STD}}
    (local / "open_clip_config.json").write_text(json.dumps(config))
    theirs, _, _ = open_clip.create_model_and_transforms(f"local-dir:{local}")
    theirs.eval()
    (local / "open_clip_model.safetensors").rename(folder / "clip.safetensors")
    encoder = load_encoder(folder, MANIFEST)
    image = Image.new("RGB", (32, 32), "teal")
    image.paste("gold", (4, 8, 20, 24))
    values = (np.asarray(image, np.float32) / 255 - np.float32(MEAN)) / np.float32(STD)
    with torch.inference_mode():
        pixels = torch.from_numpy(values).permute(2, 0, 1)[None]
        picture = theirs.encode_image(pixels, normalize=True)[0].numpy()
        tokens = open_clip.SimpleTokenizer(context_length=16)(TEXTS)
        texts = theirs.encode_text(tokens, normalize=True).numpy()
    assert np.allclose(encoder.picture(image).vector, picture, atol=1e-5)
    assert np.allclose(encoder.passages(TEXTS), texts, atol=1e-5)
    assert np.allclose(encoder.words(TEXTS[0]).vector, texts[0], atol=1e-5)


def test_the_cross_encoder_reads_patches_and_words(folder: Path) -> None:
    encoder = load_encoder(folder, MANIFEST)
    picture = encoder.picture(Image.new("RGB", (40, 30), "navy"))
    words = encoder.words("a boat at sea")
    for query in (picture, words, encoder.combine(picture, words)):
        scores = encoder.score(query, TEXTS)
        assert ((scores > 0) & (scores < 1)).all()
        one_by_one = [encoder.score(query, [text])[0] for text in TEXTS]
        assert np.allclose(scores, one_by_one, atol=1e-5)
    assert picture._tokens.shape == (4, 32)  # two by two patches


def test_patches_differ_from_one_another(folder: Path) -> None:
    network = CEClip(read_architecture(MANIFEST)).eval()
    network.load_towers(folder)
    image = torch.zeros(1, 3, 32, 32)
    image[..., :16] = 2.0
    with torch.inference_mode():
        tokens, _ = network.picture(image)
    assert not torch.allclose(tokens[0, 0], tokens[0, 1], atol=1e-3)


def test_ids_end_with_the_end_mark_and_fit_the_context() -> None:
    ids = OpenClipReader(16).ids(TEXTS)
    assert [row[0] for row in ids] == [49406] * 4
    assert [row[-1] for row in ids] == [49407] * 4
    assert [len(row) for row in ids] == [6, 16, 2, 10]


@pytest.mark.parametrize("config", [None, {"embed_dim": 8}, {**CLIP, "wings": 2}])
def test_a_configuration_that_cannot_be_built_is_refused(config: dict[str, Any] | None) -> None:
    with pytest.raises(BundleError, match="open_clip configuration"):
        build(config)
