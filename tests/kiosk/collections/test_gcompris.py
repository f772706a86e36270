"""Putting the starter paintings together: with a tiny file of our own, and with Debian's."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from engine.errors import InputError, KnownError
from kiosk.collections import gcompris
from kiosk.collections.gcompris_boards import BOARDS, Board
from kiosk.config import HOME

STARTER = Path(__file__).resolve().parents[3] / "data" / "artworks" / "starter.json"

# Two pieces of a picture of 24 x 16 pixels. Each is cut slanted and shares a strip with the other;
# the left one hangs over the picture's upper edge by 2 pixels, as some of the real ones do.
TINY = Board("tiny.jpg", (24, 16), (("tiny_a1.webp", (0, -2)), ("tiny_b1.webp", (10, 0))))


def gradient() -> Image.Image:
    picture = Image.new("RGB", (24, 18))
    picture.putdata([(x * 10, y * 12, 90) for y in range(18) for x in range(24)])
    return picture


def pieces(folder: Path) -> None:
    whole = gradient()
    left = whole.crop((0, 0, 14, 18)).convert("RGBA")
    left.putalpha(Image.new("L", left.size, 255))
    left.paste((0, 0, 0, 0), (13, 0, 14, 9))
    left.save(folder / "tiny_a1.webp", lossless=True)
    right = whole.crop((10, 2, 24, 18)).convert("RGBA")
    right.paste((0, 0, 0, 0), (0, 8, 2, 16))
    right.save(folder / "tiny_b1.webp", lossless=True)


def pack(folder: Path, *, prefix: str = gcompris.PIECES) -> Path:
    """A real .rcc of everything in `folder`, made by the `rcc` that PySide6 brings along."""
    import PySide6

    tool = next(Path(PySide6.__file__).parent.rglob("libexec/rcc"), None)
    if tool is None:
        pytest.skip("PySide6 brings no rcc tool here, so no test file can be packed")
    names = sorted(p.name for p in folder.glob("*.webp"))
    files = "".join(f"<file>{name}</file>" for name in names)
    qrc = folder / "tiny.qrc"
    qrc.write_text(f'<RCC><qresource prefix="{prefix}">{files}</qresource></RCC>')
    rcc = folder / "tiny.rcc"
    subprocess.run([tool, "--binary", qrc, "-o", rcc], check=True, capture_output=True)
    return rcc


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    pieces(made)
    return made


def difference(a: Image.Image, b: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB"))).mean)


def test_pieces_become_the_picture(folder, tmp_path):
    target = tmp_path / "new" / "pictures"
    assert gcompris.unpack(pack(folder), target, boards=[TINY]) == [target / "tiny.jpg"]
    with Image.open(target / "tiny.jpg") as picture:
        assert picture.format == "JPEG"
        assert picture.size == (24, 16)
        assert difference(picture, gradient().crop((0, 2, 24, 18))) < 3
    assert [p.name for p in target.iterdir()] == ["tiny.jpg"]


def test_a_wrong_place_would_be_noticed(folder, tmp_path):
    swapped = Board("tiny.jpg", (24, 16), (("tiny_b1.webp", (0, 0)), ("tiny_a1.webp", (10, -2))))
    with pytest.raises(InputError, match="leave a hole"):
        gcompris.unpack(pack(folder), tmp_path / "out", boards=[swapped])
    assert not (tmp_path / "out" / "tiny.jpg").exists()


def test_the_same_file_gives_the_same_bytes_and_a_second_run_does_nothing(folder, tmp_path):
    rcc = pack(folder)
    [first] = gcompris.unpack(rcc, tmp_path / "one", boards=[TINY])
    [second] = gcompris.unpack(rcc, tmp_path / "two", boards=[TINY])
    assert first.read_bytes() == second.read_bytes()
    before = first.stat().st_mtime_ns
    assert gcompris.unpack(rcc, tmp_path / "one", boards=[TINY]) == [first]
    assert first.stat().st_mtime_ns == before


def test_progress_counts_every_painting(folder, tmp_path):
    other = Board("other.jpg", TINY.size, TINY.pieces)
    seen: list[tuple[int, int]] = []
    gcompris.unpack(
        pack(folder), tmp_path, lambda done, of: seen.append((done, of)), boards=[TINY, other]
    )
    assert seen == [(1, 2), (2, 2)]


def test_no_file_says_what_to_do(tmp_path):
    with pytest.raises(KnownError) as error:
        gcompris.unpack(tmp_path / "paintings.rcc", tmp_path / "out")
    assert "gcompris-qt-data" in error.value.sentence
    assert error.value.sentence.count(". ") == 0
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"no resource file at all", b"qres" + bytes(60)])
def test_an_odd_file_says_what_to_do(tmp_path, content):
    odd = tmp_path / "paintings.rcc"
    odd.write_bytes(content)
    with pytest.raises(InputError, match="gcompris-qt-data"):
        gcompris.unpack(odd, tmp_path / "out", boards=[TINY])
    assert not (tmp_path / "out").exists()


def test_a_missing_piece_names_it(folder, tmp_path):
    (folder / "tiny_b1.webp").unlink()
    with pytest.raises(InputError, match=r"tiny_b1\.webp"):
        gcompris.unpack(pack(folder), tmp_path / "out", boards=[TINY])
    assert not (tmp_path / "out").exists()


def test_a_piece_that_is_no_picture_names_it(folder, tmp_path):
    (folder / "tiny_b1.webp").write_bytes(b"RIFF is not enough")
    with pytest.raises(InputError, match=r"tiny_b1\.webp.*cannot be read"):
        gcompris.unpack(pack(folder), tmp_path / "out", boards=[TINY])


def test_another_layout_of_the_resource_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match="another edition"):
        gcompris.unpack(pack(folder, prefix="/elsewhere"), tmp_path / "out", boards=[TINY])


def test_a_target_that_cannot_be_written_to_is_a_sentence(folder, tmp_path):
    (tmp_path / "out").write_text("a file stands where the folder should be")
    with pytest.raises(InputError, match="cannot be written"):
        gcompris.unpack(pack(folder), tmp_path / "out", boards=[TINY])


def test_one_file_after_another_does_not_mix_them(folder, tmp_path):
    """A second file must not be answered with the pieces of the first."""
    gcompris.unpack(pack(folder), tmp_path / "one", boards=[TINY])
    empty = tmp_path / "empty"
    empty.mkdir()
    Image.new("RGB", (4, 4)).save(empty / "unrelated.webp")
    with pytest.raises(InputError, match=r"tiny_a1\.webp"):
        gcompris.unpack(pack(empty), tmp_path / "two", boards=[TINY])


def test_boards_are_named_once_and_lie_inside():
    assert len({board.image for board in BOARDS}) == len(BOARDS) >= 20
    for board in BOARDS:
        assert len({name for name, _ in board.pieces}) == len(board.pieces) >= 6
        assert all(
            -10 <= left < board.size[0] and -10 <= top < board.size[1]
            for _, (left, top) in board.pieces
        ), board.image


@pytest.fixture(scope="module")
def debians(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the set-up uses, got in the very way in which the set-up gets it."""
    script = HOME / "packaging" / "setup" / "paintings.sh"
    folder = tmp_path_factory.mktemp("gcompris")
    done = subprocess.run([script, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"Debian's paintings cannot be had: {done.stderr[-200:]}")
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def unpacked(debians: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return gcompris.unpack(debians, tmp_path_factory.mktemp("paintings"))


def test_debians_file_gives_every_starter_painting(unpacked):
    wanted = {work["image"] for work in json.loads(STARTER.read_text(encoding="utf-8"))}
    assert {path.name for path in unpacked} == wanted
    for path in unpacked:
        with Image.open(path) as picture:
            picture.load()
            assert picture.mode == "RGB"
            assert min(picture.size) >= 290
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in unpacked}) == len(unpacked)


def test_neighbouring_pieces_agree_where_they_overlap(debians):
    """No seam: in the strips that pieces share they show the same, and not when moved by 3 px."""

    def disagreement(board: Board, shift: int) -> float:
        with gcompris._registered(debians):
            laid = []
            for number, (name, (left, top)) in enumerate(board.pieces):
                layer = Image.new("RGBA", board.size)
                layer.paste(gcompris._piece(name, debians), (left + shift * (number % 2), top))
                laid.append(layer)
        total = count = 0.0
        for i, a in enumerate(laid):
            for b in laid[:i]:
                both = ImageChops.multiply(a.getchannel("A"), b.getchannel("A"))
                shared = ImageStat.Stat(both).sum[0] / 255
                if shared:
                    between = ImageChops.difference(a.convert("L"), b.convert("L"))
                    total += ImageStat.Stat(between, both).sum[0]
                    count += shared
        return total / count

    jigsaws = {board.image: board for board in BOARDS}
    for image in (
        "renoir-moulin-de-la-galette.jpg",
        "degas-dance-class.jpg",
        "arcimboldo-spring.jpg",
    ):
        still, moved = disagreement(jigsaws[image], 0), disagreement(jigsaws[image], 3)
        assert still < 5 < moved, image


def test_it_works_without_a_display_and_leaves_no_qt_gui_behind(debians, tmp_path):
    code = (
        "import sys; from pathlib import Path; from kiosk.collections.gcompris import unpack;"
        f"print(len(unpack(Path({str(debians)!r}), Path({str(tmp_path)!r}))));"
        "assert 'PySide6.QtGui' not in sys.modules"
    )
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("DISPLAY", "WAYLAND", "QT_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(len(BOARDS))


def test_importing_needs_no_qt():
    code = "import sys, kiosk.collections.gcompris; assert 'PySide6' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
