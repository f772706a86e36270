"""What screens show is upright, in sRGB and of a sensible size; the originals stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from kiosk.shown_pictures import COPY_SIDE, THUMBNAIL_SIDE, ShownPictures


def no_matter(_done: int, _total: int) -> None:
    pass


def saved(path: Path, size: tuple[int, int], mode: str = "RGB", orientation: int = 1) -> Path:
    path.parent.mkdir(exist_ok=True)
    image = Image.new(mode, size)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(path, exif=exif)
    return path


@pytest.fixture
def shown(tmp_path: Path) -> ShownPictures:
    return ShownPictures(tmp_path / "cache")


def test_a_large_picture_on_its_side(tmp_path: Path, shown: ShownPictures) -> None:
    original = saved(tmp_path / "originals" / "ab12.tiff", (5000, 500), "CMYK", orientation=6)
    before = original.read_bytes()
    assert shown.copy(original) == original
    assert shown.thumbnail(original) is None
    assert shown.make([original], no_matter) == []
    assert original.read_bytes() == before
    with Image.open(shown.copy(original)) as copy:
        assert (copy.format, copy.mode, copy.size) == ("JPEG", "RGB", (307, COPY_SIDE))
        assert copy.getexif().get(0x0112, 1) == 1
    thumbnail = shown.thumbnail(original)
    assert thumbnail is not None
    with Image.open(thumbnail) as small:
        assert max(small.size) == THUMBNAIL_SIDE


def test_a_plain_picture_has_only_a_thumbnail(tmp_path: Path, shown: ShownPictures) -> None:
    original = saved(tmp_path / "originals" / "cd34.jpg", (800, 600))
    shown.make([original], no_matter)
    assert shown.copy(original) == original
    assert shown.thumbnail(original) is not None


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.tiff"])
def test_what_a_screen_might_not_show_gets_a_copy(
    tmp_path: Path, shown: ShownPictures, name: str
) -> None:
    original = saved(tmp_path / "originals" / name, (80, 60), "RGBA")
    shown.make([original], no_matter)
    assert shown.copy(original) != original


def test_only_what_is_missing_is_made_and_only_what_is_known_stays(
    tmp_path: Path, shown: ShownPictures
) -> None:
    one = saved(tmp_path / "originals" / "one.jpg", (80, 60))
    other = saved(tmp_path / "originals" / "other.png", (80, 60), "RGBA")
    shown.make([one, other], no_matter)
    told: list[tuple[int, int]] = []
    third = saved(tmp_path / "originals" / "third.jpg", (80, 60))
    shown.make([one, third, third], lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]
    names = sorted(path.name for path in (tmp_path / "cache" / "pictures").iterdir())
    assert names == [f"one-{THUMBNAIL_SIDE}.jpg", f"third-{THUMBNAIL_SIDE}.jpg"]


def test_a_picture_that_cannot_be_opened_is_told(tmp_path: Path, shown: ShownPictures) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff no")
    [problem] = shown.make([broken], no_matter)
    assert "broken.jpg is not a picture" in problem
    assert shown.copy(broken) == broken
