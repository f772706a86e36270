"""BERT and MPNet of our own against those of `transformers`, with the same weights."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

from engine.errors import BundleError
from engine.model.attention import SPREAD, TransformerShape, without_random_weights
from engine.model.bert import Bert, bert_shape
from engine.model.mpnet import MPNet, distance_kinds

CONFIG = {
    "vocab_size": 60,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 90,
    "layer_norm_eps": 1e-7,
}
SHAPE = TransformerShape(
    vocabulary=60, width=32, layers=3, heads=4, feedforward=48, places=90, norm_eps=1e-7
)
LENGTHS = st.lists(st.integers(1, 40), min_size=1, max_size=4)


def masked(lengths: list[int]) -> torch.Tensor:
    return (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()


def shaken(network: nn.Module) -> nn.Module:
    """With weights that are far from nothing, the biases and the norms too."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.3)
    return network.eval()


@pytest.fixture(scope="module")
def berts() -> tuple[nn.Module, Bert]:
    torch.manual_seed(1)
    theirs = shaken(BertModel(BertConfig(**CONFIG), add_pooling_layer=False))
    ours = Bert(bert_shape(CONFIG))
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours.eval()


@pytest.fixture(scope="module")
def mpnets() -> tuple[nn.Module, MPNet]:
    torch.manual_seed(2)
    theirs = shaken(MPNetModel(MPNetConfig(**CONFIG), add_pooling_layer=False))
    ours = MPNet(SHAPE)
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours.eval()


@settings(max_examples=25)
@given(lengths=LENGTHS, seed=st.integers(0, 99))
def test_bert_says_what_that_of_transformers_says(
    berts: tuple[nn.Module, Bert], lengths: list[int], seed: int
) -> None:
    theirs, ours = berts
    mask = masked(lengths)
    draw = torch.Generator().manual_seed(seed)
    ids = torch.randint(0, 60, mask.shape, generator=draw) * mask
    with torch.inference_mode():
        wanted = theirs(input_ids=ids, attention_mask=mask).last_hidden_state
        found = ours(ids, mask)
    read = mask.bool()
    assert torch.allclose(found[read], wanted[read], atol=1e-5)


@settings(max_examples=25)
@given(lengths=LENGTHS, seed=st.integers(0, 99))
def test_mpnet_says_what_that_of_transformers_says(
    mpnets: tuple[nn.Module, MPNet], lengths: list[int], seed: int
) -> None:
    theirs, ours = mpnets
    mask = masked(lengths)
    draw = torch.Generator().manual_seed(seed)
    tokens = torch.randn(*mask.shape, 32, generator=draw)
    with torch.inference_mode():
        wanted = theirs(inputs_embeds=tokens, attention_mask=mask).last_hidden_state
        found = ours(tokens, mask)
    read = mask.bool()
    assert torch.allclose(found[read], wanted[read], atol=1e-5)


def test_distances_are_told_apart_as_mpnet_learned_to() -> None:
    places = torch.arange(400)
    wanted = MPNetEncoder.relative_position_bucket(places[None, :] - places[:, None])
    assert torch.equal(distance_kinds(400), wanted)


def test_what_is_learned_goes_through_every_layer() -> None:
    network = Bert(bert_shape(CONFIG)).train()
    network(torch.tensor([[1, 2, 3]]), torch.ones(1, 3, dtype=torch.long)).sum().backward()
    without = {name for name, one in network.named_parameters() if one.grad is None}
    assert without == set()


def test_dropout_is_for_training_alone() -> None:
    network = MPNet(replace(SHAPE, dropout=0.5))
    tokens, mask = torch.randn(1, 6, 32), torch.ones(1, 6, dtype=torch.long)
    network.train()
    assert not torch.equal(network(tokens, mask), network(tokens, mask))
    network.eval()
    assert torch.equal(network(tokens, mask), network(tokens, mask))


def test_weights_begin_small_and_padding_as_nothing() -> None:
    torch.manual_seed(3)
    network = Bert(replace(bert_shape(CONFIG), vocabulary=2000))
    words = network.embeddings.word_embeddings.weight.detach()
    assert float(words[1:].std()) == pytest.approx(SPREAD, rel=0.05)
    assert not words[0].any()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hidden_act": "relu"}, "only gelu"),
        ({"hidden_size": "wide"}, "does not describe"),
        ({"num_hidden_layers": None}, "does not describe"),
    ],
)
def test_another_network_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(BundleError, match=says):
        bert_shape({**CONFIG, **change})
    with pytest.raises(BundleError, match="vocab_size"):
        bert_shape({})


def test_nothing_is_drawn_for_what_files_replace() -> None:
    torch.manual_seed(4)
    before = torch.get_rng_state()
    drawn: list[bool] = []

    def elsewhere() -> None:
        weight = torch.zeros(50)
        nn.init.normal_(weight)
        drawn.append(bool(weight.any()))

    with without_random_weights():
        network = nn.Sequential(nn.Linear(8, 8), nn.Embedding(5, 8), nn.Conv2d(3, 4, 3))
        assert torch.equal(torch.get_rng_state(), before)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert drawn == [True], "other threads draw as ever"
    assert next(network.parameters()).shape == (8, 8)
    weight = torch.zeros(50)
    nn.init.normal_(weight)
    assert weight.any()


def test_the_encoder_is_loaded_without_transformers() -> None:
    """It takes longer to import than torch itself, and a visitor waits."""
    ask = (
        "import sys, engine.model.encoder\n"
        "heavy = {'transformers', 'torchvision', 'open_clip', 'timm', 'huggingface_hub'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
