"""Queries and texts from kept features through the cross-encoder."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.model.ceclip import CEClip
from engine.model.image_towers import PictureFeatures
from engine.model.querybank import QueryKind
from engine.training.text_features import TextStore


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch of queries as the cross-encoder takes them."""

    tokens: Tensor  # [B, L, W]
    mask: Tensor  # [B, L]
    vectors: Tensor  # [B, joint], of unit length
    kind: QueryKind


def ask_pictures(network: CEClip, features: PictureFeatures) -> Asked:
    """Pictures as queries; the adapter is done learning, so there is no dropout in it."""
    learning = network.training
    with torch.no_grad():
        network.eval()
        tokens, vectors = network.adapted(features)
        network.train(learning)
    mask = torch.ones(tokens.shape[:2], dtype=torch.long)
    return Asked(network.image_mapping(tokens), mask, vectors, QueryKind.PICTURE)


def ask_words(network: CEClip, texts: TextStore, rows: list[int]) -> Asked:
    """Texts as queries."""
    tokens, mask = texts.batch(rows, network.architecture.cross_encoder.query_words)
    with torch.no_grad():
        vectors = network.words_vector(texts.pooled[rows])
    return Asked(network.text_mapping(tokens), mask, vectors, QueryKind.WORDS)


def read_pairs(
    network: CEClip,
    asked: Asked,
    texts: TextStore,
    rows: list[int],
    each: int,
    limit: int | None = None,
) -> Tensor:
    """Logits [B, each]: query i with the `each` texts whose rows stand at i * each."""
    tokens, mask = texts.batch(rows, limit or network.architecture.cross_encoder.passage_tokens)
    with torch.no_grad():
        passages = network.as_passages(network.passage_vector(texts.pooled[rows]))
        queries = network.as_queries(asked.vectors, asked.kind)
        similarities = (queries.repeat_interleave(each, dim=0) * passages).sum(dim=1)
    logits: Tensor = network.cross_encoder(
        asked.tokens.repeat_interleave(each, dim=0),
        asked.mask.repeat_interleave(each, dim=0),
        network.text_mapping(tokens),
        mask,
        similarities,
    )
    return logits.view(-1, each)
