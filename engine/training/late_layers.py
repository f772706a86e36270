"""The later layers of both towers, which the compact bundle trains, as they are while training.

Batch norms are folded into their convolutions first: nothing of a batch's statistics moves then,
and a step costs less. `unfold` writes the trained convolutions back under the names that the
package's network has, so that a bundle stores them as that network's own layers.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from engine.bundles import MANIFEST
from engine.model.architecture import Architecture, read_architecture
from engine.model.ceclip import CEClip
from engine.model.image_towers import EfficientNetTower, PictureFeatures
from engine.model.interaction import LaterLayers

_LAST = ("_conv_head", "_bn1", "_fc")
FIRST_LATE_BLOCK = 15  # the blocks before it give [B, 120, 17, 17] of a square of 260 pixels


def image_layers(blocks: int) -> tuple[str, ...]:
    """The names of the image tower's layers that are trained on, of a tower of so many blocks."""
    late = (f"_blocks.{block}" for block in range(FIRST_LATE_BLOCK, blocks))
    return (*late, *_LAST)


def with_layers_of(architecture: Architecture, heads: Path) -> Architecture:
    """The architecture whose towers have those layers as ours that this file of heads holds.

    Where it holds no late interaction, there is none.
    """
    with safe_open(heads, "pt") as file:
        held = list(file.keys())

    def layers(tower: str) -> tuple[str, ...]:
        found = [re.match(rf"{tower}\.net\.(\D*\d+|[^.]+)\.", name) for name in held]
        return tuple(sorted({each[1] for each in found if each}, key=_in_place))

    late = any(name.startswith("interaction.") for name in held)
    return replace(
        architecture,
        image=replace(architecture.image, ours=layers("image_tower")),
        text=replace(architecture.text, ours=layers("text_tower")),
        interaction=architecture.interaction if late else None,
    )


def network_of(bundle: Path, heads: Path) -> CEClip:
    """A bundle's network with these heads, which a training made of it; nothing learns yet."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network = CEClip(with_layers_of(read_architecture(manifest), heads))
    network.load_towers(bundle)
    network.load_heads(heads)
    return network.eval().requires_grad_(False)


def package_of(bundle: Path) -> CEClip:
    """A bundle's network with its towers as the packages have them, and random heads."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    network = CEClip(read_architecture(manifest))
    network.load_towers(bundle)
    return network.eval()


def _in_place(layer: str) -> tuple[int, int]:
    # Numbered layers as they are counted, and behind them the image tower's last ones.
    number = layer.rpartition(".")[2]
    return (int(number), 0) if number.isdigit() else (1000, _LAST.index(layer))


def text_layers(first: int, layers: int) -> tuple[str, ...]:
    """The same of the text tower, from layer `first` on."""
    return tuple(f"encoder.layer.{layer}" for layer in range(first, layers))


class LateImageLayers(nn.Module):
    """The blocks from `FIRST_LATE_BLOCK` on, the last convolution and the classifier.

    Built from a tower that was fused.
    """

    def __init__(self, fused: EfficientNetTower) -> None:
        super().__init__()
        self.layers = LaterLayers(fused, FIRST_LATE_BLOCK)
        self.fc = fused.net._fc
        self.grid = fused.grid

    def forward(self, maps: Tensor) -> PictureFeatures:
        """Maps [B, 120, 17, 17], channels last, to the tower's features."""
        maps = last_maps(self.layers, maps)
        regions = functional.adaptive_avg_pool2d(maps, self.grid).flatten(2).transpose(1, 2)
        return PictureFeatures(regions, self.fc(maps.mean(dim=(2, 3))))


def last_maps(layers: LaterLayers, maps: Tensor) -> Tensor:
    """Maps [B, 120, 17, 17], channels last, through these layers: [B, 1280, 9, 9].

    One by one convolutions are matrix products, in bfloat16 where the processor has it, which
    takes two thirds of the time of the convolutions themselves, backwards too.
    """
    for block in layers.blocks:
        entered = maps
        maps = functional.relu6(_pointwise(block._expand_conv, maps)).float()
        maps = functional.relu6(block._depthwise_conv(maps))
        maps = _pointwise(block._project_conv, maps).float()
        if maps.shape == entered.shape:
            maps = maps + entered
    return functional.relu6(_pointwise(layers.head, maps)).float()


def _pointwise(convolution: nn.Conv2d, maps: Tensor) -> Tensor:
    form = product_type()
    weight = convolution.weight[:, :, 0, 0].to(form)
    bias = None if convolution.bias is None else convolution.bias.to(form)
    mapped = functional.linear(maps.permute(0, 2, 3, 1).to(form), weight, bias)
    return mapped.permute(0, 3, 1, 2)


def product_type() -> torch.dtype:
    """What matrix products are worked out in: where it is made up, bfloat16 is the slower one."""
    supported = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if supported else torch.float32


@torch.no_grad()
def unfold(late: LateImageLayers, tower: EfficientNetTower) -> None:
    """Write the folded layers into a tower that was not fused: the same function afterwards."""
    for block, own in zip(tower.net._blocks[FIRST_LATE_BLOCK:], late.layers.blocks, strict=True):
        _unfold(block._expand_conv, block._bn0, own._expand_conv)
        _unfold(block._depthwise_conv, block._bn1, own._depthwise_conv)
        _unfold(block._project_conv, block._bn2, own._project_conv)
    _unfold(tower.net._conv_head, tower.net._bn1, late.layers.head)
    tower.net._fc.load_state_dict(late.fc.state_dict())


def _unfold(convolution: nn.Conv2d, norm: nn.BatchNorm2d, folded: nn.Conv2d) -> None:
    convolution.weight.copy_(folded.weight)
    # A batch norm that adds a bias and does nothing else.
    norm.weight.fill_(1.0)
    norm.bias.copy_(folded.bias if folded.bias is not None else torch.zeros_like(norm.bias))
    assert norm.running_mean is not None and norm.running_var is not None  # noqa: S101
    norm.running_mean.zero_()
    norm.running_var.fill_(1.0 - norm.eps)
    if norm.num_batches_tracked is not None:
        norm.num_batches_tracked.zero_()
