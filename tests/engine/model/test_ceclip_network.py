"""The network: what learns, what padding may not do, what is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.errors import BundleError
from engine.model.architecture import Architecture
from engine.model.ceclip import CEClip
from engine.model.heads import CrossEncoder
from engine.model.stored import LARGE, STEP, restored

Make = Callable[[int], CEClip]


def answer(network: CEClip, seed: int = 0) -> Tensor:
    """Logits of three pictures with three texts, through every part."""
    draw = torch.Generator().manual_seed(seed)
    pixels = torch.randn(3, 3, 64, 64, generator=draw)
    ids = torch.randint(4, 20, (3, 7), generator=draw)
    mask = torch.ones_like(ids)
    tokens, vectors = network.picture(pixels)
    text = network.text(ids, mask)
    similarity = (vectors * network.passage_vector(text.pooled)).sum(1)
    similarity = similarity + (vectors * network.words_vector(text.pooled)).sum(1)
    logits: Tensor = network.cross_encoder(
        network.image_mapping(tokens),
        torch.ones(tokens.shape[:2], dtype=torch.long),
        network.text_mapping(text.tokens),
        mask,
        similarity,
    )
    return logits


def test_a_picture_gives_its_regions_and_a_unit_vector(make_network: Make) -> None:
    network = make_network(1)
    with torch.inference_mode():
        tokens, vectors = network.picture(torch.randn(2, 3, 64, 64))
    assert tokens.shape == (2, 2 + 4, 32)  # the whole, the classes, a grid of two by two
    assert vectors.shape == (2, 32)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(2), atol=1e-5)


def test_the_gradient_reaches_all_that_is_trained_and_no_tower(make_network: Make) -> None:
    network = make_network(1)
    network.freeze_towers()
    answer(network).sum().backward()
    trained = {id(parameter) for parameter in network.trained()}
    assert trained
    for name, parameter in network.named_parameters():
        reached = parameter.grad is not None and bool(parameter.grad.abs().sum() > 0)
        if id(parameter) in trained and ".attn.k.bias" not in name and ".in_proj_" not in name:
            # (A key's bias shifts all of a query's logits alike, so its gradient is nought.)
            assert reached, name
        if name.startswith(("image_tower.", "text_tower.")):
            assert not reached, name


def test_padding_changes_no_score(make_network: Make) -> None:
    cross = make_network(1).cross_encoder
    draw = torch.Generator().manual_seed(5)
    query, passage = (torch.randn(1, n, 32, generator=draw) for n in (4, 6))
    similarity = torch.tensor([0.3])

    def padded(tokens: Tensor, length: int) -> tuple[Tensor, Tensor]:
        rest = torch.randn(1, length - tokens.shape[1], 32, generator=draw)
        mask = torch.zeros(1, length, dtype=torch.long)
        mask[:, : tokens.shape[1]] = 1
        return torch.cat([tokens, rest], dim=1), mask

    with torch.inference_mode():
        alone = cross(*padded(query, 4), *padded(passage, 6), similarity)
        for longer in ((7, 6), (4, 11), (8, 12)):
            again = cross(*padded(query, longer[0]), *padded(passage, longer[1]), similarity)
            assert torch.allclose(alone, again, atol=1e-5)


def test_the_sequence_is_query_then_passage_and_padding_last(make_network: Make) -> None:
    cross = make_network(1).cross_encoder
    query, passage = torch.randn(2, 3, 32), torch.randn(2, 4, 32)
    query_mask = torch.tensor([[1, 1, 0], [1, 1, 1]])
    passage_mask = torch.tensor([[1, 0, 0, 0], [1, 1, 1, 1]])
    tokens, mask = cross.sequence(query, query_mask, passage, passage_mask)
    first, last = cross.marks
    asks, answers = cross.types.weight
    expected = torch.stack(
        [
            first + asks,
            *(query[0, :2] + asks),
            last + asks,
            passage[0, 0] + answers,
            last + answers,
        ]
    )
    assert mask.tolist() == [[1] * 6 + [0] * 4, [1] * 10]
    assert torch.equal(tokens[0, :6], expected)
    assert torch.equal(tokens[1, 5:9], passage[1] + answers)


def test_query_and_passage_are_not_the_same_to_it(make_network: Make) -> None:
    cross = make_network(1).cross_encoder
    one, other = torch.randn(1, 4, 32), torch.randn(1, 4, 32)
    mask, similarity = torch.ones(1, 4, dtype=torch.long), torch.zeros(1)
    with torch.inference_mode():
        there = cross(one, mask, other, mask, similarity)
        back = cross(other, mask, one, mask, similarity)
    assert not torch.allclose(there, back, atol=1e-5)


def test_without_similarity_the_cosine_has_no_part(tiny_architecture: Architecture) -> None:
    cross = CrossEncoder(replace(tiny_architecture.cross, similarity=False), 4).eval()
    tokens, mask = torch.randn(1, 4, 32), torch.ones(1, 4, dtype=torch.long)
    with torch.inference_mode():
        low = cross(tokens, mask, tokens, mask, torch.tensor([-1.0]))
        high = cross(tokens, mask, tokens, mask, torch.tensor([1.0]))
    assert torch.equal(low, high)
    assert not cross.trust.requires_grad


def test_heads_come_back_as_they_were_saved(make_network: Make, tmp_path: Path) -> None:
    network, other = make_network(1), make_network(2)
    other.image_tower.load_state_dict(network.image_tower.state_dict())
    other.text_tower.load_state_dict(network.text_tower.state_dict())
    with torch.inference_mode():
        assert not torch.allclose(answer(network), answer(other), atol=1e-3)
        network.save_heads(tmp_path / "heads.safetensors")
        other.load_heads(tmp_path / "heads.safetensors")
        assert torch.allclose(answer(network), answer(other), atol=2e-2)
        again = tmp_path / "again.safetensors"
        other.save_heads(again)
    assert again.read_bytes() == (tmp_path / "heads.safetensors").read_bytes()
    names = load_file(again)
    assert not [name for name in names if name.startswith(("image_tower", "text_tower"))]
    steps = {name: value for name, value in names.items() if value.dtype == torch.int8}
    assert all(value.numel() >= LARGE for value in steps.values())
    halves = {name for name in names if name not in steps and not name.endswith(STEP)}
    assert all(names[name].dtype == torch.float16 for name in halves)


def test_our_layers_of_a_tower_come_with_the_heads(
    tiny_architecture: Architecture, tmp_path: Path
) -> None:
    ours = replace(
        tiny_architecture,
        image=replace(tiny_architecture.image, ours=("_conv_head", "_blocks.1")),
        text=replace(tiny_architecture.text, ours=("encoder.layer.0",)),
    )
    file = tmp_path / "heads.safetensors"
    torch.manual_seed(1)
    network = CEClip(ours)
    network.save_heads(file)
    kept = restored(load_file(file))
    stored = {name for name in kept if name.startswith(("image_tower", "text_tower"))}
    assert "image_tower.net._conv_head.weight" in stored
    assert "text_tower.net.encoder.layer.0.output.dense.weight" in stored
    # Whole names: block 1 is ours, block 10 is not.
    assert not [name for name in stored if name.startswith("image_tower.net._blocks.10.")]

    torch.manual_seed(2)
    other = CEClip(ours)
    theirs = other.image_tower.net._conv_stem.weight.clone()
    other.load_heads(file)
    mine, trained = network.state_dict(), other.state_dict()
    assert torch.equal(other.image_tower.net._conv_stem.weight, theirs)
    for name in stored:
        step = float(mine[name].abs().max()) / 127  # large matrices are kept in steps of their rows
        torch.testing.assert_close(trained[name], mine[name], rtol=1e-3, atol=max(1e-3, step))
    with pytest.raises(BundleError, match="do not fit"):  # heads without what the manifest promises
        CEClip(tiny_architecture).load_heads(file)


@pytest.mark.parametrize("harm", ["missing", "cut", "shape", "strange"])
def test_heads_that_do_not_fit_are_refused(make_network: Make, tmp_path: Path, harm: str) -> None:
    network = make_network(1)
    file = tmp_path / "heads.safetensors"
    network.save_heads(file)
    weights = load_file(file)
    if harm == "missing":
        del weights["cross_encoder.out.weight"]
    if harm == "shape":
        weights["cross_encoder.out.weight"] = torch.zeros(1, 31)
    if harm == "strange":
        weights["third_eye.weight"] = torch.zeros(3)
    save_file(weights, file)
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(BundleError, match="install the bundle again"):
        network.load_heads(file)


def test_a_tower_that_speaks_another_space_needs_a_map(tiny_architecture: Architecture) -> None:
    with pytest.raises(BundleError, match="image tower gives 1000 numbers"):
        CEClip(replace(tiny_architecture, adapter=None))
    with pytest.raises(BundleError, match="text tower gives 32 numbers"):
        CEClip(replace(tiny_architecture, joint=16, project_text=False))


def test_fused_norms_change_nothing_but_the_time(make_network: Make) -> None:
    network = make_network(1)
    pixels = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        before = network.image_tower(pixels)
        network.image_tower.fuse()
        after = network.image_tower(pixels)
    assert torch.allclose(before.tokens, after.tokens, atol=1e-3)
    assert torch.allclose(before.pooled, after.pooled, atol=1e-3)
