"""Tables with a folder or an archive of pictures: each row finds its own."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import InputError
from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.artwork_reading import Choices, Workplace, read_artworks
from kiosk.collections.web import Web
from kiosk.store.database import Store

HEAD = "number,title,image\n"


def picture(path: Path, colour: str = "navy") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (16, 12), colour).save(path)
    return path


def table(folder: Path, *rows: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "works.csv"
    path.write_text(HEAD + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    for name in (
        "wave.JPG",
        "deep/Snow.png",
        "1942.9.1.tif",
        "12_3.webp",
        "a/twice.png",
        "b/twice.png",
    ):
        picture(folder / name)
    picture(folder / ".hidden" / "12.png")
    return folder


def found(path: Path, pictures: Path, scratch: Path | None = None) -> list[str]:
    work = None if scratch is None else Workplace(scratch, scratch / "fetched", Web())
    brought = read_artworks(path, Choices(pictures=pictures), work=work)
    return [row.problem or row.cells["image"] for row in brought.table.rows]


def test_pictures_are_found_by_name_and_by_number(tmp_path: Path, pictures: Path) -> None:
    path = table(
        tmp_path,
        "1,exact,wave.JPG",
        "2,other capitals,WAVE.jpg",
        "3,somebody's own folder,C:\\Users\\me\\snow.png",
        "4,from the root,/home/me/snow.PNG",
        "5,without an ending,wave",
        "6,an address,https://example.org/files/Snow.png?size=3",
        "1942.9.1,by number,",
        "12/3,by number,",
        "9,an address by number,https://example.org/iiif/1/full/max/0/default.jpg",
        "10,none,",
        "11,missing,nowhere.jpg",
        "12,twice,twice.png",
        "13,outside,../works.csv",
    )
    assert found(path, pictures) == [
        "wave.JPG",
        "wave.JPG",
        "deep/Snow.png",
        "deep/Snow.png",
        "wave.JPG",
        "deep/Snow.png",
        "1942.9.1.tif",
        "12_3.webp",
        "",
        "",
        "nowhere.jpg",
        "the picture twice.png is the name of several pictures, a/twice.png and b/twice.png",
        "../works.csv",
    ]


def test_all_of_it_is_imported(store: Store, tmp_path: Path, pictures: Path) -> None:
    path = table(tmp_path, "1,exact,wave.JPG", "12/3,by number,", "9,far,https://example.org/x.jpg")
    brought = read_artworks(path, Choices(pictures=pictures))
    report = import_artworks(store, path, brought=brought)
    assert [row.outcome.value for row in report.rows] == ["added", "added", "added"]
    assert any("1 work has its picture at an address" in note for note in report.notes)
    wave, webp, far = store.artworks.list()
    copy = store.picture_path(wave)
    assert copy is not None
    assert copy.read_bytes() == (pictures / "wave.JPG").read_bytes()
    assert (webp.image or "").endswith(".webp")
    assert (far.image, far.extra["image_address"]) == (None, "https://example.org/x.jpg")


@pytest.mark.parametrize("whole", [False, True])
def test_an_archive_of_pictures_or_of_all(
    tmp_path: Path, pictures: Path, scratch: Path, whole: bool
) -> None:
    path = table(tmp_path, "1,exact,wave.JPG", "12/3,by number,")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as made:
        for one in pictures.rglob("*.*"):
            made.write(one, f"our pictures/{one.relative_to(pictures)}")
        if whole:
            made.write(path, "list/works.csv")
    archive = tmp_path / "all.zip"
    work = Workplace(scratch, scratch / "fetched", Web())
    brought = (
        read_artworks(archive, work=work)
        if whole
        else read_artworks(path, Choices(pictures=archive), work=work)
    )
    names = [row.cells["image"] for row in brought.table.rows]
    assert names == ["our pictures/wave.JPG", "our pictures/12_3.webp"]
    assert all(brought.pictures.find(name).is_file() for name in names)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_a_folder_with_its_table(tmp_path: Path, pictures: Path) -> None:
    table(pictures, "1,exact,wave.JPG")
    assert read_artworks(pictures).table.rows[0].cells["image"] == "wave.JPG"
    (pictures / "more.csv").write_text("title\na\n")
    with pytest.raises(InputError, match=r"several tables \(more.csv, works.csv\)"):
        read_artworks(pictures)


def test_places_that_hold_no_pictures(tmp_path: Path, scratch: Path) -> None:
    path = table(tmp_path, "1,exact,wave.JPG")
    with pytest.raises(InputError, match="There is no folder"):
        found(path, tmp_path / "nowhere")
    with pytest.raises(InputError, match="neither a folder nor an archive"):
        found(path, path)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as made:
        made.writestr("notes.txt", "x")
    with pytest.raises(InputError, match="holds neither a table nor pictures"):
        found(path, tmp_path / "empty.zip", scratch)
