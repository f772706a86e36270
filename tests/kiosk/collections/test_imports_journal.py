"""Batches, going on where an import was stopped, changes, and undoing an import as a whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from kiosk.collections import poem_import
from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.poem_import import import_poems
from kiosk.collections.report import Outcome
from kiosk.collections.undo import undo_import
from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.import_records import ImportState
from kiosk.store.records import PassageCut, PoemDraft

KEPT = ("poets", "poems", "passages", "artworks", "decisions")


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All that people would miss, as it stands in the file, or on the server."""
    if not store.place.on_server:
        raw = sqlite3.connect(store.path)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.close()
    with store.snapshot():
        return {name: [tuple(row.values()) for row in store.whole.rows(name)] for name in KEPT}


def without_ids(store: Store) -> list[tuple[str, ...]]:
    """The poems, whatever their numbers are."""
    return [
        (p.title, p.poet.name, str(p.poet.born), p.text, p.language, p.source, str(p.extra))
        for p in store.poems.list()
    ]


def write(path: Path, entries: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poem_import.PoemImport, "batch", 3)


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    entries: list[dict[str, Any]] = [
        {"title": f"T{n}", "poet": f"P{n % 3}", "text": f"line {n}", "born": 1800 + n % 3}
        for n in range(10)
    ]
    entries[4]["text"] = ""
    entries[7] |= {"title": "T2", "poet": "P2", "text": "line 2"}
    return write(tmp_path / "ten.json", entries)


def stop_at(row: int) -> Callable[[int, int], None]:
    def progress(done: int, _total: int) -> None:
        if done == row:
            raise KeyboardInterrupt

    return progress


@pytest.mark.usefixtures("small_batches")
class TestBatches:
    def test_a_stopped_import_keeps_whole_batches_and_goes_on(
        self, store: Store, ten: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(KeyboardInterrupt):
            import_poems(store, ten, stop_at(8))
        assert store.poems.count() == 5  # two batches of three, and one row without a text
        (record,) = store.imports.list()
        assert (record.state, record.counts.done) == (ImportState.RUNNING, 6)
        report = import_poems(store, ten)
        assert report.went_on
        (record,) = store.imports.list()
        assert (record.state, record.counts.done, record.counts.added) == (ImportState.DONE, 10, 8)
        from kiosk.store.database import open_store

        with open_store(tmp_path / "other.sqlite") as other:
            at_once = import_poems(other, ten)
            assert contents(other) == contents(store)
            assert list(at_once.rows) == list(report.rows)
            assert other.imports.list()[0].counts == record.counts
            assert list(other.imports.deeds(1)) == list(store.imports.deeds(1))

    @pytest.mark.parametrize("row", [1, 3, 4, 9, 10])
    def test_wherever_it_stops_it_can_be_undone_as_a_whole(
        self, store: Store, ten: Path, row: int
    ) -> None:
        store.poems.add(PoemDraft("Old", "P1", "old words"), [PassageCut(0, "old words")])
        before = contents(store)
        with pytest.raises(KeyboardInterrupt):
            import_poems(store, ten, stop_at(row))
        for record in store.imports.list():
            assert row > 3
            undo_import(store, record.id)
        assert contents(store) == before  # and P1 does not know when he was born any more
        assert len(import_poems(store, ten).added) == 8

    def test_an_error_takes_all_of_this_run_back(self, store: Store, ten: Path) -> None:
        before = contents(store)

        def fail(done: int, _total: int) -> None:
            if done == 8:
                raise StoreError("The disk is full; nothing was changed.")

        with pytest.raises(StoreError):
            import_poems(store, ten, fail)
        assert contents(store) == before
        assert store.imports.list() == []

    def test_an_error_leaves_what_an_earlier_run_brought(self, store: Store, ten: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            import_poems(store, ten, stop_at(4))
        before, records = contents(store), store.imports.list()

        def fail(done: int, _total: int) -> None:
            if done == 10:
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            import_poems(store, ten, fail)
        assert contents(store) == before
        assert store.imports.list() == records
        assert len(import_poems(store, ten).added) == 8

    def test_another_file_is_another_import(self, store: Store, ten: Path, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            import_poems(store, ten, stop_at(4))
        more = write(tmp_path / "more.json", [{"title": "M", "poet": "P0", "text": "more"}])
        import_poems(store, more)
        import_poems(store, ten)
        assert [one.state for one in store.imports.list()] == [ImportState.DONE] * 2
        assert [one.counts.added for one in store.imports.list()] == [8, 1]

    def test_an_undoing_that_was_stopped_is_completed(
        self, store: Store, ten: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kiosk.store import imports

        monkeypatch.setattr(imports, "AT_ONCE", 2)
        import_poems(store, ten)
        with pytest.raises(KeyboardInterrupt):
            undo_import(store, 1, stop_at(4))
        assert 0 < store.poems.count() < 8
        assert store.imports.list()[0].state is ImportState.UNDOING
        assert len(import_poems(store, ten).added) == 8  # which completes the undoing first
        assert [one.state for one in store.imports.list()] == [ImportState.UNDONE, ImportState.DONE]


def test_a_trial_writes_nothing_and_tells_what_would_be(store: Store, ten: Path) -> None:
    before = contents(store)
    trial = import_poems(store, ten, trial=True)
    assert contents(store) == before
    assert store.imports.list() == []
    assert not trial.wrote
    real = import_poems(store, ten)
    assert [(row.where, row.outcome, row.reason) for row in trial.rows] == [
        (row.where, row.outcome, row.reason) for row in real.rows
    ]
    told = list(trial.sentences())
    assert "8 would be added" in told[0]
    assert "nothing was written" in told[1]
    assert "would be added: object 1 (“T0”)" in told


def test_a_second_run_leaves_no_trace(store: Store, ten: Path) -> None:
    import_poems(store, ten)
    before, records = contents(store), store.imports.list()
    report = import_poems(store, ten)
    assert not report.wrote
    assert contents(store) == before
    assert store.imports.list() == records


class TestPoemsThatAreThere:
    OLD = PoemDraft("The Sea", "Ann", "Blue,\nblue.", language="und", extra={"tags": "sea"})

    def bring(self, store: Store, tmp_path: Path, **cells: str) -> Path:
        store.poems.add(self.OLD, [PassageCut(0, self.OLD.text)])
        row = {"title": "THE SEA", "poet": "Ann", "text": "Blue!\nBlue!"} | cells
        return write(tmp_path / "sea.json", [row])

    def test_what_was_not_known_is_filled_in(self, store: Store, tmp_path: Path) -> None:
        path = self.bring(
            store, tmp_path, language="en", born="1830", tags="boats", gloss="The sea is blue."
        )
        store.embeddings.add("f", [1], np.ones((1, 2), dtype=np.float32))
        before = contents(store)
        report = import_poems(store, path)
        assert [row.outcome for row in report.rows] == [Outcome.CHANGED]
        assert report.rows[0].reason == "language, gloss, the poet's years of poem 1"
        (poem,) = store.poems.list()
        assert (poem.title, poem.text, poem.language) == ("The Sea", "Blue,\nblue.", "en")
        assert poem.extra == {"tags": "sea", "gloss": "The sea is blue."}
        assert poem.poet.born == 1830
        assert store.embeddings.missing_count("f") == 1  # the gloss is what it is found by
        undo_import(store, 1)
        after = contents(store)
        assert [row[1:] for row in after["passages"]] == [row[1:] for row in before["passages"]]
        assert {**after, "passages": []} == {**before, "passages": []}

    def test_update_takes_the_table_for_the_better_one(self, store: Store, tmp_path: Path) -> None:
        path = self.bring(store, tmp_path, source="a book", tags="boats")
        assert import_poems(store, path).changed == []
        before = without_ids(store)
        report = import_poems(store, path, update=True)
        assert report.rows[0].reason == "title, source, text, tags of poem 1"
        (poem,) = store.poems.list("sea")
        assert (poem.title, poem.text, poem.source) == ("THE SEA", "Blue!\nBlue!", "a book")
        assert [passage.text for passage in store.poems.passages_of(1)] == ["Blue!\nBlue!"]
        undo_import(store, 1)
        assert without_ids(store) == before
        assert [passage.text for passage in store.poems.passages_of(1)] == ["Blue,\nblue."]

    def test_a_docents_pin_stays_on_a_changed_poem(self, store: Store, tmp_path: Path) -> None:
        path = self.bring(store, tmp_path, language="en")
        store.curation.pin(None, 1)
        import_poems(store, path)
        assert store.curation.for_artwork(None).pinned == (1,)
        undo_import(store, 1)
        assert store.curation.for_artwork(None).pinned == (1,)


class TestWhatHangsOnAnImport:
    def test_a_docents_decision(self, store: Store, ten: Path) -> None:
        import_poems(store, ten)
        store.curation.hide(None, 2)
        before = contents(store)
        with pytest.raises(InputError, match=r"poem 2 \(“T1”\): a docent decided about it"):
            undo_import(store, 1)
        assert contents(store) == before
        report = undo_import(store, 1, spare=True)
        assert (len(report.spared), report.undone) == (1, 7)
        assert [poem.title for poem in store.poems.list()] == ["T1"]
        assert store.curation.for_artwork(None).hidden == {2}
        with pytest.raises(InputError, match="undone already"):
            undo_import(store, 1)

    def test_an_edit(self, store: Store, ten: Path) -> None:
        import_poems(store, ten)
        store.poems.change(3, {"source": "somebody looked it up"})
        with pytest.raises(InputError, match=r"poem 3 \(“T2”\): it was edited since"):
            undo_import(store, 1)

    def test_a_later_import(self, store: Store, ten: Path, tmp_path: Path) -> None:
        import_poems(store, ten)
        before = contents(store)
        row = {"title": "T3", "poet": "P0", "text": "line 3", "gloss": "A line."}
        import_poems(store, write(tmp_path / "gloss.json", [row]))
        with pytest.raises(InputError, match=r"“T3”\): import 2 changed it since"):
            undo_import(store, 1)
        undo_import(store, 2)
        assert contents(store)["poems"] == before["poems"]
        undo_import(store, 1)
        assert store.poems.count() == 0

    def test_what_was_deleted_meanwhile_is_gone(self, store: Store, ten: Path) -> None:
        import_poems(store, ten)
        store.poems.delete(1)
        undo_import(store, 1)
        assert store.poems.count() == 0

    def test_there_is_no_such_import(self, store: Store) -> None:
        with pytest.raises(InputError, match="There is no import 7"):
            undo_import(store, 7)


class TestArtworks:
    @pytest.fixture
    def works(self, tmp_path: Path) -> Path:
        for name in ("wave", "snow"):
            Image.new("RGB", (8, 8), "navy" if name == "wave" else "white").save(
                tmp_path / f"{name}.png"
            )
        return write(
            tmp_path / "works.json",
            [
                {
                    "number": "1",
                    "title": "Wave",
                    "artist": "H",
                    "date": "1830",
                    "image": "wave.png",
                },
                {"number": "2", "title": "Snow", "artist": "B"},
                {"title": "Nameless", "artist": "C"},
            ],
        )

    def pictures(self, store: Store) -> list[str]:
        return sorted(path.name for path in (store.path.parent / "pictures").glob("*"))

    def test_what_the_table_says_is_taken_over(
        self, store: Store, works: Path, tmp_path: Path
    ) -> None:
        import_artworks(store, works)
        before, pictures = contents(store), self.pictures(store)
        store.curation.pin(1, store.poems.add(PoemDraft("T", "P", "x"), [PassageCut(0, "x")]))
        later = write(
            tmp_path / "later.json",
            [
                {"number": "1", "title": "The Great Wave", "artist": "H", "date": "1830"},
                {"number": "2", "title": "snow", "artist": "B", "image": "snow.png", "room": "3"},
                {"number": "3", "title": "Nameless", "artist": "C", "Medium": "oil"},
                {"number": "2", "title": "Something else", "artist": "D"},
                {"number": "1", "title": "Quite another", "artist": "E", "date": "1900"},
            ],
        )
        report = import_artworks(store, later)
        assert [(row.outcome.value, row.reason) for row in report.rows] == [
            ("changed", "title of work 1"),
            ("changed", "title, image, room of work 2"),
            ("changed", "number, Medium of work 3"),
            ("refused", "the number 2 belongs to “snow” already"),
            ("refused", "the number 1 belongs to “The Great Wave” already"),
        ]
        wave = store.artworks.get(1)
        assert wave is not None
        assert (wave.title, wave.image) == ("The Great Wave", f"pictures/{pictures[0]}")
        assert [work.id for work in store.artworks.list("great wave")] == [1]
        assert store.curation.for_artwork(1).pinned == (1,)
        assert len(self.pictures(store)) == 2
        assert not import_artworks(store, later).wrote
        undo_import(store, 2)
        assert contents(store)["artworks"] == before["artworks"]
        assert self.pictures(store) == pictures

    def test_undoing_takes_the_pictures_along(self, store: Store, works: Path) -> None:
        import_artworks(store, works)
        undo_import(store, 1)
        assert store.artworks.count() == 0
        assert self.pictures(store) == []

    def test_a_picture_that_another_work_shows_stays(
        self, store: Store, works: Path, tmp_path: Path
    ) -> None:
        import_artworks(store, works)
        other = [{"number": "9", "title": "Copy", "image": "wave.png"}]
        import_artworks(store, write(tmp_path / "copy.json", other))
        undo_import(store, 1)
        assert len(self.pictures(store)) == 1
        undo_import(store, 2)
        assert self.pictures(store) == []

    def test_a_trial_copies_nothing(self, store: Store, works: Path) -> None:
        report = import_artworks(store, works, trial=True)
        assert len(report.added) == 3
        assert self.pictures(store) == []
        assert store.artworks.count() == 0
