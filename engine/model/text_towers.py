"""Text towers: token ids in, features of the tokens and of the whole text out.

The compact bundle reads with a BERT-shaped sentence encoder (MiniLM); the text half of open_clip
is in `engine.model.open_clip_towers`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from engine.errors import BundleError
from engine.model.bert import Bert, bert_shape


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """What a text tower says of a batch of texts."""

    tokens: Tensor  # [B, T, D]
    mask: Tensor  # [B, T], 1 for a token and 0 for padding
    pooled: Tensor  # [B, E], the text as a whole


Spans = Sequence[tuple[int, int]]  # first token, and the first that is no longer part of it


class TextReader(Protocol):
    """Turns texts into token ids, cut at the tower's context."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, its start and end marks included, without padding."""
        ...

    def lines(self, texts: Sequence[str]) -> list[Spans]:
        """Where each text's lines stand among its ids, those without a token left out.

        None unless a reader says otherwise: where a text's vector is not the mean of its tokens',
        part of the tokens says nothing of part of the text.
        """
        return [()] * len(texts)


class BertReader:
    """The tokeniser that came with the sentence encoder."""

    def __init__(self, file: Path, context: int) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises a bare Exception
            raise BundleError(
                f"The bundle's tokeniser {file.name} cannot be read; please install it again."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(context)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def lines(self, texts: Sequence[str]) -> list[Spans]:
        read = self._tokenizer.encode_batch(list(texts))
        return [_lines(text, encoding) for text, encoding in zip(texts, read, strict=True)]


def _lines(text: str, encoding: Encoding) -> Spans:
    ends = [at for at, sign in enumerate(text) if sign == "\n"]
    spans: dict[int, tuple[int, int]] = {}
    for token, (start, end) in enumerate(encoding.offsets):
        if start < end:  # marks of beginning and end stand nowhere
            line = bisect_left(ends, start)
            spans[line] = (spans.get(line, (token,))[0], token + 1)
    return list(spans.values())


class BertTower(nn.Module):
    """A BERT whose last layer, averaged over a text's tokens, is the text's vector."""

    prefix = ""  # of its weights in the file

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        shape = bert_shape(config)
        self.net = Bert(shape)
        self.width = shape.width
        self.pooled_width = self.width

    def forward(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Ids and mask, both [B, T], to features."""
        tokens: Tensor = self.net(ids, mask)
        return TextFeatures(tokens, mask, mean_of_tokens(tokens, mask))


def mean_of_tokens(tokens: Tensor, mask: Tensor) -> Tensor:
    """Tokens [B, T, D], those alone that the mask [B, T] has, to their means [B, D]."""
    weight = mask.to(tokens.dtype).unsqueeze(-1)
    return (tokens * weight).sum(1) / weight.sum(1).clamp(min=1.0)


def cut(ids: Sequence[int], limit: int) -> list[int]:
    """At most `limit` of a text's ids. The end mark stays: the tower never saw a text without."""
    return list(ids) if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]


def padded(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids and mask, both [B, T] with T the longest text's length."""
    longest = max(len(row) for row in ids)
    table = torch.zeros(len(ids), longest, dtype=torch.long)
    mask = torch.zeros(len(ids), longest, dtype=torch.long)
    for at, row in enumerate(ids):
        table[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    return table, mask
