"""MPNet, which the cross-encoder is (Section 3.2): BERT's layers, and how far tokens are apart."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from engine.model.attention import (
    Layers,
    TransformerShape,
    attended,
    begin,
    ignoring,
)

FIRST_PLACE = 2  # places are counted from here; 1 is padding's
DISTANCES = 32  # kinds of distance, half of them for each direction
FARTHEST = 128  # tokens; beyond it all distances are one kind


class MPNet(nn.Module):
    """Embedded tokens [B, T, width] and their mask [B, T] to hidden states [B, T, width]."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.embeddings = _Embeddings(shape)
        self.encoder = _Layers(shape)
        begin(self)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Nothing attends to what the mask does not have."""
        hidden: Tensor = self.embeddings(tokens)
        bias = self.encoder.apart(tokens.shape[1])
        ignored = ignoring(mask, hidden.dtype)
        if ignored is not None:
            bias = bias + ignored
        read: Tensor = self.encoder(hidden, bias)
        return read


def distance_kinds(length: int) -> Tensor:
    """Which kind of distance lies from each of `length` tokens to each: [length, length].

    Near ones are told apart one by one, farther ones by the logarithm, each direction by itself.
    """
    places = torch.arange(length)
    ahead = places[None, :] - places[:, None]
    half = DISTANCES // 2
    single = half // 2
    far = ahead.abs()
    steps = (far.float().clamp(min=1) / single).log() / math.log(FARTHEST / single)
    scaled = (single + (steps * (half - single)).long()).clamp(max=half - 1)
    return torch.where(far < single, far, scaled) + half * (ahead > 0)


class _Embeddings(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.width, padding_idx=1)
        self.position_embeddings = nn.Embedding(shape.places, shape.width, padding_idx=1)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=shape.norm_eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1], device=tokens.device) + FIRST_PLACE
        normed: Tensor = self.LayerNorm(tokens + self.position_embeddings(places))
        dropped: Tensor = self.dropout(normed)
        return dropped


class _Layers(Layers):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__(_Attention, shape)
        self.relative_attention_bias = nn.Embedding(DISTANCES, shape.heads)

    def apart(self, length: int) -> Tensor:
        """What each head adds for the distance of two tokens: [1, heads, length, length]."""
        kinds = distance_kinds(length).to(self.relative_attention_bias.weight.device)
        added: Tensor = self.relative_attention_bias(kinds)
        return added.permute(2, 0, 1).unsqueeze(0)


class _Attention(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.attn = _Self(shape)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=shape.norm_eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, tokens: Tensor, bias: Tensor) -> Tensor:
        seen: Tensor = self.LayerNorm(tokens + self.dropout(self.attn(tokens, bias)))
        return seen


class _Self(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, shape.attention_dropout
        self.q = nn.Linear(shape.width, shape.width)
        self.k = nn.Linear(shape.width, shape.width)
        self.v = nn.Linear(shape.width, shape.width)
        self.o = nn.Linear(shape.width, shape.width)

    def forward(self, tokens: Tensor, bias: Tensor) -> Tensor:
        read = (self.q(tokens), self.k(tokens), self.v(tokens))
        mixed = attended(*read, self.heads, bias, self.dropout if self.training else 0.0)
        out: Tensor = self.o(mixed)
        return out
