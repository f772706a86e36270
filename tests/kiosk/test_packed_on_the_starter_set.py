"""What visitors are answered by, beside the plain way, on the starter works and poems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import find_bundle
from engine.kept_tokens import KeptTokens
from engine.loading import load_encoder
from engine.picture import load_picture
from engine.pipeline import RERANKED
from kiosk.config import Settings
from kiosk.encoding import open_index
from kiosk.own_language import ReadByModel
from kiosk.store.database import open_store
from tests.plain_network import load_plain

EVERY = 3  # works; `make bench ONLY=rerank` looks at all


@pytest.mark.slow
def test_the_best_five_are_those_of_the_reference(installed: Settings, tmp_path: Path) -> None:
    bundle = find_bundle(installed.bundles_dir, installed.bundle)
    encoder, plain = load_encoder(bundle), load_plain(bundle)
    kept = KeptTokens(encoder, tmp_path / "tokens", bundle.fingerprint)
    with open_store(installed.store_path) as store:
        index = open_index(store, bundle.fingerprint, encoder.dimensions, tmp_path)
        source = ReadByModel(store.poems)
        pictures = [path for work in store.artworks.list() if (path := store.picture_path(work))]
        assert pictures
        for path in pictures[::EVERY]:
            query = encoder.picture(load_picture(path))
            found = [one.passage_id for one in index.search(query.vector, RERANKED)]
            texts = [one.text for one in source.passages(found)]
            reference = plain.score(query, texts)
            for _ in range(2):  # read, and read before
                scores = encoder.score_tokens(query, kept.tokens(texts))
                assert np.abs(scores - reference).max() < 0.01
                best = np.argsort(-scores, kind="stable")[:5]
                assert best.tolist() == np.argsort(-reference, kind="stable")[:5].tolist(), path
