"""Artworks with their pictures: originals kept, bad ones refused by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.errors import InputError
from kiosk.collections.artwork_import import import_artworks
from kiosk.store.database import Store

HEAD = "number,title,artist,date,image,description,language,room,Medium\n"


def picture(path: Path, colour: str, mode: str = "RGB") -> Path:
    path.parent.mkdir(exist_ok=True)
    Image.new(mode, (40, 30), colour).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table with pictures, good and bad ones, as a volunteer might hand it over."""
    brought = tmp_path / "brought"
    brought.mkdir()
    picture(brought / "pictures" / "wave.JPG", "navy")
    picture(brought / "snow.png", "white", "RGBA")
    cut_short = picture(brought / "short.jpg", "red").read_bytes()
    (brought / "short.jpg").write_bytes(cut_short[: len(cut_short) // 2])
    (brought / "words.jpg").write_text("not a picture")
    (brought / "works.csv").write_text(
        HEAD + "1,The Great Wave,Hokusai,c. 1830,pictures\\wave.JPG,A wave.,en,3,woodblock\n"
        "2,Snow,Buson,1778,snow.png,,,,\n"
        "3,Words only,Someone,,,Three boats and a wave.,,,\n"
        "4,Short,Someone,,short.jpg,,,,\n"
        "5,No picture,Someone,,words.jpg,,,,\n"
        "6,Missing,Someone,,nowhere.jpg,,,,\n"
        "1,Another,Someone,,,,,,\n"
        "1,the great wave,HOKUSAI,c. 1830,pictures/wave.JPG,,,,\n"
        "7,,Someone,,,,,,\n",
        encoding="utf-8",
    )
    return brought


def kept(store: Store) -> list[str]:
    place = store.path.parent / "pictures"
    return sorted(path.name for path in place.iterdir()) if place.exists() else []


def test_every_row_has_its_fate(store: Store, folder: Path) -> None:
    report = import_artworks(store, folder / "works.csv")
    assert [row.outcome.value for row in report.rows] == [
        "added",
        "added",
        "added",
        "refused",
        "refused",
        "refused",
        "refused",
        "left alone",
        "left alone",
    ]
    reasons = [row.reason for row in report.rows]
    assert "cut short" in reasons[3]
    assert "not a picture" in reasons[4]
    assert "nowhere.jpg cannot be read" in reasons[5]
    assert reasons[6] == "the number 1 belongs to “The Great Wave” already"
    assert reasons[7] == "duplicate of row 2"
    assert reasons[8] == "no title"
    assert store.artworks.count() == 3


def test_the_original_bytes_are_kept(store: Store, folder: Path) -> None:
    import_artworks(store, folder / "works.csv")
    wave = store.artworks.by_number("1")
    assert wave is not None
    assert (wave.title, wave.date, wave.room) == ("The Great Wave", "c. 1830", "3")
    assert wave.extra == {"Medium": "woodblock"}
    copy = store.picture_path(wave)
    assert copy is not None
    assert copy.read_bytes() == (folder / "pictures" / "wave.JPG").read_bytes()
    assert copy.suffix == ".jpg"
    assert len(kept(store)) == 2
    words = store.artworks.by_number("3")
    assert words is not None
    assert words.image is None


def test_a_second_run_changes_nothing(store: Store, folder: Path) -> None:
    import_artworks(store, folder / "works.csv")
    before, pictures = store.artworks.list(), kept(store)
    report = import_artworks(store, folder / "works.csv")
    assert report.added == []
    assert store.artworks.list() == before
    assert kept(store) == pictures


def test_untitled_works_with_different_pictures_are_different(store: Store, tmp_path: Path) -> None:
    for colour in ("red", "green"):
        picture(tmp_path / f"{colour}.png", colour)
    entries = [
        {"title": "Untitled", "artist": "X", "image": f"{colour}.png"}
        for colour in ("red", "green", "red")
    ]
    (tmp_path / "w.json").write_text(json.dumps(entries))
    report = import_artworks(store, tmp_path / "w.json")
    assert [row.outcome.value for row in report.rows] == ["added", "added", "left alone"]


def test_an_interruption_removes_the_pictures_again(store: Store, folder: Path) -> None:
    def interrupt(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_artworks(store, folder / "works.csv", interrupt)
    assert store.artworks.count() == 0
    assert kept(store) == []


def test_an_interruption_leaves_the_pictures_of_before(store: Store, folder: Path) -> None:
    import_artworks(store, folder / "works.csv")
    before = kept(store)
    picture(folder / "new.png", "green")
    (folder / "more.csv").write_text("title,image\nNew,new.png\nOld one,snow.png\n")

    def interrupt(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_artworks(store, folder / "more.csv", interrupt)
    assert kept(store) == before
    assert store.artworks.count() == 3


def test_a_table_without_titles_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("Medium,artist\na,b\n")
    with pytest.raises(InputError, match="lacks the column “title”; it has “Medium”, “artist”"):
        import_artworks(store, path)


def test_a_failure_at_the_very_end_removes_the_pictures_again(store: Store, folder: Path) -> None:
    def fail(_session: Session) -> None:
        raise ZeroDivisionError

    event.listen(Session, "before_commit", fail)
    try:
        with pytest.raises(ZeroDivisionError):
            import_artworks(store, folder / "works.csv")
    finally:
        event.remove(Session, "before_commit", fail)
    assert store.artworks.count() == 0
    assert kept(store) == []
