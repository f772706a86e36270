"""A tiny bundle: the real classes, seeded random weights, a tokeniser of a few words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from engine.model.architecture import Architecture, read_architecture
from engine.model.ceclip import CEClip
from engine.model.encoder import Encoder, load_encoder
from engine.model.torchvision_shim import prepare_torchvision

prepare_torchvision()  # before any test imports transformers

SENTENCE = "the sea is dark and deep a dog runs in snow gold sun sets on boats moon night , . '"
WORDS = SENTENCE.split()

TINY: dict[str, Any] = {
    "joint": 32,
    "image": {
        "kind": "efficientnet",
        "file": "image_tower.safetensors",
        "variant": "efficientnet-lite0",
        "size": 64,
        "fit": "stretch",
        "mean": [0.498, 0.498, 0.498],
        "std": [0.502, 0.502, 0.502],
        "grid": 2,
    },
    "adapter": {"width": 32, "layers": 1, "heads": 2, "feedforward": 48, "dropout": 0.1},
    "text": {
        "kind": "bert",
        "file": "text_tower.safetensors",
        "tokenizer": "tokenizer.json",
        "context": 24,
        "bert": {
            "vocab_size": 4 + len(WORDS),
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "intermediate_size": 48,
            "max_position_embeddings": 32,
        },
    },
    "cross": {
        "width": 32,
        "layers": 2,
        "heads": 2,
        "feedforward": 48,
        "mapping": 40,
        "passage_tokens": 12,
        "query_words": 8,
    },
}


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Networks this small are slower on several threads, the more so beside other tests."""
    torch.set_num_threads(1)


@pytest.fixture
def tiny_architecture() -> Architecture:
    return read_architecture({"architecture": TINY})


@pytest.fixture
def make_network(tiny_architecture: Architecture) -> Callable[[int], CEClip]:
    def make(seed: int) -> CEClip:
        torch.manual_seed(seed)
        network = CEClip(tiny_architecture)
        # A fresh tower's batch norms divide by a spread of 1 and let the signal die on the way,
        # so that every picture would look alike.
        for module in network.image_tower.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 1.0
        network.image_tower.train()
        network.image_tower(torch.randn(8, 3, 64, 64))
        return network.eval()

    return make


@pytest.fixture
def tiny_bundle(
    tmp_path: Path, make_network: Callable[[int], CEClip]
) -> tuple[Path, dict[str, Any]]:
    """A folder with everything `load_encoder` reads, and its manifest."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    network = make_network(3)
    save_file(dict(network.image_tower.net.state_dict()), folder / "image_tower.safetensors")
    save_file(dict(network.text_tower.net.state_dict()), folder / "text_tower.safetensors")
    network.save_heads(folder / "heads.safetensors")
    _tokenizer().save(str(folder / "tokenizer.json"))
    manifest = {"architecture": TINY, "calibration": {"words_weight": 0.25}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder, manifest


@pytest.fixture
def encoder(tiny_bundle: tuple[Path, dict[str, Any]]) -> Encoder:
    return load_encoder(*tiny_bundle)


def _tokenizer() -> Tokenizer:
    vocabulary = {word: at for at, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer
