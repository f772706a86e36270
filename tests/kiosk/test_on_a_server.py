"""The whole walk with a store on a server: the same poems for the same works."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.copies.arrival import bring
from kiosk.copies.export import export
from kiosk.matching import MatchService
from kiosk.store.database import Store, open_store
from tests.kiosk.copies.conftest import silent
from tests.postgres import Server

WORKS = 2


def answers(settings: Settings, store: Store) -> list[list[tuple[int, int]]]:
    service = MatchService(settings, store)
    return [
        [(poem.poem_id, poem.passage_id) for poem in service.match_artwork(work.id, k=5).matches]
        for work in store.artworks.list(limit=WORKS)
    ]


@pytest.mark.slow
def test_the_same_poems_answer(
    installed: Settings, pgvector_server: Server, tmp_path: Path
) -> None:
    place = pgvector_server.place(tmp_path / "data")
    served = replace(installed, data_dir=place.folder, database_url=place.url)
    place.folder.mkdir()
    (place.folder / "bundles").symlink_to(installed.bundles_dir)
    with open_store(installed.store_place) as file, open_store(served.store_place) as store:
        export(file, installed.data_dir, tmp_path / "all.zip", silent)
        bring(store, place.folder, tmp_path / "all.zip", silent)
        for fingerprint in file.embeddings.fingerprints():
            for ids, _, vectors in file.embeddings.read(fingerprint):
                store.embeddings.add(fingerprint, ids.tolist(), vectors)
        expected = answers(replace(served, database_url=""), file)
        assert len(expected) == WORKS
        assert all(len(poems) == 5 for poems in expected)
        assert answers(served, store) == expected
        assert answers(replace(served, search_on_server=True), store) == expected
