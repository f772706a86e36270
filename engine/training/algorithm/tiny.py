"""A tiny seeded CLIP, a tiny seeded MPNet and a set of shapes, as files like the real ones.

    python -m engine.training.algorithm.tiny OUT

OUT then holds `pairs/` (pictures, pairs, split), `poems.jsonl` (the verses), `clip/` (an
open_clip `local-dir:`) and `mpnet/` (as transformers writes it), and everything from data to table
runs on them through the very code that runs on the real ones.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from engine.data.pairs import read_pairs
from engine.model.open_clip_towers import build
from engine.training.algorithm.shapes import write_shapes

CLIP: dict[str, Any] = {
    "embed_dim": 16,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 48, "patch_size": 16, "width": 64, "layers": 2, "head_width": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 64, "heads": 4, "layers": 2},
}
SQUARE: dict[str, Any] = {
    "mean": [0.48145466, 0.4578275, 0.40821073],
    "std": [0.26862954, 0.26130258, 0.27577711],
}
MPNET: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "max_position_embeddings": 96,
    "layer_norm_eps": 1e-5,
    "initializer_range": 0.12,  # 0.02 is for 768; so narrow a network would hardly begin
}
PAIRS = 4000


def write_tiny_weights(folder: Path, seed: int) -> None:
    """Write `clip/` and `mpnet/` into the folder, the same bytes for the same seed."""
    from transformers import MPNetConfig, MPNetModel  # after open_clip's towers made way for it

    torch.manual_seed(seed)
    clip, mpnet = folder / "clip", folder / "mpnet"
    clip.mkdir(parents=True, exist_ok=True)
    mpnet.mkdir(parents=True, exist_ok=True)
    save_file(dict(build(CLIP).state_dict()), clip / "open_clip_model.safetensors")
    config = {"model_cfg": CLIP, "preprocess_cfg": SQUARE}
    (clip / "open_clip_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    save_file(dict(MPNetModel(MPNetConfig(**MPNET)).state_dict()), mpnet / "model.safetensors")
    told = {"model_type": "mpnet", **MPNET}
    (mpnet / "config.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def write_collection(pairs: Path, target: Path) -> None:
    """The verses as poems that a kiosk imports."""
    rows = [
        {"title": f"Verse {pair.id}", "poet": "A program", "text": pair.text}
        for pair in read_pairs(pairs)
    ]
    target.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description="Write the tiny set and the tiny weights.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_shapes(options.out / "pairs", options.pairs, options.seed)
    write_tiny_weights(options.out, options.seed)
    write_collection(options.out / "pairs", options.out / "poems.jsonl")


if __name__ == "__main__":
    main()
