"""The second look at fifty passages: beside the plain way, the published size and the processor."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine import find_bundle
from engine.kept_tokens import KeptTokens
from engine.loading import load_encoder
from engine.model.encoder import Encoder
from engine.model.queries import EncodedQuery
from engine.model.torchvision_shim import prepare_torchvision
from engine.picture import load_picture
from kiosk.config import load_settings
from kiosk.encoding import open_index
from kiosk.own_language import ReadByModel
from kiosk.store.database import open_store
from tests.bench.figures import RUNS, Figure, milliseconds, side_by_side
from tests.plain_network import load_plain

PAIRS = 50
BEST = 5
PUBLISHED_TOKENS = 128
LARGE = 1536  # a side of the matrices that tell the processor's peak


@dataclass(frozen=True, slots=True)
class Work:
    """A starter work as the model sees it, and the passages that are nearest to it."""

    query: EncodedQuery
    texts: list[str]


def starter_works(encoder: Encoder, most: int | None = None) -> list[Work]:
    """The works that have a picture, each by its picture alone, with its fifty candidates."""
    settings = load_settings()
    fingerprint = find_bundle(settings.bundles_dir, settings.bundle).fingerprint
    works = []
    with open_store(settings.store_path) as store:
        index = open_index(store, fingerprint, encoder.dimensions, settings.cache_dir)
        source = ReadByModel(store.poems)
        for artwork in store.artworks.list()[:most]:
            path = store.picture_path(artwork)
            if path is None:
                continue
            query = encoder.picture(load_picture(path))
            found = [one.passage_id for one in index.search(query.vector, PAIRS)]
            works.append(Work(query, [one.text for one in source.passages(found)]))
    return works


def published() -> float:
    """Milliseconds of the published size, once: MPNet, 12 layers, 50 pairs of 128 tokens."""
    prepare_torchvision()
    from transformers import MPNetConfig, MPNetModel

    net = MPNetModel(MPNetConfig(), add_pooling_layer=False).eval()
    pairs = torch.randn(PAIRS, PUBLISHED_TOKENS, net.config.hidden_size)
    with torch.inference_mode():
        net(inputs_embeds=pairs[:1])
        return milliseconds(lambda: net(inputs_embeds=pairs))


def peak() -> float:
    """Operations a second of a large matrix product: the best of several."""
    one = torch.randn(LARGE, LARGE)
    took = min(milliseconds(lambda: one @ one) for _ in range(3))
    return 2 * LARGE**3 / took * 1000


def differences(
    encoder: Encoder, plain: Encoder, works: list[Work], kept: KeptTokens
) -> tuple[float, float]:
    """Of the works, the share whose best five are another five or in another order; and by how
    much a score differs at most. Beside the reference."""
    moved, apart = 0, 0.0
    for work in works:
        ours = encoder.score_tokens(work.query, kept.tokens(work.texts))
        reference = plain.score(work.query, work.texts)
        apart = max(apart, float(np.abs(ours - reference).max()))
        first = [np.argsort(-scores, kind="stable")[:BEST] for scores in (ours, reference)]
        moved += first[0].tolist() != first[1].tolist()
    return moved / len(works), apart


def measure_reranking(only: str) -> Iterator[Figure]:
    """The picture is read; what is measured goes from fifty passages to their scores.

    The plain way is the same network as eager modules of transformers in fp32, padded to the
    longest, with nothing worked out ahead; ours has read each passage once before.
    """
    settings = load_settings()
    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    encoder: Any = load_encoder(bundle)
    plain = load_plain(bundle)
    works = starter_works(encoder)
    work = works[0]
    with tempfile.TemporaryDirectory() as folder:
        kept = KeptTokens(encoder, Path(folder), "bench")

        def ours() -> np.ndarray:
            scores: np.ndarray = encoder.score_tokens(work.query, kept.tokens(work.texts))
            return scores

        figure = side_by_side(
            "rerank.50_ms",
            ours,
            "plain transformers, fp32, padded",
            lambda: plain.score(work.query, work.texts, batch_size=PAIRS),
        )
        yield figure
        yield Figure(
            "rerank.50_vs_published_ms",
            figure.value,
            "ms",
            "MPNet, 12 layers, 50 pairs of 128 tokens",
            round(published(), 1),
        )
        yield side_by_side(
            "rerank.50_unread_ms",
            lambda: encoder.score_tokens(work.query, encoder.tokens(work.texts)),
            "the same, read before",
            ours,
            runs=max(1, RUNS // 4),
        )
        yield from _shares(encoder, work, kept)
        moved, apart = differences(encoder, plain, works, kept)
        yield Figure("rerank.top_five_moved", round(moved, 4), "share")
        yield Figure("rerank.score_apart", round(apart, 6), "score")


def _shares(encoder: Encoder, work: Work, kept: KeptTokens) -> Iterator[Figure]:
    """What of the processor's peak is reached, by the cross-encoder alone."""
    cross = encoder._packed
    assert cross is not None, "this is measured on a CPU"
    width = cross.config.width  # behind it stands what the late interaction takes
    tokens = [
        torch.from_numpy(one.tokens[:, :width].astype(np.float32))
        for one in kept.tokens(work.texts)
    ]
    query, near = work.query._tokens, torch.zeros(len(tokens))
    operations = cross.operations(len(query), [len(one) for one in tokens])
    shares, peaks = [], []
    cross.logits(query, tokens, near)
    peak()
    for _ in range(RUNS):
        took = milliseconds(lambda: cross.logits(query, tokens, near))
        peaks.append(peak())
        shares.append(operations / took * 1000 / peaks[-1])
    yield Figure("rerank.peak_share", round(statistics.median(shares), 3), "share")
    yield Figure("rerank.peak_gflops", round(statistics.median(peaks) / 1e9, 1), "GFLOP/s")
