"""BERT, which the compact bundle reads texts with (MiniLM has its shape)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import BundleError
from engine.model.attention import (
    Layers,
    Residual,
    TransformerShape,
    attended,
    begin,
    ignoring,
)

KINDS = 2  # of tokens; all of ours are of the first


def bert_shape(config: Mapping[str, Any]) -> TransformerShape:
    """From the configuration that `transformers` writes. `BundleError` where it is of no use."""
    act = config.get("hidden_act", "gelu")
    if act != "gelu":
        raise BundleError(f"The bundle's text tower has {act!r} units; only gelu can be read.")
    try:
        return TransformerShape(
            vocabulary=int(config["vocab_size"]),
            width=int(config["hidden_size"]),
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            feedforward=int(config["intermediate_size"]),
            places=int(config.get("max_position_embeddings", 512)),
            norm_eps=float(config.get("layer_norm_eps", 1e-12)),
            dropout=float(config.get("hidden_dropout_prob", 0.1)),
            attention_dropout=float(config.get("attention_probs_dropout_prob", 0.1)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"The bundle's manifest does not describe its text tower as a BERT ({error});"
            " please install it again."
        ) from error


class Bert(nn.Module):
    """Token ids [B, T] and their mask to hidden states [B, T, width] after the last layer."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.embeddings = _Embeddings(shape)
        self.encoder = Layers(_Attention, shape)
        begin(self)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Nothing attends to what the mask does not have."""
        hidden: Tensor = self.embeddings(ids)
        read: Tensor = self.encoder(hidden, ignoring(mask, hidden.dtype))
        return read


class _Embeddings(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.width, padding_idx=0)
        self.position_embeddings = nn.Embedding(shape.places, shape.width)
        self.token_type_embeddings = nn.Embedding(KINDS, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=shape.norm_eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, ids: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        tokens = self.word_embeddings(ids) + self.token_type_embeddings.weight[0]
        normed: Tensor = self.LayerNorm(tokens + self.position_embeddings(places))
        dropped: Tensor = self.dropout(normed)
        return dropped


class _Attention(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.self = _Self(shape)
        self.output = Residual(shape.width, shape)

    def forward(self, tokens: Tensor, bias: Tensor | None) -> Tensor:
        seen: Tensor = self.output(self.self(tokens, bias), tokens)
        return seen


class _Self(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, shape.attention_dropout
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, shape.width)
        self.value = nn.Linear(shape.width, shape.width)

    def forward(self, tokens: Tensor, bias: Tensor | None) -> Tensor:
        read = (self.query(tokens), self.key(tokens), self.value(tokens))
        return attended(*read, self.heads, bias, self.dropout if self.training else 0.0)
