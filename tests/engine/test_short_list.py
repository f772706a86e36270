"""The short list misses hardly anything, grows by what is added, and is not believed when wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import short_list
from engine.index import Index, IndexCache

ROWS, DIMENSIONS = 20_000, 64


def perturbed(rows: int, seed: int) -> np.ndarray:
    """Vectors as texts have them: in bunches."""
    rng = np.random.default_rng(seed)
    homes = np.random.default_rng(7).normal(size=(800, DIMENSIONS))
    drawn = homes[rng.integers(0, len(homes), rows)] + 0.6 * rng.normal(size=(rows, DIMENSIONS))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def block(first: int, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ids = np.arange(first, first + len(vectors), dtype=np.int64)
    return ids, ids, vectors


@pytest.fixture
def worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_list, "WORTH_FROM", 5000)
    monkeypatch.setattr(short_list, "ROWS", 2500)


@pytest.fixture
def cache(worth: None, tmp_path: Path) -> IndexCache:
    cache = IndexCache(tmp_path, "fingerprint", DIMENSIONS)
    cache.append([block(1, perturbed(ROWS, 1))], "first")
    return cache


def recall(index: Index, queries: np.ndarray, k: int) -> float:
    exact = Index("f", index.passage_ids, index.poem_ids, index.vectors)
    hits = [
        len(
            {found.poem_id for found in index.search(query, k)}
            & {found.poem_id for found in exact.search(query, k)}
        )
        for query in queries
    ]
    return float(np.mean(hits)) / k


def test_few_rows_are_not_worth_a_list(tmp_path: Path) -> None:
    cache = IndexCache(tmp_path, "fingerprint", DIMENSIONS)
    cache.append([block(1, perturbed(500, 1))], "s")
    assert cache.open().short is None


def test_hardly_any_of_the_best_fifty_is_missed(cache: IndexCache) -> None:
    index = cache.open()
    assert index.short is not None
    assert len(index.short) == ROWS
    assert len(index.short.rows(index.vectors[0], short_list.ROWS)) < ROWS / 5
    assert recall(index, perturbed(40, 2), 50) > 0.99


def test_similarities_on_the_list_are_exact(cache: IndexCache) -> None:
    index = cache.open()
    query = perturbed(1, 3)[0]
    for found in index.search(query, 20):
        exact = float(index.vectors[found.passage_id - 1] @ query)
        assert found.similarity == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize("more", [1, 2, 3])
def test_vectors_of_any_length_are_coded(worth: None, tmp_path: Path, more: int) -> None:
    def lengthened(vectors: np.ndarray) -> np.ndarray:
        return np.hstack([vectors, 0.3 * vectors[:, :more] ** 2]).astype(np.float32)

    cache = IndexCache(tmp_path, "fingerprint", DIMENSIONS + more)
    cache.append([block(1, lengthened(perturbed(6000, 1)))], "first")
    cache.append([block(6001, lengthened(perturbed(500, 2)))], "second")
    index = cache.open()
    assert index.short is not None
    assert len(index.short) == 6500
    assert recall(index, lengthened(perturbed(20, 3)), 50) > 0.99


def test_what_is_added_is_coded_and_the_rest_is_left(cache: IndexCache, tmp_path: Path) -> None:
    before = (tmp_path / "short.codes").read_bytes()
    quantiser = (tmp_path / "short.quantiser").read_bytes()
    cache.append([block(ROWS + 1, perturbed(1000, 5))], "second")
    assert (tmp_path / "short.codes").read_bytes()[: len(before)] == before
    assert (tmp_path / "short.quantiser").read_bytes() == quantiser
    index = cache.open()
    assert index.short is not None
    assert len(index.short) == ROWS + 1000
    newest = index.vectors[-1]
    assert index.search(np.array(newest), 1)[0].passage_id == ROWS + 1000


def test_hidden_poems_do_not_count_though_they_fill_the_list(cache: IndexCache) -> None:
    index = cache.open()
    query = perturbed(1, 6)[0]
    hidden = {found.poem_id for found in index.search(query, 3000)}
    found = index.search(query, 5, hidden=hidden)
    assert len(found) == 5
    assert not hidden & {one.poem_id for one in found}


def resident_kb(path: Path) -> int:
    """What this process holds of a mapped file."""
    blocks = re.split(
        r"^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text(), flags=re.M
    )
    mapped = [block for block in blocks if block.split("\n", 1)[0].endswith(str(path))]
    assert mapped
    return sum(int(re.search(r"^Rss: +(\d+)", block, re.M)[1]) for block in mapped)  # type: ignore[index]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux what is resident")
def test_a_search_leaves_nothing_of_the_matrix_in_memory(cache: IndexCache, tmp_path: Path) -> None:
    index = cache.open()
    query = perturbed(1, 5)[0]
    float(index.vectors.sum())
    assert resident_kb(tmp_path / "vectors.f32") > 1000
    first = index.search(query, 50)
    assert resident_kb(tmp_path / "vectors.f32") == 0
    assert index.search(query, 50) == first


@pytest.mark.parametrize("name", ["short.quantiser", "short.codes"])
@pytest.mark.parametrize("content", [b"", b"no codes at all"])
def test_damaged_files_cost_speed_and_nothing_else(
    cache: IndexCache, tmp_path: Path, name: str, content: bytes
) -> None:
    query = perturbed(1, 8)[0]
    before = cache.open().search(query, 5)
    (tmp_path / name).write_bytes(content)
    index = cache.open()
    assert index.short is None
    assert [one.poem_id for one in index.search(query, 5)] == [one.poem_id for one in before]
