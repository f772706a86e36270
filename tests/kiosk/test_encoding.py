"""Vectors follow the store: encoded once, mirrored into the matrix, rebuilt when they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.index import IndexCache
from engine.kept_tokens import KeptTokens
from engine.types import PassageTokens
from kiosk.encoding import encode_missing, forget_caches, open_index, open_reader
from kiosk.store.database import Store, open_store
from kiosk.store.records import PassageCut, PoemDraft
from tests.fakes import WordLengthEncoder, by_word_length

FINGERPRINT = "word-length"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store.sqlite") as opened:
        yield opened


def add(store: Store, *texts: str) -> list[int]:
    return [
        store.poems.add(PoemDraft(text, "A Poet", text), [PassageCut(0, text)]) for text in texts
    ]


def encode(store: Store, fingerprint: str = FINGERPRINT) -> int:
    return encode_missing(store, WordLengthEncoder(), fingerprint)


def opened(store: Store, tmp_path: Path, fingerprint: str = FINGERPRINT) -> list[int]:
    """The poems in the matrix; every vector is checked on the way."""
    index = open_index(store, fingerprint, 2, tmp_path / "cache")
    for passage, vector in zip(
        store.poems.passages([int(one) for one in index.passage_ids]), index.vectors, strict=True
    ):
        np.testing.assert_allclose(vector, by_word_length(passage.text), atol=1e-6)
    return [int(poem) for poem in index.poem_ids]


def cache(tmp_path: Path, fingerprint: str = FINGERPRINT) -> IndexCache:
    return IndexCache(tmp_path / "cache" / "index" / fingerprint, fingerprint, 2)


def test_only_what_is_new_is_encoded(store: Store) -> None:
    add(store, "a", "bb", "ccc")
    assert encode(store) == 3
    assert encode(store) == 0
    add(store, "dddd")
    told: list[tuple[int, int]] = []
    done = encode_missing(
        store, WordLengthEncoder(), FINGERPRINT, lambda now, of: told.append((now, of))
    )
    assert done == 1
    assert told == [(1, 1)]


def test_the_matrix_is_appended_to(store: Store, tmp_path: Path) -> None:
    poems = add(store, "a", "bb")
    encode(store)
    assert opened(store, tmp_path) == poems
    first = (cache(tmp_path).folder / "vectors.f32").stat().st_ino
    poems += add(store, "ccc")
    encode(store)
    assert opened(store, tmp_path) == poems
    assert (cache(tmp_path).folder / "vectors.f32").stat().st_ino == first, "not rebuilt"


def test_a_deleted_poem_leaves_the_matrix(store: Store, tmp_path: Path) -> None:
    poems = add(store, "a", "bb", "ccc")
    encode(store)
    opened(store, tmp_path)
    store.poems.delete(poems[1])
    assert opened(store, tmp_path) == [poems[0], poems[2]]


def test_a_new_bundle_never_reads_old_vectors(store: Store, tmp_path: Path) -> None:
    poems = add(store, "a")
    encode(store)
    assert opened(store, tmp_path, "another") == []
    assert encode(store, "another") == 1
    assert opened(store, tmp_path, "another") == poems


@pytest.mark.parametrize("damage", ["truncate", "garbage note", "gone", "another store's"])
def test_a_cache_that_does_not_agree_is_rebuilt(store: Store, tmp_path: Path, damage: str) -> None:
    poems = add(store, "a", "bb")
    encode(store)
    opened(store, tmp_path)
    folder = cache(tmp_path).folder
    if damage == "truncate":
        (folder / "vectors.f32").write_bytes(b"")
    elif damage == "garbage note":
        (folder / "meta.json").write_text("garbage")
    elif damage == "gone":
        (folder / "ids.i64").unlink()
    else:
        mirror = cache(tmp_path)
        mirror.clear()
        block = (np.array([7]), np.array([7]), np.array([[1, 0]], dtype=np.float32))
        mirror.append([block], "a state this store never had")
    assert opened(store, tmp_path) == poems


def test_where_no_cache_can_be_written_memory_serves(store: Store, tmp_path: Path) -> None:
    poems = add(store, "a", "bb")
    encode(store)
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert opened(store, tmp_path) == poems


def test_an_empty_store(store: Store, tmp_path: Path) -> None:
    assert encode(store) == 0
    assert opened(store, tmp_path) == []


class RememberingReader:
    def __init__(self) -> None:
        self.read: list[str] = []

    def tokens(self, texts: Sequence[str], *, subjects: Sequence[str] = ()) -> list[PassageTokens]:
        self.read += texts
        return [
            PassageTokens(np.zeros((1, 2)), by_word_length(text), np.zeros((0, 2)))
            for text in texts
        ]


def test_what_is_encoded_is_read_closely_at_once(store: Store, tmp_path: Path) -> None:
    reader = RememberingReader()
    add(store, "a", "bb")
    encode_missing(store, WordLengthEncoder(), FINGERPRINT, reader=reader)
    add(store, "ccc")
    encode_missing(store, WordLengthEncoder(), FINGERPRINT, reader=reader)
    assert reader.read == ["a", "bb", "ccc"]
    assert len(opened(store, tmp_path)) == 3  # with the vectors that came along


def test_readings_are_kept_where_there_is_a_cross_encoder(tmp_path: Path) -> None:
    assert open_reader(WordLengthEncoder(reranks=False), FINGERPRINT, tmp_path, 1000) is None
    reader = open_reader(WordLengthEncoder(), FINGERPRINT, tmp_path, 1000)
    assert isinstance(reader, KeptTokens)


def test_caches_of_bundles_that_are_gone_go_too(tmp_path: Path) -> None:
    for kind in ("index", "tokens", "speech"):
        for fingerprint in ("here", "gone"):
            (tmp_path / kind / fingerprint).mkdir(parents=True)
            (tmp_path / kind / fingerprint / "file").touch()
    forget_caches(tmp_path, {"here"})
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*"))
    assert left == ["index/here", "speech/gone", "speech/here", "tokens/here"]
    forget_caches(tmp_path / "nowhere", set())
