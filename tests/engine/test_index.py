"""The search is exact, and the cache is never believed when it is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index import Index, IndexCache, empty_index

DIMENSIONS = 8


def vectors(rows: int, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSIONS)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def block(first: int, rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ids = np.arange(first, first + rows, dtype=np.int64)
    return ids, ids // 3, vectors(rows, seed)


def naive(index: Index, query: np.ndarray, k: int, hidden: set[int]) -> list[tuple[int, int]]:
    scored = sorted(
        (-float(similarity), int(passage), int(poem))
        for similarity, passage, poem in zip(
            index.vectors @ query, index.passage_ids, index.poem_ids, strict=True
        )
        if int(poem) not in hidden
    )
    best: dict[int, int] = {}
    for _, passage, poem in scored:
        best.setdefault(poem, passage)
    return list(best.items())[:k]


@settings(max_examples=150, deadline=None)
@given(
    rows=st.integers(0, 400),
    k=st.integers(0, 120),
    poems=st.integers(1, 60),
    hidden=st.sets(st.integers(0, 60), max_size=20),
    distinct=st.integers(1, 400),
    seed=st.integers(0, 99),
)
def test_search_is_the_naive_one(
    rows: int, k: int, poems: int, hidden: set[int], distinct: int, seed: int
) -> None:
    """Also where many vectors are the same and one poem has most of the passages."""
    rng = np.random.default_rng(seed)
    drawn = vectors(max(distinct, 1), seed)[rng.integers(0, max(distinct, 1), rows)]
    index = Index(
        "f",
        np.arange(rows, dtype=np.int64) + 1,
        rng.integers(0, poems, rows).astype(np.int64),
        drawn.reshape(rows, DIMENSIONS),
    )
    query = vectors(1, seed + 1)[0]
    found = index.search(query, k, hidden=hidden)
    assert [(one.poem_id, one.passage_id) for one in found] == naive(index, query, k, hidden)


def test_best_passages_of_named_poems() -> None:
    index = Index("f", *block(0, 30))
    query = index.vectors[13]
    best = index.best_passages(query, [4, 99, 0])
    assert [one.poem_id for one in best] == [4, 0]
    assert best[0].passage_id == 13


def cache(folder: Path) -> IndexCache:
    return IndexCache(folder, "fingerprint", DIMENSIONS)


def test_cache_is_appended_to(tmp_path: Path) -> None:
    assert len(cache(tmp_path).open()) == 0
    assert cache(tmp_path).append([block(1, 10), block(11, 5, seed=1)], "s1") == 15
    before = (tmp_path / "vectors.f32").read_bytes()
    assert cache(tmp_path).append([block(16, 3, seed=2)], "s2") == 3
    assert (tmp_path / "vectors.f32").read_bytes()[: len(before)] == before
    index = cache(tmp_path).open()
    assert list(index.passage_ids) == list(range(1, 19))
    np.testing.assert_array_equal(index.vectors[15:], vectors(3, seed=2))
    assert cache(tmp_path).state() == "s2"
    assert cache(tmp_path).last_id() == 18


def test_an_interrupted_append_counts_for_nothing(tmp_path: Path) -> None:
    cache(tmp_path).append([block(1, 10)], "s1")

    def breaks() -> object:
        yield block(11, 4)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache(tmp_path).append(breaks(), "s2")
    assert cache(tmp_path).state() == "s1"
    assert len(cache(tmp_path).open()) == 10
    cache(tmp_path).append([block(11, 2, seed=5)], "s3")
    np.testing.assert_array_equal(cache(tmp_path).open().vectors[10:], vectors(2, seed=5))


def test_what_does_not_agree_is_not_read(tmp_path: Path) -> None:
    cache(tmp_path).append([block(1, 10)], "s1")
    assert IndexCache(tmp_path, "another bundle", DIMENSIONS).state() is None
    assert len(IndexCache(tmp_path, "fingerprint", DIMENSIONS + 1).open()) == 0

    (tmp_path / "vectors.f32").write_bytes(b"short")
    assert cache(tmp_path).state() is None
    assert len(cache(tmp_path).open()) == 0


@pytest.mark.parametrize("meta", ["", "{", "[]", "{}", json.dumps({"format": 99, "rows": 3})])
def test_a_damaged_note_means_no_cache(tmp_path: Path, meta: str) -> None:
    cache(tmp_path).append([block(1, 10)], "s1")
    (tmp_path / "meta.json").write_text(meta)
    assert cache(tmp_path).state() is None
    cache(tmp_path).append([block(1, 3)], "s2")
    assert len(cache(tmp_path).open()) == 3


def test_wrong_shapes_are_a_bug_of_ours(tmp_path: Path) -> None:
    ids, poems, drawn = block(1, 4)
    with pytest.raises(ValueError, match="shape"):
        cache(tmp_path).append([(ids, poems, drawn[:, :3])], "s")


def test_an_open_matrix_survives_a_rebuild(tmp_path: Path) -> None:
    cache(tmp_path).append([block(1, 500)], "s1")
    index = cache(tmp_path).open()
    cache(tmp_path).clear()
    cache(tmp_path).append([block(1, 2)], "s2")
    assert index.search(index.vectors[7], 1)[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_empty() -> None:
    assert empty_index("f", 3).search(np.ones(3, dtype=np.float32), 5) == []
