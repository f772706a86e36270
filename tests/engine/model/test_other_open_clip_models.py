"""Beyond CLIP: the kind that SigLIP is, and a ResNet; ours must say what open_clip itself says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from engine.errors import BundleError
from engine.model.encoder import load_encoder
from engine.model.open_clip_towers import build

SENTENCE = "the sea is dark and deep a dog runs in snow gold sun"
WORDS = ["<pad>", "</s>", "<unk>", *SENTENCE.split()]
TEXTS = ["The SEA, is dark!", "a dog " * 40, "", "gold sun"]
SIGLIP: dict[str, Any] = {
    "embed_dim": 64,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": {
        "image_size": 160,
        "timm_model_name": "test_vit",
        "timm_model_pretrained": False,
        "timm_pool": "map",
        "timm_proj": "none",
    },
    "text_cfg": {
        "context_length": 12,
        "vocab_size": len(WORDS),
        "hf_tokenizer_name": "tiny/siglip",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 32,
        "heads": 2,
        "layers": 2,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
        "norm_kwargs": {"eps": 1e-6},
        "act_kwargs": {"approximate": "tanh"},
    },
}
RESNET: dict[str, Any] = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 64, "layers": [1, 1, 1, 1], "width": 16, "patch_size": None},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2},
}


def tokenizer() -> Tokenizer:
    vocabulary = {word: at for at, word in enumerate(WORDS)}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return made


def bundle(folder: Path, config: dict[str, Any], fit: str, own_words: bool) -> dict[str, Any]:
    """A bundle's files, laid out so that open_clip's `local-dir:` reads the same folder."""
    torch.manual_seed(1)
    with torch.no_grad():
        whole = build(config)
        for parameter in whole.parameters():  # fresh biases are 0 and would hide what is not read
            parameter.add_(torch.randn_like(parameter) * 0.02)
    save_file(dict(whole.state_dict()), folder / "open_clip_model.safetensors")
    half = [0.5, 0.5, 0.5]
    resize = {"crop": "shortest", "stretch": "squash"}[fit]
    told = {"model_cfg": config, "preprocess_cfg": {"mean": half, "std": half}}
    told["preprocess_cfg"]["resize_mode"] = resize
    (folder / "open_clip_config.json").write_text(json.dumps(told))
    if own_words:
        tokenizer().save(str(folder / "tokenizer.json"))
        named = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"}
        (folder / "tokenizer_config.json").write_text(json.dumps(named))
    file, size = "open_clip_model.safetensors", config["vision_cfg"]["image_size"]
    text = {
        "kind": "open_clip",
        "file": file,
        "context": config["text_cfg"]["context_length"],
        "clip": config,
        "tokenizer": "tokenizer.json" if own_words else "",
    }
    image = {"kind": "open_clip", "file": file, "size": size, "fit": fit, "clip": config}
    return {
        "architecture": {
            "joint": config["embed_dim"],
            "project_text": False,
            "image": image | {"mean": half, "std": half},
            "text": text,
            "cross": None,
        },
        "calibration": {"words_weight": 0.5},
    }


@pytest.mark.parametrize(
    ("config", "fit", "own_words"), [(SIGLIP, "stretch", True), (RESNET, "crop", False)]
)
def test_it_says_what_open_clip_itself_says(
    tmp_path: Path, config: dict[str, Any], fit: str, own_words: bool
) -> None:
    import open_clip

    encoder = load_encoder(tmp_path, bundle(tmp_path, config, fit, own_words))
    theirs, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{tmp_path}")
    theirs.eval()
    side = config["vision_cfg"]["image_size"]
    image = Image.new("RGB", (side, side), "teal")
    image.paste("gold", (4, 8, side // 2, side // 3))
    with torch.inference_mode():
        picture = theirs.encode_image(prepare(image)[None], normalize=True)[0].numpy()
        tokens = open_clip.get_tokenizer(f"local-dir:{tmp_path}")(TEXTS)
        texts = theirs.encode_text(tokens, normalize=True).numpy()
    assert not encoder.reranks
    assert np.allclose(encoder.picture(image).vector, picture, atol=1e-5)
    assert np.allclose(encoder.passages(TEXTS), texts, atol=1e-5)
    query = encoder.combine(encoder.picture(image), encoder.words("the sea"))
    assert np.allclose(encoder.score(query, TEXTS), np.clip(texts @ query.vector, 0, 1), atol=1e-5)


def test_what_a_bundle_cannot_carry() -> None:
    for more in ({"multimodal_cfg": {}}, {"text_cfg": {"hf_model_name": "roberta-base"}}):
        with pytest.raises(BundleError, match="from a hub"):
            build({**RESNET, **more})
