"""What BERT and MPNet have in common, in torch alone.

`transformers` has both, and takes longer to import than torch itself. Here is what is read with;
the weights have the names that `transformers` gives them, so its files are read as they are, and
tests compare with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

SPREAD = 0.02  # of a weight before any training


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerShape:
    """The numbers of a transformer."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    feedforward: int
    places: int
    norm_eps: float
    dropout: float = 0.1  # while training
    attention_dropout: float = 0.1  # likewise, of what is attended to


class Residual(nn.Module):
    """A linear layer whose outcome is added to what was before, and the sum normed."""

    def __init__(self, inner: int, shape: TransformerShape) -> None:
        super().__init__()
        self.dense = nn.Linear(inner, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=shape.norm_eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, inner: Tensor, before: Tensor) -> Tensor:
        """[B, T, inner] and [B, T, width] to [B, T, width]."""
        normed: Tensor = self.LayerNorm(before + self.dropout(self.dense(inner)))
        return normed


class Intermediate(nn.Module):
    """The wider layer in the middle of a block."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.dense = nn.Linear(shape.width, shape.feedforward)

    def forward(self, tokens: Tensor) -> Tensor:
        """[B, T, width] to [B, T, feedforward]."""
        return functional.gelu(self.dense(tokens))


class Block(nn.Module):
    """One layer: attention, and an MLP behind it."""

    def __init__(self, attention: nn.Module, shape: TransformerShape) -> None:
        super().__init__()
        self.attention = attention
        self.intermediate = Intermediate(shape)
        self.output = Residual(shape.feedforward, shape)

    def forward(self, tokens: Tensor, bias: Tensor | None) -> Tensor:
        """[B, T, width] to the same; `bias` as in `attended`."""
        seen = self.attention(tokens, bias)
        out: Tensor = self.output(self.intermediate(seen), seen)
        return out


class Layers(nn.Module):
    """All layers, one after another."""

    def __init__(
        self, attention: Callable[[TransformerShape], nn.Module], shape: TransformerShape
    ) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Block(attention(shape), shape) for _ in range(shape.layers))

    def forward(self, tokens: Tensor, bias: Tensor | None) -> Tensor:
        """[B, T, width] to the same; `bias` as in `attended`."""
        for layer in self.layer:
            tokens = layer(tokens, bias)
        return tokens


def attended(
    asked: Tensor, known: Tensor, said: Tensor, heads: int, bias: Tensor | None, dropout: float
) -> Tensor:
    """Attention in `heads` heads: [B, T, width] each to [B, T, width]; `bias` is added before the
    softmax, and may be anything that broadcasts to [B, heads, T, T]."""
    q, k, v = (one.view(*one.shape[:2], heads, -1).transpose(1, 2) for one in (asked, known, said))
    mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias, dropout_p=dropout)
    return mixed.transpose(1, 2).flatten(2)


def ignoring(mask: Tensor, dtype: torch.dtype) -> Tensor | None:
    """What to add before the softmax so that padding is not attended to: [B, 1, 1, T] from a mask
    [B, T], 1 for a token; None where there is no padding."""
    if bool(mask.all()):
        return None
    return (1.0 - mask[:, None, None, :].to(dtype)) * torch.finfo(dtype).min


def begin(network: nn.Module) -> None:
    """Small random weights, as both are begun with before any training."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=SPREAD)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=SPREAD)
            if module.padding_idx is not None:
                with torch.no_grad():
                    module.weight[module.padding_idx].zero_()


@contextmanager
def without_random_weights() -> Iterator[None]:
    """Modules made in here have whatever stood in their memory: files are about to replace it, and
    random numbers would take a good part of a second. In this thread only."""
    with _NothingDrawn():
        yield


class _NothingDrawn(TorchFunctionMode):
    drawing = frozenset(
        {
            *(Tensor.normal_, Tensor.uniform_, nn.init.normal_, nn.init.uniform_),
            *(nn.init.kaiming_normal_, nn.init.kaiming_uniform_),
            *(nn.init.xavier_normal_, nn.init.xavier_uniform_, nn.init.trunc_normal_),
        }
    )

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        named = kwargs or {}
        if func in self.drawing:
            return args[0] if args else named["tensor"]
        return func(*args, **named)
