"""The layers that are trained compute what the tower computes, and go back where they came from."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.model.image_towers import EfficientNetTower
from engine.training.late_layers import FIRST_LATE_BLOCK, LateImageLayers, unfold

SIZE = 260


def tower() -> EfficientNetTower:
    torch.manual_seed(4)
    made = EfficientNetTower("efficientnet-lite2", SIZE, 3)
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_var.uniform_(0.5, 2.0)
            module.running_mean.normal_(std=0.1)
    return made.eval()


def early(fused: EfficientNetTower, pixels: Tensor) -> Tensor:
    net = fused.net
    maps = net._swish(net._bn0(net._conv_stem(pixels)))
    for block in net._blocks[:FIRST_LATE_BLOCK]:
        maps = block(maps)
    return maps


@torch.no_grad()
def test_late_layers_say_what_the_whole_tower_says() -> None:
    fused = tower()
    fused.fuse()
    pixels = torch.randn(1, 3, SIZE, SIZE)
    expected = fused(pixels)
    maps = early(fused, pixels)
    found = LateImageLayers(fused)(maps)
    near = (found.tokens - expected.tokens).abs().mean() / expected.tokens.abs().mean()
    assert maps.shape == (1, 120, 17, 17)
    assert near < 0.05  # bfloat16


@torch.no_grad()
def test_what_was_trained_goes_back_into_a_tower_with_batch_norms() -> None:
    fused, plain = tower(), tower()
    fused.fuse()
    late = LateImageLayers(fused)
    for parameter in late.parameters():
        parameter.mul_(1.1)
    pixels = torch.randn(1, 3, SIZE, SIZE)
    trained = fused(pixels)
    assert not torch.allclose(plain(pixels).tokens, trained.tokens, rtol=0.05)
    unfold(late, plain)
    torch.testing.assert_close(plain(pixels).tokens, trained.tokens, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(plain(pixels).pooled, trained.pooled, rtol=1e-3, atol=1e-4)
