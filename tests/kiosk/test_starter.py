"""The starter collection on its way in: named as what it is, and completed when stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.collections.poem_import import BATCH
from kiosk.config import Settings, load_settings
from kiosk.starter import StarterCollection
from kiosk.store.database import open_store
from kiosk.store.import_records import ImportState


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A new installation with more starter poems than are written at once."""
    starter = tmp_path / "starter"
    (starter / "poems").mkdir(parents=True)
    for n in range(BATCH + 1):
        text = f"title: Poem {n}\nauthor: A Poet\n\nThe wave that is the {n}th\n"
        (starter / "poems" / f"{n:04}.txt").write_text(text, encoding="utf-8")
    (starter / "artworks").mkdir()
    (starter / "artworks" / "starter.json").write_text(json.dumps([]), encoding="utf-8")
    return replace(load_settings(), data_dir=tmp_path / "kiosk", starter_dir=starter)


def test_it_is_called_so_and_goes_on_where_it_was_stopped(settings: Settings) -> None:
    def stop(_what: str, done: int, _total: int) -> None:
        if done > BATCH:
            raise KeyboardInterrupt

    starter = StarterCollection(settings)
    with open_store(settings.store_path) as store:
        with pytest.raises(KeyboardInterrupt):
            starter.bring_poems(store, stop)
        report = starter.bring_poems(store, lambda _what, _done, _total: None)
        assert report is not None
        assert report.went_on
        assert next(report.sentences()) == (
            f"starter collection: {BATCH + 1} added, 0 changed, 0 left alone, 0 refused."
        )
        (record,) = store.imports.list()
        assert (record.source, record.state) == ("starter collection", ImportState.DONE)
        assert starter.bring_poems(store, stop) is None
