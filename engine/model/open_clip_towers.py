"""The two halves of an open_clip model as towers (the paper's ViT-B/32).

The manifest carries open_clip's own model configuration, so the network is built without asking
any hub; both halves read their part of one safetensors file in open_clip's layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import BundleError
from engine.model.image_towers import PictureFeatures
from engine.model.text_towers import TextFeatures
from engine.model.torchvision_shim import prepare_torchvision

prepare_torchvision()  # before open_clip, which imports torchvision

from open_clip import CLIP, SimpleTokenizer  # noqa: E402
from open_clip.transformer import text_global_pool  # noqa: E402


def build(config: dict[str, Any] | None) -> CLIP:
    """An open_clip model from its configuration, with weights yet to be loaded."""
    try:
        return CLIP(**(config or {}))
    except (TypeError, ValueError, AssertionError) as error:
        raise BundleError(
            f"The bundle's open_clip configuration cannot be built ({error}); "
            "please install the bundle again."
        ) from error


class OpenClipImageTower(nn.Module):
    """tokens: the patches of the last layer, [B, P, D]; pooled: CLIP's embedding, [B, E]."""

    def __init__(self, config: dict[str, Any] | None) -> None:
        super().__init__()
        self.net = build(config).visual
        self.net.output_tokens = True
        self.width = int(self.net.ln_post.normalized_shape[0])
        self.pooled_width = int(self.net.output_dim)

    def forward(self, pixels: Tensor) -> PictureFeatures:
        """Pixels [B, 3, S, S] to features."""
        pooled, tokens = self.net(pixels)
        return PictureFeatures(tokens, pooled)


class OpenClipTextTower(nn.Module):
    """tokens: the last layer up to the end mark, [B, T, D]; pooled: CLIP's embedding, [B, E]."""

    def __init__(self, config: dict[str, Any] | None) -> None:
        super().__init__()
        self.net = build(config)
        del self.net.visual
        self.width = int(self.net.ln_final.normalized_shape[0])
        projection = self.net.text_projection
        self.pooled_width = self.width if projection is None else int(projection.shape[-1])

    def forward(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Ids and mask, both [B, T], to features."""
        net, length = self.net, ids.shape[1]
        tokens = net.token_embedding(ids) + net.positional_embedding[:length]
        # Attention looks only back, so what stands after the end mark changes nothing before it.
        tokens = net.transformer(tokens, attn_mask=net.attn_mask[:length, :length])
        tokens = net.ln_final(tokens)
        pooled = text_global_pool(tokens, ids, net.text_pool_type, net.text_eos_id)
        if net.text_projection is not None:
            pooled = pooled @ net.text_projection
        return TextFeatures(tokens, mask, pooled)


class OpenClipReader:
    """CLIP's byte-pair tokeniser, which comes with open_clip."""

    def __init__(self, context: int) -> None:
        self._tokenizer = SimpleTokenizer(context_length=context)
        self._context = context

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        table: Tensor = self._tokenizer(list(texts), context_length=self._context)
        end = self._tokenizer.eot_token_id
        # A text that fills the context has its end mark in the last place.
        ends = (table == end).to(torch.int).argmax(dim=1).tolist()
        return [row[: at + 1] for row, at in zip(table.tolist(), ends, strict=True)]
