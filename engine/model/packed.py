"""The cross-encoder for a CPU: the same function as `CrossEncoder`, with nothing read in vain.

1. Of all pairs only what is really there stands in one flat matrix, pair after pair: no padding.
2. Each layer's products run over that whole matrix at once; query, key and value are one product.
3. Attention stays within a pair; pairs of one length are attended to together.
4. Of the last layer only [CLS] is worked out, for nothing else of it is asked.

The weights are those of the time when this is made: for reading, not for training. `CrossEncoder`
is the reference, and tests compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.ceclip import CEClip
from engine.model.heads import CrossEncoder
from engine.model.mpnet import FIRST_PLACE

AT_ONCE = 64  # pairs in one flat matrix, so that its memory has a bound


def pack(network: CEClip) -> PackedCrossEncoder | None:
    """The network's cross-encoder to read with; None where it has none.

    float32 on every processor: a coarser format is faster on some, and then the same poem would
    have one score here and another there (decision 0019).
    """
    if network.architecture.cross is None:
        return None
    return PackedCrossEncoder(network.cross_encoder)


class PackedCrossEncoder:
    """A cross-encoder's weights, laid out to be multiplied with."""

    def __init__(self, cross: CrossEncoder) -> None:
        net: Any = cross.net
        self.config = cross.config
        self._heads = cross.config.heads
        self._marks = cross.marks.detach().float()
        self._types = cross.types.weight.detach().float()
        self._places = net.embeddings.position_embeddings.weight.detach().float()
        self._first_place = FIRST_PLACE
        self._norm = _Norm.of(net.embeddings.LayerNorm)
        self._layers = [_Layer.of(layer) for layer in net.encoder.layer]
        apart = net.encoder.apart(len(self._places) - self._first_place).detach()
        self._apart: Tensor = apart.float().contiguous()  # [1, heads, places, places]
        self._out = _Linear.of(cross.out)
        self._trust = cross.trust.detach().float()

    @torch.inference_mode()
    def logits(self, query: Tensor, passages: Sequence[Tensor], similarity: Tensor) -> Tensor:
        """Mapped tokens of a query [L, W] and of passages [T, W] each, cosines [n], to logits [n].

        `CrossEncoder.forward` says what they mean; here there are no masks.
        """
        found = torch.empty(len(passages))
        order = sorted(range(len(passages)), key=lambda at: len(passages[at]))
        for start in range(0, len(order), AT_ONCE):
            chosen = order[start : start + AT_ONCE]
            found[chosen] = self._first([passages[at] for at in chosen], query)
        return found + self._trust * similarity

    def operations(self, query: int, passages: Sequence[int]) -> int:
        """Multiplications and additions in matrix products, for lengths in tokens: what peak
        figures are held against. Only those that are carried out are counted."""
        width, wide = self.config.width, self.config.feedforward
        lengths = [query + 3 + length for length in passages]
        total, pairs = sum(lengths), len(lengths)
        inner = (
            8 * width * width + 4 * width * wide
        )  # of a token: query, key, value, out; both MLPs
        whole = total * inner + sum(4 * length * length * width for length in lengths)
        last = 4 * total * width * width + pairs * (inner - 4 * width * width)
        last += 4 * total * width
        return (len(self._layers) - 1) * whole + last + 2 * pairs * width

    def _first(self, passages: Sequence[Tensor], query: Tensor) -> Tensor:
        """The logits [n] without the similarities' part, of passages in the order of length."""
        flat, blocks = self._embedded(passages, query)
        starts = torch.cat([torch.arange(one.pairs) * one.length + one.start for one in blocks])
        for layer in self._layers[:-1]:
            asked, known, said = layer.attended(flat).chunk(3, dim=1)
            mixed = torch.empty_like(asked)
            for one in blocks:
                rows = slice(one.start, one.end)
                mixed[rows] = self._mixed(one, asked[rows], known[rows], said[rows])
            flat = layer.rest(mixed, flat)
        last = self._layers[-1]
        cls = flat[starts]
        asked, (known, said) = last.asked(cls), last.answered(flat).chunk(2, dim=1)
        mixed = torch.empty_like(asked)
        done = 0
        for one in blocks:
            rows, heads = slice(one.start, one.end), slice(done, done + one.pairs)
            mixed[heads] = self._mixed(one, asked[heads], known[rows], said[rows])
            done += one.pairs
        return self._out(last.rest(mixed, cls).float()).squeeze(-1)

    def _embedded(self, passages: Sequence[Tensor], query: Tensor) -> tuple[Tensor, list[_Block]]:
        """All sequences, flat and with places, types and norm [S, W]; where each length stands."""
        first, last = self._marks
        asks, answers = self._types
        places = self._places[self._first_place :]
        head = torch.cat([first[None], query.float(), last[None]]) + asks
        head = self._norm(head + places[: len(head)])
        parts: list[Tensor] = []
        blocks: list[_Block] = []
        start = 0
        for length, alike in groupby(passages, key=len):
            together = torch.stack(list(alike)).float()
            count = len(together)
            seen = list(range(len(head) + length))
            # The last [SEP] stands behind the padding where the paper's way of printing it holds.
            short = max(0, self.config.passage_tokens - length) if self.config.pad_inside else 0
            seen.append(len(head) + length + short)
            end = last.expand(count, 1, -1)
            tail = torch.cat([together, end], dim=1) + answers + places[seen[len(head) :]]
            whole = torch.cat([head.expand(count, -1, -1), self._norm(tail)], dim=1)
            parts.append(whole.flatten(0, 1))
            blocks.append(_Block(start, count, len(seen), self._bias(seen)))
            start += count * len(seen)
        return torch.cat(parts), blocks

    def _bias(self, seen: list[int]) -> Tensor:
        """What attention adds for how far two places are apart, [1, heads, N, N].

        With four dimensions torch takes its fast kernel; with three it does not (decision 0019).
        """
        if seen[-1] < len(seen):  # one after another, as nearly always: nothing is copied
            return self._apart[:, :, : len(seen), : len(seen)]
        return self._apart[:, :, seen][:, :, :, seen]

    def _mixed(self, block: _Block, asked: Tensor, known: Tensor, said: Tensor) -> Tensor:
        """Attention within each pair of a block; [rows, W] each."""
        count, width = block.pairs, asked.shape[1]
        asked, known, said = (
            part.view(count, -1, self._heads, width // self._heads).transpose(1, 2)
            for part in (asked, known, said)
        )
        bias = block.bias[:, :, : asked.shape[2]]
        mixed: Tensor = functional.scaled_dot_product_attention(asked, known, said, attn_mask=bias)
        return mixed.transpose(1, 2).reshape(-1, width)


@dataclass(frozen=True, slots=True)
class _Block:
    """Pairs of one length, one after another in the flat matrix."""

    start: int  # its first row
    pairs: int
    length: int
    bias: Tensor  # [1, heads, length, length]

    @property
    def end(self) -> int:
        return self.start + self.pairs * self.length


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: Tensor  # [out, in]
    bias: Tensor  # [out]

    @classmethod
    def of(cls, *layers: nn.Linear) -> _Linear:
        """One layer, or several that read the same, as one; a copy only where it has to be."""
        if len(layers) == 1:
            return cls(layers[0].weight.detach().float(), layers[0].bias.detach().float())
        weight = torch.cat([layer.weight.detach() for layer in layers])
        bias = torch.cat([layer.bias.detach() for layer in layers])
        return cls(weight.float(), bias.float())

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.linear(rows, self.weight, self.bias)


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: Tensor  # [W]
    bias: Tensor  # [W]
    eps: float

    @classmethod
    def of(cls, norm: nn.LayerNorm) -> _Norm:
        return cls(norm.weight.detach().float(), norm.bias.detach().float(), norm.eps)

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, self.eps)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer of MPNet."""

    attended: _Linear  # query, key and value of a token
    asked: _Linear  # the query alone
    answered: _Linear  # key and value
    out: _Linear
    out_norm: _Norm
    wider: _Linear
    narrower: _Linear
    norm: _Norm

    @classmethod
    def of(cls, layer: Any) -> _Layer:
        """From a layer of `MPNet`."""
        attention = layer.attention.attn
        attended = _Linear.of(attention.q, attention.k, attention.v)
        width = attention.q.weight.shape[0]
        return cls(
            attended=attended,
            asked=_Linear(attended.weight[:width], attended.bias[:width]),
            answered=_Linear(attended.weight[width:], attended.bias[width:]),
            out=_Linear.of(attention.o),
            out_norm=_Norm.of(layer.attention.LayerNorm),
            wider=_Linear.of(layer.intermediate.dense),
            narrower=_Linear.of(layer.output.dense),
            norm=_Norm.of(layer.output.LayerNorm),
        )

    def rest(self, mixed: Tensor, before: Tensor) -> Tensor:
        """What follows attention, of rows `mixed` that were `before` it; [rows, W] each."""
        middle = self.out_norm(self.out(mixed) + before)
        return self.norm(self.narrower(functional.gelu(self.wider(middle))) + middle)
