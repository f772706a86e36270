"""The server finds the same passages as the kiosk's own matrix, with pgvector and without."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.index import Index
from engine.types import Candidate
from kiosk.encoding import open_index
from kiosk.store.database import Store, open_store
from kiosk.store.records import PassageCut, PoemDraft
from tests.postgres import Server

BUNDLE, WIDTH, POEMS = "bundle", 24, 40
PLAIN = "compared in plain SQL"


@pytest.fixture(scope="module", params=["server", "pgvector_server"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Poems of one to seven passages, whose vectors are any unit vectors; two are equal."""
    server: Server = request.getfixturevalue(request.param)
    rng = np.random.default_rng(7)
    with open_store(server.place(tmp_path_factory.mktemp("nearest"))) as opened:
        with opened.transaction():
            for number in range(POEMS):
                said = "\n".join(f"{number} {line}" for line in range(number % 7 + 1))
                cuts = [PassageCut(at, line) for at, line in enumerate(said.split("\n"))]
                opened.poems.add(PoemDraft(f"t{number}", "P", said), cuts)
        ids = [p.id for poem in opened.poems.list() for p in opened.poems.passages_of(poem.id)]
        rows = rng.standard_normal((len(ids), WIDTH)).astype(np.float32)
        rows[5] = rows[40]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        opened.embeddings.add(BUNDLE, sorted(ids), rows)
        opened.embeddings.add("another", sorted(ids)[:9], -rows[:9])
        yield opened


@pytest.fixture(scope="module")
def own(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(store, BUNDLE, WIDTH, tmp_path_factory.mktemp("cache"))


def same(ones: Sequence[Candidate], others: Sequence[Candidate]) -> None:
    assert [(c.poem_id, c.passage_id) for c in ones] == [(c.poem_id, c.passage_id) for c in others]
    assert [c.similarity for c in ones] == pytest.approx([c.similarity for c in others], abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [0, 1, 5, POEMS, POEMS + 1])
def test_a_search(store: Store, own: Index, seed: int, k: int) -> None:
    vector = np.random.default_rng(seed).standard_normal(WIDTH).astype(np.float32)
    vector /= np.linalg.norm(vector)
    index = store.server_index(BUNDLE)
    for hidden in (frozenset[int](), frozenset({1, 2, 30}), frozenset(range(1, POEMS))):
        same(index.search(vector, k, hidden=hidden), own.search(vector, k, hidden=hidden))
    same(index.best_passages(vector, [9, 3, 999]), own.best_passages(vector, [9, 3, 999]))
    assert index.best_passages(vector, []) == []


def test_equal_ones_come_by_number(store: Store, own: Index) -> None:
    vector = own.vectors[5]
    same(store.server_index(BUNDLE).search(vector, 2), own.search(vector, 2))


def test_vectors_come_back_exactly(store: Store, own: Index) -> None:
    rows = np.concatenate([batch.vectors for batch in store.embeddings.read(BUNDLE, batch=7)])
    assert np.array_equal(rows, own.vectors)


def test_a_bundle_without_vectors_finds_nothing(store: Store) -> None:
    vector = np.ones(WIDTH, np.float32)
    assert store.server_index("none").search(vector, 5) == []


def test_what_compares_them_is_told(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    store.server_index(BUNDLE)
    if "PostgreSQL 15" in store.about():
        assert "It has no pgvector" in store.about()
        assert PLAIN in caplog.text
    else:
        assert "pgvector 0." in store.about()
        assert caplog.text == ""


def test_a_database_that_lacks_what_its_server_offers(
    pgvector_server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = pgvector_server.place(tmp_path)
    with open_store(place) as store:
        assert "where `search_on_server` is on" in store.about()
    pgvector_server.sql("DROP EXTENSION vector", place.database)
    with open_store(place) as store:
        assert "CREATE EXTENSION vector" in store.about()
        store.server_index(BUNDLE)
    assert PLAIN in caplog.text
