"""The two halves of an open_clip model as towers (the paper's ViT-B/32, SigLIP and others).

The manifest carries open_clip's own model configuration, so the network is built without asking
any hub; both halves read their part of one safetensors file in open_clip's layout. Models whose
text half is a network of its own on a hub (`hf_model_name`), and CoCa, cannot be carried so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import BundleError
from engine.model.image_towers import PictureFeatures
from engine.model.text_towers import TextFeatures, TextReader
from engine.model.torchvision_shim import prepare_torchvision

prepare_torchvision()  # before open_clip, which imports torchvision

from open_clip import CLIP, CustomTextCLIP, SimpleTokenizer  # noqa: E402
from open_clip.tokenizer import get_clean_fn  # noqa: E402
from open_clip.transformer import text_global_pool  # noqa: E402


def build(config: dict[str, Any] | None) -> CLIP | CustomTextCLIP:
    """An open_clip model from its configuration, with weights yet to be loaded."""
    parts = dict(config or {})
    try:
        custom = parts.pop("custom_text", False)
        if "multimodal_cfg" in parts or "hf_model_name" in parts["text_cfg"]:
            raise ValueError("its text half needs a network of its own from a hub")
        if "timm_model_name" in parts["vision_cfg"]:
            # Never from a hub: the weights are the bundle's.
            parts["vision_cfg"] = {**parts["vision_cfg"], "timm_model_pretrained": False}
        return (CustomTextCLIP if custom else CLIP)(**parts)
    except (KeyError, TypeError, ValueError, AssertionError, RuntimeError) as error:
        raise BundleError(
            f"The bundle's open_clip configuration cannot be built ({error}); "
            "please install the bundle again."
        ) from error


class OpenClipImageTower(nn.Module):
    """tokens: the patches of the last layer, [B, P, D]; pooled: CLIP's embedding, [B, E]."""

    prefix = "visual."  # of its weights in the file

    def __init__(self, config: dict[str, Any] | None) -> None:
        super().__init__()
        self.net = build(config).visual
        self.pooled_width = int((config or {})["embed_dim"])
        if hasattr(self.net, "output_tokens"):
            self.net.output_tokens = True

    def forward(self, pixels: Tensor) -> PictureFeatures:
        """Pixels [B, 3, S, S] to features."""
        net = self.net
        if hasattr(net, "output_tokens"):  # open_clip's own vision transformer
            pooled, tokens = net(pixels)
        elif hasattr(net, "trunk"):  # a network of timm's
            features = net.trunk.forward_features(pixels)
            pooled = net.head(net.trunk.forward_head(features))
            tokens = _regions(features, getattr(net.trunk, "num_prefix_tokens", 0))
        else:  # open_clip's ResNet
            features = net.stem(pixels)
            for layer in (net.layer1, net.layer2, net.layer3, net.layer4):
                features = layer(features)
            pooled, tokens = net.attnpool(features), _regions(features, 0)
        return PictureFeatures(tokens, pooled)

    def shape(self, size: int) -> tuple[int, int]:
        """Tokens of a picture of `size` pixels, and their width; found by reading a blank one."""
        with torch.no_grad():
            blank = self(torch.zeros(1, 3, size, size))
        regions, width = blank.tokens.shape[1:]
        return regions, width


def _regions(features: Tensor, skipped: int) -> Tensor:
    """A map [B, D, h, w] or a sequence [B, skipped + P, D] as regions [B, P, D]."""
    if features.ndim == 4:
        return features.flatten(2).transpose(1, 2)
    return features[:, skipped:]


class OpenClipTextTower(nn.Module):
    """tokens: the last layer up to the end mark, [B, T, D]; pooled: CLIP's embedding, [B, E]."""

    def __init__(self, config: dict[str, Any] | None) -> None:
        super().__init__()
        whole = build(config)
        self.custom = isinstance(whole, CustomTextCLIP)
        self.prefix = "text." if self.custom else ""  # of its weights in the file
        self.net = whole.text if isinstance(whole, CustomTextCLIP) else whole
        if self.custom:
            self.net.output_tokens = True
        else:
            del self.net.visual
        self.width = int(self.net.ln_final.normalized_shape[0])
        self.pooled_width = (
            self.width if self.net.text_projection is None else int((config or {})["embed_dim"])
        )

    def forward(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Ids and mask, both [B, T], to features."""
        if self.custom:
            pooled, tokens = self.net(ids)
            # Its reader fills the context up; what fills it is no word of the text.
            return TextFeatures(tokens, mask * (ids != self.net.pad_id), pooled)
        net, length = self.net, ids.shape[1]
        tokens = net.token_embedding(ids) + net.positional_embedding[:length]
        # Attention looks only back, so what stands after the end mark changes nothing before it.
        tokens = net.transformer(tokens, attn_mask=net.attn_mask[:length, :length])
        tokens = net.ln_final(tokens)
        pooled = text_global_pool(tokens, ids, net.text_pool_type, net.text_eos_id)
        if net.text_projection is not None:
            pooled = pooled @ net.text_projection
        return TextFeatures(tokens, mask, pooled)


class OpenClipReader(TextReader):
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


class OpenClipFileReader(TextReader):
    """A tokeniser that the bundle carries, used as open_clip's own reader of such files does.

    These models were trained on texts that fill the whole context, so every text is filled up
    with `pad`, and what is longer is cut with its end mark kept.
    """

    def __init__(self, file: Path, text: dict[str, Any], context: int) -> None:
        # Beside the tokeniser of the compact bundle, which is read the same way.
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises a bare Exception
            raise BundleError(
                f"The bundle's tokeniser {file.name} cannot be read; please install it again."
            ) from error
        self._clean = get_clean_fn(text.get("tokenizer_kwargs", {}).get("clean", "whitespace"))
        self._tokenizer.enable_truncation(context)
        self._tokenizer.enable_padding(pad_id=int(text.get("pad_id", 0)), length=context)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        cleaned = [self._clean(text) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(cleaned)]
