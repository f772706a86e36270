"""From a picture to ranked poems, with a model that is loaded and 10,000 passages."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine import Bundle, Query, QueryEncoder, find_bundle
from engine.index import Index
from engine.kept_tokens import DEFAULT_BOUND
from engine.loading import load_encoder
from engine.picture import load_picture
from engine.pipeline import RERANKED, Engine
from kiosk.config import load_settings
from kiosk.encoding import open_index, open_reader
from kiosk.matching import MatchService
from kiosk.store.database import Store, open_store
from kiosk.store.records import PassageCut, PoemDraft
from tests.bench.figures import Figure, side_by_side
from tests.bench.searching import PASSAGE_NOISE, perturb

PASSAGES = 10_000
ENCODED = 500  # by the model; the other vectors are these with noise, as in `tests.bench.searching`
LINES = 14


def fill(store: Store, lines: list[str], passages: int) -> None:
    """Made-up poems of 14 lines each, a seeded draw of real lines: real lengths, real words."""
    draw = random.Random(20221108)
    with store.transaction():
        for number in range(passages):
            text = "\n".join(draw.sample(lines, LINES))
            draft = PoemDraft(f"Made up {number}", "Nobody", text, language="en")
            store.poems.add(draft, [PassageCut(0, text)])


def add_vectors(store: Store, encoder: QueryEncoder, bundle: Bundle) -> None:
    """Vectors of all passages: of the first few as the model reads them, of the rest made up."""
    draw = np.random.default_rng(20221108)
    real = np.empty((0, encoder.dimensions), np.float32)
    joint = int(bundle.manifest["architecture"]["joint"])
    last = 0
    while batch := store.embeddings.missing(bundle.fingerprint, ENCODED, after_id=last):
        if len(real) < ENCODED:
            vectors = encoder.passages([one.text for one in batch])
            real = np.concatenate([real, vectors])
        else:
            vectors = perturb(real, joint, len(batch), PASSAGE_NOISE, draw)
        store.embeddings.add(bundle.fingerprint, [one.id for one in batch], vectors)
        last = batch[-1].id


def plain_search(index: Index, vector: np.ndarray, k: int) -> list[int]:
    """The plain way: sort everything, then take the first of each poem."""
    order = np.argsort(-(index.vectors @ vector))
    found: list[int] = []
    for row in order:
        if index.poem_ids[row] not in found:
            found.append(int(index.poem_ids[row]))
        if len(found) == k:
            break
    return found


def known_work() -> Figure:
    """A starter work that was ranked ahead, beside the same answer of the loaded model."""
    settings = load_settings()
    with open_store(settings.store_path) as store:
        service = MatchService(settings, store)
        work = next(work for work in store.artworks.list() if work.image)
        service.match_artwork(work.id)
        assert service.known(work.id) is not None
        return side_by_side(
            "match.known_ms",
            lambda: service.known(work.id),
            "the same answer, by the loaded model",
            lambda: service.match_artwork(work.id, settings.matches),
        )


def measure_matching(_only: str) -> Iterator[Figure]:
    """The picture read, the search, and all of it to ranked poems; a known work.

    Warm: what is reranked was read before, by the run that is not counted.
    """
    settings = load_settings()
    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    with open_store(settings.store_path) as store:
        lines = [line for poem in store.poems.list() for line in poem.lines if line.strip()]
        artwork = next(work for work in store.artworks.list() if work.image)
        path = store.picture_path(artwork)
    assert path is not None
    picture = load_picture(path)
    with tempfile.TemporaryDirectory() as scratch, open_store(Path(scratch) / "s.sqlite") as store:
        fill(store, lines, PASSAGES)
        encoder = load_encoder(bundle)
        add_vectors(store, encoder, bundle)
        index = open_index(store, bundle.fingerprint, encoder.dimensions, Path(scratch))
        reader = open_reader(encoder, bundle.fingerprint, Path(scratch), DEFAULT_BOUND)
        engine = Engine(encoder, index, store.poems, reader)
        query = encoder.picture(picture)

        yield side_by_side("match.encode_ms", lambda: encoder.picture(picture))
        yield side_by_side(
            "match.search_10k_ms",
            lambda: index.search(query.vector, RERANKED),
            "sorting every similarity",
            lambda: plain_search(index, query.vector, RERANKED),
        )
        yield known_work()
        asked = Query(picture)
        yield side_by_side("match.10k_ms", lambda: engine.match(asked, 5))
