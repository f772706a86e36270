"""What the frozen text tower says of every training text, worked out once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.text_towers import TextFeatures, TextReader, cut, padded


@dataclass(frozen=True, slots=True)
class TextStore:
    """Features of texts by their row; tokens lie one text after the other."""

    pooled: Tensor  # [n, E], float32
    tokens: Tensor  # [all tokens, D], float16
    starts: Tensor  # [n + 1], where each text's tokens begin

    def batch(self, rows: Sequence[int], limit: int | None = None) -> tuple[Tensor, Tensor]:
        """Tokens [B, T, D] float32 and mask [B, T] of these texts, at most `limit` of each."""
        first = self.starts[list(rows)]
        long = self.starts[[row + 1 for row in rows]] - first
        lengths = (long if limit is None else long.clamp(max=limit)).tolist()
        table = torch.zeros(len(rows), max(lengths), self.tokens.shape[1])
        mask = torch.zeros(len(rows), max(lengths), dtype=torch.long)
        for at, (start, length) in enumerate(zip(first.tolist(), lengths, strict=True)):
            table[at, :length] = self.tokens[start : start + length].float()
            mask[at, :length] = 1
        return table, mask

    def features(self, rows: Sequence[int]) -> TextFeatures:
        """What the text tower says of these texts."""
        return TextFeatures(*self.batch(rows), self.pooled[list(rows)])


def text_store(
    network: CEClip,
    reader: TextReader,
    texts: Sequence[str],
    limit: int,
    folder: Path,
    batch: int = 64,
) -> TextStore:
    """The features of these texts, each cut to `limit` tokens; read from `folder` if there."""
    name = hashlib.sha256("\0".join([str(limit), *texts]).encode()).hexdigest()[:16]
    path = folder / f"{name}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _extract(network, reader, texts, limit, batch, path)
    with np.load(path, allow_pickle=False) as kept:
        return TextStore(*(torch.from_numpy(kept[key]) for key in ("pooled", "tokens", "starts")))


def _extract(
    network: CEClip, reader: TextReader, texts: Sequence[str], limit: int, batch: int, path: Path
) -> None:
    ids = [cut(row, limit) for row in reader.ids(texts)]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in ids])])
    pooled = np.zeros((len(ids), network.text_tower.pooled_width), np.float32)
    tokens = np.zeros((int(starts[-1]), network.text_tower.width), np.float16)
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    device = next(network.parameters()).device
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        table, mask = padded([ids[row] for row in rows])
        with torch.inference_mode():
            features = network.text(table.to(device), mask.to(device))
        pooled[rows] = features.pooled.cpu().numpy()
        for row, values in zip(rows, features.tokens.half().cpu().numpy(), strict=True):
            tokens[starts[row] : starts[row + 1]] = values[: len(ids[row])]
    part = path.with_suffix(".part")
    with part.open("wb") as handle:
        np.savez(handle, pooled=pooled, tokens=tokens, starts=starts)
    part.rename(path)
