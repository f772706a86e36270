"""A tiny seeded CLIP and a tiny seeded MPNet as a hub would offer them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CLIP: dict[str, Any] = {
    "embed_dim": 24,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 32, "patch_size": 16, "width": 32, "layers": 2, "head_width": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2},
}


def write_clip(folder: Path, seed: int = 1) -> None:
    """open_clip's own files of a model, in `folder`."""
    import torch
    from safetensors.torch import save_file

    from engine.model.open_clip_towers import build

    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(build(CLIP).state_dict()), folder / "open_clip_model.safetensors")
    told = {"model_cfg": CLIP, "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3}}
    (folder / "open_clip_config.json").write_text(json.dumps(told))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Tiny\n")


def write_mpnet(folder: Path, seed: int = 2) -> None:
    """A tiny MPNet as `transformers` lays it out."""
    import torch

    from engine.model.torchvision_shim import prepare_torchvision

    prepare_torchvision()
    from transformers import MPNetConfig, MPNetModel

    torch.manual_seed(seed)
    config = MPNetConfig(
        vocab_size=64,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=130,
    )
    folder.mkdir(parents=True, exist_ok=True)
    MPNetModel(config).save_pretrained(folder)
