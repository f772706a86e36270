"""Vectors: kept by bundle, in order, and honest about what changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiosk.store.database import Store, open_store
from kiosk.store.records import PassageCut, PoemDraft, VectorState

ONE, TWO = "bundle-one", "bundle-two"


def add_poems(store: Store, count: int, prefix: str = "t") -> list[int]:
    """Poems of two passages each; the passages' ids."""
    with store.transaction():
        poems = [
            store.poems.add(
                PoemDraft(f"{prefix}{n}", "P", "a\n\nb"), [PassageCut(0, "a"), PassageCut(2, "b")]
            )
            for n in range(count)
        ]
        return [passage.id for poem in poems for passage in store.poems.passages_of(poem)]


def vectors(count: int, seed: int = 0, width: int = 5) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)


def read_all(
    store: Store, fingerprint: str, batch: int
) -> tuple[list[int], list[int], list[float]]:
    passages: list[int] = []
    poems: list[int] = []
    numbers: list[float] = []
    for passage_ids, poem_ids, rows in store.embeddings.read(fingerprint, batch=batch):
        assert (passage_ids.dtype, poem_ids.dtype, rows.dtype) == (np.int64, np.int64, np.float32)
        assert len(passage_ids) == len(poem_ids) == len(rows) <= batch
        passages += passage_ids.tolist()
        poems += poem_ids.tolist()
        numbers += rows.ravel().tolist()
    return passages, poems, numbers


@pytest.mark.parametrize("batch", [1, 3, 6, 100])
def test_vectors_come_back_exactly_and_in_order(store: Store, batch: int) -> None:
    ids = add_poems(store, 3)
    rows = vectors(6)
    shuffled = [4, 0, 5, 2, 1, 3]
    store.embeddings.add(ONE, [ids[i] for i in shuffled], rows[shuffled])
    assert read_all(store, ONE, batch) == (ids, [1, 1, 2, 2, 3, 3], rows.ravel().tolist())
    assert [b.passage_ids.tolist() for b in store.embeddings.read(ONE, after_id=ids[3])] == [
        ids[4:]
    ]


def test_a_new_bundle_never_reads_old_vectors(store: Store) -> None:
    ids = add_poems(store, 2)
    store.embeddings.add(ONE, ids, vectors(4))
    assert list(store.embeddings.read(TWO)) == []
    assert store.embeddings.count(TWO) == 0
    assert store.embeddings.state(TWO) == VectorState(0, 0, "")
    assert [passage.id for passage in store.embeddings.missing(TWO, 100)] == ids
    store.embeddings.add(TWO, ids, vectors(4, width=7))  # another width is another bundle's right
    assert read_all(store, ONE, 10)[2] == vectors(4).ravel().tolist()
    assert store.embeddings.fingerprints() == [ONE, TWO]
    store.embeddings.forget(ONE)
    assert store.embeddings.count(ONE) == 0
    assert store.embeddings.count(TWO) == 4


def test_missing_are_those_without_a_vector(store: Store) -> None:
    ids = add_poems(store, 3)
    store.embeddings.add(ONE, [ids[1], ids[4]], vectors(2))
    assert [p.id for p in store.embeddings.missing(ONE, 2)] == [ids[0], ids[2]]
    assert [p.id for p in store.embeddings.missing(ONE, 9, after_id=ids[2])] == [ids[3], ids[5]]
    assert [p.text for p in store.embeddings.missing(ONE, 2)] == ["a", "a"]
    assert store.embeddings.missing_count(ONE) == 4
    assert store.embeddings.missing_count(TWO) == 6


def test_the_state_tells_growth_from_change(store: Store) -> None:
    ids = add_poems(store, 4)
    store.embeddings.add(ONE, ids[:4], vectors(4))
    first = store.embeddings.state(ONE)
    assert (first.count, first.max_id) == (4, ids[3])

    store.embeddings.add(ONE, ids[4:6], vectors(2))  # growth at the end
    grown = store.embeddings.state(ONE)
    assert (grown.count, grown.max_id, grown.revision) == (6, ids[5], first.revision)

    store.embeddings.add(ONE, [ids[2]], vectors(1, seed=9))  # another vector for a passage
    replaced = store.embeddings.state(ONE)
    assert (replaced.count, replaced.max_id) == (6, ids[5])
    assert replaced.revision != grown.revision

    store.poems.delete(1)
    deleted = store.embeddings.state(ONE)
    assert deleted.count == 4
    assert deleted.revision != replaced.revision
    assert read_all(store, ONE, 100)[0] == ids[2:6]

    store.embeddings.add(ONE, [ids[7]], vectors(1))
    with_gap = store.embeddings.state(ONE)
    assert with_gap.revision == deleted.revision
    store.embeddings.add(ONE, [ids[6]], vectors(1))  # in between: no cache may just append
    assert store.embeddings.state(ONE).revision != with_gap.revision


def test_deleting_a_poem_without_vectors_changes_no_state(store: Store) -> None:
    ids = add_poems(store, 2)
    store.embeddings.add(ONE, ids[:2], vectors(2))
    before = store.embeddings.state(ONE)
    store.poems.delete(2)
    assert store.embeddings.state(ONE) == before


def test_a_passage_deleted_meanwhile_is_passed_over(store: Store) -> None:
    ids = add_poems(store, 2)
    store.poems.delete(1)
    store.embeddings.add(ONE, ids, vectors(4))
    assert read_all(store, ONE, 10)[0] == ids[2:]


def test_what_is_no_vector_is_a_bug(store: Store) -> None:
    ids = add_poems(store, 1)
    store.embeddings.add(ONE, ids[:1], vectors(1))
    bad = vectors(1)
    bad[0, 0] = np.nan
    for wrong_ids, rows in [
        (ids, vectors(1)),
        (ids[:1], vectors(1, width=6)),
        (ids[:1], bad),
        ([ids[0], ids[0]], vectors(2)),
        (ids[:1], vectors(1)[0]),
    ]:
        with pytest.raises(ValueError, match=r"vector|twice"):
            store.embeddings.add(ONE, wrong_ids, rows)
    assert read_all(store, ONE, 10)[2] == vectors(1)[0].tolist()
    store.embeddings.add(ONE, [], np.empty((0, 5), np.float32))


class Cache:
    """A cache as `VectorState` promises that one may be built."""

    def __init__(self) -> None:
        self.state = VectorState(0, 0, "")
        self.rows: list[tuple[int, tuple[float, ...]]] = []

    def follow(self, store: Store) -> None:
        with store.snapshot():
            state = store.embeddings.state(ONE)
            if state.revision != self.state.revision:
                self.rows = []
            last = self.rows[-1][0] if self.rows else 0
            for passage_ids, _, rows in store.embeddings.read(ONE, after_id=last, batch=2):
                self.rows += [
                    (i, tuple(row))
                    for i, row in zip(passage_ids.tolist(), rows.tolist(), strict=True)
                ]
        self.state = state
        assert len(self.rows) == state.count


STEPS = st.lists(
    st.tuples(st.sampled_from(["poem", "encode", "again", "delete"]), st.integers(0, 9)),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_a_cache_that_trusts_the_state_is_always_right(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    with open_store(tmp_path_factory.mktemp("steps") / "store.sqlite") as store:
        cache = Cache()
        for number, (step, which) in enumerate(steps):
            poems = store.poems.list()
            if step == "poem":
                add_poems(store, 1, prefix=f"{number}-")
            elif step == "encode" and (todo := store.embeddings.missing(ONE, 20)):
                passage = todo[which % len(todo)]
                store.embeddings.add(ONE, [passage.id], vectors(1, seed=number))
            elif step == "again" and poems:
                some = store.poems.passages_of(poems[which % len(poems)].id)
                store.embeddings.add(ONE, [p.id for p in some], vectors(len(some), seed=number))
            elif step == "delete" and poems:
                store.poems.delete(poems[which % len(poems)].id)
            if which % 2:
                cache.follow(store)
        cache.follow(store)
        fresh = Cache()
        fresh.follow(store)
        assert cache.rows == fresh.rows
