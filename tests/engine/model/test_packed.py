"""The packed cross-encoder beside the reference: the same scores, whatever the lengths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

from engine.model.architecture import CrossEncoderConfig
from engine.model.encoder import Encoder
from engine.model.heads import CrossEncoder
from engine.model.packed import AT_ONCE, PackedCrossEncoder
from engine.types import PassageTokens

CONFIG = CrossEncoderConfig(
    width=32,
    layers=3,
    heads=4,
    feedforward=48,
    mapping=24,
    passage_tokens=12,
    query_words=8,
    norm_eps=1e-5,
)
FAST = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
TEXTS = ["the sea is dark and deep", "a dog", "", "gold sun sets on boats , moon . '", "sea"]


def cross(**changes: object) -> CrossEncoder:
    torch.manual_seed(4)
    made = CrossEncoder(replace(CONFIG, **changes), picture_tokens=4).eval()  # type: ignore[arg-type]
    with torch.no_grad():  # fresh weights are so small that nothing would come of attention
        for name, weight in made.named_parameters():
            if weight.ndim == 2 or "bias" in name:
                weight.normal_(0.0, 0.25)
    return made


def by_the_reference(
    network: CrossEncoder, query: torch.Tensor, passages: list[torch.Tensor], near: torch.Tensor
) -> torch.Tensor:
    """One pair after another, so that nothing is padded but what the paper pads."""
    one = torch.ones(1, 64, dtype=torch.long)
    with torch.inference_mode():
        return torch.cat(
            [
                network(
                    query[None], one[:, : len(query)], tokens[None], one[:, : len(tokens)], cosine
                )
                for tokens, cosine in zip(passages, near.split(1), strict=True)
            ]
        )


def pairs(lengths: list[int], asked: int) -> tuple[torch.Tensor, list[torch.Tensor], torch.Tensor]:
    draw = torch.Generator().manual_seed(sum(lengths) + asked)
    query = torch.randn(asked, 32, generator=draw)
    passages = [torch.randn(length, 32, generator=draw) for length in lengths]
    return query, passages, torch.rand(len(lengths), generator=draw)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
def test_it_is_the_same_function(layers: int, inside: bool) -> None:
    network = cross(layers=layers, pad_inside=inside)
    ours = PackedCrossEncoder(network)

    @settings(max_examples=20, deadline=None)
    @given(lengths=st.lists(st.integers(1, 12), min_size=1, max_size=9), asked=st.integers(1, 12))
    def same(lengths: list[int], asked: int) -> None:
        query, passages, near = pairs(lengths, asked)
        wanted = by_the_reference(network, query, passages, near)
        assert torch.allclose(ours.logits(query, passages, near), wanted, atol=1e-4)
        assert len(lengths) == 1 or wanted.std() > 1e-3

    same()


def test_more_pairs_than_are_packed_at_once_keep_their_order() -> None:
    network = cross()
    query, passages, near = pairs([1 + at % 12 for at in range(2 * AT_ONCE + 3)], 5)
    found = PackedCrossEncoder(network).logits(query, passages, near)
    assert torch.allclose(found, by_the_reference(network, query, passages, near), atol=1e-4)


def operations(ours: PackedCrossEncoder, asked: int, lengths: list[int]) -> dict[object, int]:
    """What torch counts, by kind. Of the fast attention it has no formula of its own."""

    def attention(*shapes: torch.Size, **_: object) -> int:
        counted: int = sdpa_flop_count(*shapes[:3])
        return counted

    with FlopCounterMode(display=False, custom_mapping={FAST: attention}) as counted:
        ours.logits(*pairs(lengths, asked))
    return dict(counted.get_flop_counts()["Global"])


def test_its_operations_are_those_that_torch_counts() -> None:
    ours = PackedCrossEncoder(cross())
    lengths = [3, 7, 7, 12, 1]
    assert ours.operations(5, lengths) == sum(operations(ours, 5, lengths).values())


@pytest.mark.parametrize("inside", [False, True])
def test_attention_is_by_the_fast_kernel(inside: bool) -> None:
    by_kind = operations(PackedCrossEncoder(cross(pad_inside=inside)), 5, [3, 7, 7, 12, 1])
    assert FAST in by_kind
    assert torch.ops.aten.bmm not in by_kind  # the slow one: products, and a softmax between them


def test_read_once_passages_score_as_before(encoder: Encoder) -> None:
    read = encoder.tokens(TEXTS, batch_size=2)
    for words in ("a dog runs in snow", "moon"):
        query = encoder.words(words)
        scores = encoder.score(query, TEXTS)
        chosen = [read[row] for row in (4, 0, 3)]
        assert np.allclose(encoder.score_tokens(query, chosen), scores[[4, 0, 3]], atol=1e-5)
        each = [encoder.score_tokens(query, [one])[0] for one in read]
        assert np.allclose(each, scores, atol=1e-5)
    assert encoder.score_tokens(encoder.words("sea"), []).shape == (0,)
    assert encoder.tokens([]) == []


def test_half_precision_is_enough_to_keep(encoder: Encoder) -> None:
    read = encoder.tokens(TEXTS)
    kept = [
        PassageTokens(*(part.astype(np.float16) for part in (one.tokens, one.vector, one.lines)))
        for one in read
    ]
    query = encoder.words("the sea is dark")
    assert np.allclose(encoder.score_tokens(query, kept), encoder.score(query, TEXTS), atol=2e-3)


def test_padded_for_a_gpu_it_is_the_same(encoder: Encoder) -> None:
    read = encoder.tokens(TEXTS)
    query = encoder.words("a dog runs in snow")
    scores = encoder.score_tokens(query, read)
    encoder._packed = None  # as on a GPU
    assert np.allclose(encoder.score_tokens(query, read), scores, atol=1e-5)
