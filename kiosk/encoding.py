"""Keeps vectors in step with the store: encode what is new, mirror it into the search matrix.

The vectors' home is the store, keyed by the bundle's fingerprint; the matrix is a cache of them.
What the cross-encoder will read of a passage is worked out at the same time, into another cache.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
from filelock import FileLock

from engine import QueryEncoder, TokenReader
from engine.index import Index, IndexCache
from engine.kept_tokens import KeptTokens
from kiosk.own_language import ReadByModel
from kiosk.store.database import Store

# Passages encoded between two commits; an interruption loses at most these. Texts of like length
# are read together; the more there are, the less is padding: 7 % of the tokens, of 128 texts 23 %.
BATCH = 512
INDEX, TOKENS = "index", "tokens"  # folders of the cache, in each one for a bundle's fingerprint


def encode_missing(
    store: Store,
    encoder: QueryEncoder,
    fingerprint: str,
    progress: Callable[[int, int], None] | None = None,
    reader: TokenReader | None = None,
) -> int:
    """Encode every passage that has no vector of this bundle yet; how many there were.

    Commits batch by batch, so it may be interrupted at any point and called again. `progress` is
    told (done, in all). A `reader` that remembers reads each of them closely at once,
    and the vectors come along.
    """
    wanted = store.embeddings.missing_count(fingerprint)
    if not wanted:  # looking for what is missing reads every passage
        return 0
    by_model = ReadByModel(store.poems)
    done = last = 0
    while batch := store.embeddings.missing(fingerprint, BATCH, after_id=last):
        read = by_model.read(batch)
        texts, subjects = [one.text for one in read], [one.subjects for one in read]
        vectors = (
            encoder.passages(texts, subjects=subjects)
            if reader is None
            else np.stack([one.vector for one in reader.tokens(texts, subjects=subjects)])
        )
        store.embeddings.add(fingerprint, [passage.id for passage in batch], vectors)
        last = batch[-1].id
        done += len(batch)
        if progress is not None:
            progress(done, max(wanted, done))
    return done


def open_reader(
    encoder: QueryEncoder, fingerprint: str, cache_dir: Path, bound: int
) -> TokenReader | None:
    """What remembers how passages were read, up to `bound` bytes; None without a cross-encoder."""
    if not encoder.reranks:
        return None
    return KeptTokens(encoder, cache_dir / TOKENS / fingerprint, fingerprint, bound=bound)


def forget_caches(cache_dir: Path, installed: Collection[str]) -> None:
    """Remove what was worked out for bundles that are not installed any more, by fingerprint."""
    for kind in (INDEX, TOKENS):
        for folder in (cache_dir / kind).glob("*"):
            if folder.name not in installed:
                shutil.rmtree(folder, ignore_errors=True)


def open_index(store: Store, fingerprint: str, dimensions: int, cache_dir: Path) -> Index:
    """The search matrix, brought into step with the store.

    Appends what the cache lacks; rebuilds it when it does not agree with the store. Where the
    cache cannot be written (a full disk), the vectors are held in memory instead.
    """
    cache = IndexCache(cache_dir / INDEX / fingerprint, fingerprint, dimensions)
    try:
        cache.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(cache.folder / "lock"), store.snapshot():
            _mirror(store, cache)
            return cache.open()
    except OSError:
        return _in_memory(store, fingerprint, dimensions)


def _mirror(store: Store, cache: IndexCache) -> None:
    state = store.embeddings.state(cache.fingerprint)
    held = cache.rows()
    last = cache.last_id()
    agrees = (
        cache.state() == state.revision
        and held <= state.count
        and last <= state.max_id
        and (held == state.count) == (last == state.max_id)
    )
    if not agrees:
        cache.clear()
        held, last = 0, 0
    if held < state.count or not agrees:
        cache.append(store.embeddings.read(cache.fingerprint, after_id=last), state.revision)


def _in_memory(store: Store, fingerprint: str, dimensions: int) -> Index:
    batches = list(store.embeddings.read(fingerprint))
    none = np.empty(0, dtype=np.int64)
    return Index(
        fingerprint,
        np.concatenate([none, *(batch.passage_ids for batch in batches)]),
        np.concatenate([none, *(batch.poem_ids for batch in batches)]),
        np.concatenate(
            [np.empty((0, dimensions), np.float32), *(batch.vectors for batch in batches)]
        ),
    )
