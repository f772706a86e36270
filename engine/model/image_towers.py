"""Image towers: a square of pixels in, features of its regions and of the whole out.

Two kinds stand behind one interface: EfficientNet-Lite (the compact bundle) and the image half
of an open_clip model, in `engine.model.open_clip_towers` (the paper's bundle).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval


@dataclass(frozen=True, slots=True)
class PictureFeatures:
    """What an image tower says of a batch of pictures, before any adapter."""

    tokens: Tensor  # [B, P, D], one row for each region
    pooled: Tensor  # [B, E], the picture as a whole


class EfficientNetTower(nn.Module):
    """EfficientNet-Lite without its pooling.

    tokens: the last feature map averaged to a grid, [B, grid * grid, 1280];
    pooled: the logits of the 1,000 ImageNet classes, [B, 1000].
    """

    width = 1280
    pooled_width = 1000
    prefix = ""  # of its weights in the file

    def __init__(self, variant: str, size: int, grid: int) -> None:
        super().__init__()
        self.grid = grid
        self.net = EfficientNet.from_name(variant, image_size=size)

    def forward(self, pixels: Tensor) -> PictureFeatures:
        """Pixels [B, 3, S, S] to features."""
        return self._pooled(self.net.extract_features(pixels))

    def early(self, pixels: Tensor, blocks: int) -> Tensor:
        """Pixels [B, 3, S, S] through the stem and so many blocks: maps [B, C, H, W]."""
        net = self.net
        maps: Tensor = net._swish(net._bn0(net._conv_stem(pixels)))
        for block in net._blocks[:blocks]:
            maps = block(maps)
        return maps

    def late(self, maps: Tensor, blocks: int) -> PictureFeatures:
        """What `early` gave after so many blocks to features: together the same as all at once."""
        net = self.net
        for block in net._blocks[blocks:]:
            maps = block(maps)
        return self._pooled(net._swish(net._bn1(net._conv_head(maps))))

    def _pooled(self, features: Tensor) -> PictureFeatures:
        regions = functional.adaptive_avg_pool2d(features, self.grid).flatten(2).transpose(1, 2)
        logits = self.net._fc(features.mean(dim=(2, 3)))
        return PictureFeatures(regions, logits)

    def shape(self, _size: int) -> tuple[int, int]:
        """Tokens of a picture, and their width."""
        return self.grid * self.grid, self.width

    def fused(self) -> EfficientNetTower:
        """A copy with each batch norm folded, to read pictures with."""
        copy = deepcopy(self).eval()
        copy.fuse()
        return copy

    def fuse(self) -> None:
        """Fold each batch norm into the convolution before it and lay weights channels last.

        The same function to 1e-4, at about half the time on a CPU. Only after loading weights and
        only for reading pictures: the state dict has other names afterwards.
        """
        with torch.no_grad():
            net = self.net
            _fold(net, "_conv_stem", "_bn0")
            _fold(net, "_conv_head", "_bn1")
            for block in net._blocks:
                # A block that does not expand has no first convolution.
                if hasattr(block, "_expand_conv"):
                    _fold(block, "_expand_conv", "_bn0")
                _fold(block, "_depthwise_conv", "_bn1")
                _fold(block, "_project_conv", "_bn2")
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _fold(owner: nn.Module, convolution: str, norm: str) -> None:
    fused = fuse_conv_bn_eval(getattr(owner, convolution), getattr(owner, norm))
    setattr(owner, convolution, fused)
    setattr(owner, norm, nn.Identity())
