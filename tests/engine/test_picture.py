"""Whatever staff have on their disk: it is read upright and in its tones, or refused in words."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.errors import PictureError
from engine.picture import load_picture

RED, BLUE = (250, 10, 10), (10, 10, 250)


@pytest.fixture
def halves() -> Image.Image:
    """Red above blue, 40 x 60."""
    image = Image.new("RGB", (40, 60), RED)
    image.paste(BLUE, (0, 30, 40, 60))
    return image


def near(pixel: object, colour: tuple[int, int, int], by: int = 24) -> bool:
    return bool(np.all(np.abs(np.asarray(pixel, dtype=int) - np.asarray(colour)) <= by))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tiff", "a.webp", "a.gif", "a.bmp"])
def test_common_formats(tmp_path: Path, halves: Image.Image, name: str) -> None:
    halves.save(tmp_path / name)
    picture = load_picture(tmp_path / name)
    assert picture.mode == "RGB"
    assert picture.size == (40, 60)
    assert near(picture.getpixel((20, 5)), RED)
    assert near(picture.getpixel((20, 55)), BLUE)


def test_cmyk_keeps_its_colours(tmp_path: Path, halves: Image.Image) -> None:
    halves.convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    picture = load_picture(tmp_path / "a.jpg")
    assert near(picture.getpixel((20, 5)), RED, by=40)
    assert near(picture.getpixel((20, 55)), BLUE, by=40)


def swapped_profile() -> bytes:
    """A profile in which red means blue and blue means red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for one, other in ((b"rXYZ", b"????"), (b"bXYZ", b"rXYZ"), (b"????", b"bXYZ")):
        profile = profile.replace(one, other)
    return profile.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_pictures_own_profile_is_followed(tmp_path: Path, halves: Image.Image, mode: str) -> None:
    path = tmp_path / "a.tiff"
    halves.convert(mode).save(path, icc_profile=swapped_profile())
    picture = load_picture(path)
    assert picture.mode == "RGB"
    assert near(picture.getpixel((20, 5)), BLUE)
    assert near(picture.getpixel((20, 55)), RED)


@pytest.mark.parametrize("profile", [b"nonsense", swapped_profile()[:200]])
def test_a_damaged_profile_is_passed_over(
    tmp_path: Path, halves: Image.Image, profile: bytes
) -> None:
    halves.save(tmp_path / "a.png", icc_profile=profile)
    assert near(load_picture(tmp_path / "a.png").getpixel((20, 5)), RED)


def test_palette_with_transparency_lies_on_white(tmp_path: Path) -> None:
    image = Image.new("P", (10, 10), 0)
    image.putpalette([10, 20, 30, *RED])
    image.paste(1, (0, 0, 5, 10))
    image.save(tmp_path / "a.png", transparency=0)
    picture = load_picture(tmp_path / "a.png")
    assert picture.getpixel((2, 5)) == RED
    assert picture.getpixel((8, 5)) == (255, 255, 255)


@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L", "RGBA"])
def test_a_tiff_on_its_side(
    tmp_path: Path, halves: Image.Image, mode: str, compression: str | None
) -> None:
    halves.convert(mode).save(
        tmp_path / "a.tiff", tiffinfo={0x0112: 6}, compression=compression
    )  # 6: the stored top is the right side
    upright, picture = (
        halves.transpose(Image.Transpose.ROTATE_270),
        load_picture(tmp_path / "a.tiff"),
    )
    assert picture.size == (60, 40)
    for place in ((5, 20), (55, 20)):
        if mode == "L":
            grey = upright.convert("L").getpixel(place)
            assert near(picture.getpixel(place), (grey, grey, grey))  # type: ignore[arg-type]
        else:
            assert near(picture.getpixel(place), upright.getpixel(place), by=40)  # type: ignore[arg-type]


def test_sixteen_bit_greys_are_scaled_not_clipped(tmp_path: Path) -> None:
    tones = np.linspace(0, 65535, 64, dtype=np.uint16)[None, :].repeat(8, axis=0)
    Image.fromarray(tones).save(tmp_path / "a.png")
    row = np.asarray(load_picture(tmp_path / "a.png"))[0, :, 0].astype(int)
    assert row[0] == 0
    assert row[-1] == 255
    assert abs(row[32] - 130) <= 3
    assert np.all(np.diff(row) >= 0)


def test_dark_sixteen_bit_greys_stay_dark(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 200, dtype=np.uint16)).save(tmp_path / "a.png")
    assert np.asarray(load_picture(tmp_path / "a.png")).max() <= 1


def test_sixteen_bit_colour(tmp_path: Path) -> None:
    """A PNG with 16 bits a channel, written by hand: Pillow writes none."""
    rows = b"".join(b"\0" + struct.pack(">6H", 65535, 0, 0, 0, 0, 65535) for _ in range(2))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 2, 2, 16, 2, 0, 0, 0)
    (tmp_path / "a.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    picture = load_picture(tmp_path / "a.png")
    assert picture.getpixel((0, 0)) == (255, 0, 0)
    assert picture.getpixel((1, 1)) == (0, 0, 255)


@pytest.mark.parametrize("floats", [np.linspace(0, 1, 16), np.linspace(-5, 5, 16)])
def test_float_greys(tmp_path: Path, floats: np.ndarray) -> None:
    image = Image.fromarray(floats.astype(np.float32)[None, :].repeat(4, axis=0))
    image.save(tmp_path / "a.tiff")
    row = np.asarray(load_picture(tmp_path / "a.tiff"))[0, :, 0]
    assert row[0] == 0
    assert row[-1] == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(tmp_path: Path, halves: Image.Image, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    halves.save(tmp_path / "a.jpg", exif=exif, quality=95)
    picture = load_picture(tmp_path / "a.jpg")
    assert picture.size == ((40, 60) if orientation <= 4 else (60, 40))
    red_at = {
        1: (20, 5), 2: (20, 5), 3: (20, 55), 4: (20, 55),
        5: (5, 20), 6: (55, 20), 7: (55, 20), 8: (5, 20),
    }[orientation]  # fmt: skip
    assert near(picture.getpixel(red_at), RED)


def test_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=50)
    assert near(load_picture(tmp_path / "a.gif").getpixel((4, 4)), RED)


def test_a_large_jpeg_is_read_at_a_sensible_size(tmp_path: Path) -> None:
    Image.new("RGB", (9000, 6000), RED).save(tmp_path / "a.jpg")
    picture = load_picture(tmp_path / "a.jpg")
    assert 2048 <= max(picture.size) <= 4500
    assert abs(picture.width / picture.height - 1.5) < 0.01


def refused(path: Path) -> str:
    with pytest.raises(PictureError) as caught:
        load_picture(path)
    sentence = caught.value.sentence
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("A thing of beauty is a joy for ever")
    assert "not a picture" in refused(tmp_path / "a.jpg")


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    refused(tmp_path / "a.png")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tiff", "a.webp", "a.gif"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_truncated(tmp_path: Path, name: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (120, 120, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    refused(tmp_path / name)


def one_bit_png(side: int) -> bytes:
    """A black PNG of side x side pixels, small on the disk."""
    bodies = [
        b"IHDR" + struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0),
        b"IDAT" + zlib.compress(b"\0" * ((side // 8 + 1) * side)),
        b"IEND",
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        for body in bodies
    )


@pytest.mark.parametrize("side", [13_200, 30_000])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, side: int) -> None:
    (tmp_path / "bomb.png").write_bytes(one_bit_png(side))
    tracemalloc.start()
    sentence = refused(tmp_path / "bomb.png")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "170 million" in sentence
    assert peak < 10_000_000


def test_missing_folder_and_locked(tmp_path: Path) -> None:
    assert "no file" in refused(tmp_path / "none.jpg")
    assert "folder" in refused(tmp_path)
    locked = tmp_path / "locked.png"
    Image.new("RGB", (4, 4)).save(locked)
    locked.chmod(0)
    if not os.access(locked, os.R_OK):  # root may read everything
        assert "permissions" in refused(locked)
