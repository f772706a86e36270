"""Archives that strangers made: unpacked where they are honest, else refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError, KnownError
from kiosk.collections import archive
from kiosk.collections.archive import unpack

SUFFIXES = frozenset((".jpg", ".csv"))
OUTSIDE = ("../x.jpg", "/x.jpg", "a/../../x.jpg", "..\\x.jpg", "C:\\x.jpg", "C:x.jpg")


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def tarred(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as made:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "target"
    folder.mkdir(parents=True)
    return folder


def nothing_outside(tmp_path: Path, target: Path, before: set[Path]) -> bool:
    return {p for p in tmp_path.rglob("*") if target not in p.parents} == before


MEMBERS = {
    "a.jpg": b"one",
    "deep/in/B.JPG": b"two",
    "notes.txt": b"no",
    "__MACOSX/a.jpg": b"no",
    ".hidden.jpg": b"no",
}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
def test_what_is_wanted_is_unpacked(tmp_path: Path, target: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.zip":
        zipped(path, **MEMBERS)
    else:
        tarred(path, MEMBERS, "w:" + path.suffix[1:].replace("tar", ""))
    written = unpack(path, target, SUFFIXES)
    assert {p.relative_to(target).as_posix(): p.read_bytes() for p in written} == {
        "a.jpg": b"one",
        "deep/in/B.JPG": b"two",
    }


@pytest.mark.parametrize("outside", OUTSIDE)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_nothing_is_written_outside(tmp_path: Path, target: Path, kind: str, outside: str) -> None:
    path = tmp_path / f"slip.{kind}"
    if kind == "zip":
        zipped(path, **{"good.jpg": b"x", outside: b"x"})
    else:
        tarred(path, {"good.jpg": b"x", outside: b"x"})
    before = {p for p in tmp_path.rglob("*") if target not in p.parents}
    with pytest.raises(InputError, match="would be written outside its folder"):
        unpack(path, target, SUFFIXES)
    assert nothing_outside(tmp_path, target, before)
    assert list(target.iterdir()) == []


def test_links_are_passed_over(tmp_path: Path, target: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"secret")
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as made:
        info = zipfile.ZipInfo("link.jpg")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, str(secret))
    assert unpack(tmp_path / "l.zip", target, SUFFIXES) == []
    with tarfile.open(tmp_path / "l.tar", "w") as tar:
        for name, kind in (
            ("s.jpg", tarfile.SYMTYPE),
            ("h.jpg", tarfile.LNKTYPE),
            ("f.jpg", tarfile.FIFOTYPE),
        ):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, str(secret)
            tar.addfile(link)
        below = tarfile.TarInfo("d")
        below.type, below.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(below)
        inside = tarfile.TarInfo("d/evil.jpg")
        tar.addfile(inside)
    assert [p.name for p in unpack(tmp_path / "l.tar", target, SUFFIXES)] == ["evil.jpg"]
    assert not (tmp_path / "evil.jpg").exists()
    assert not (target / "d").is_symlink()


def test_a_zip_bomb_is_refused(tmp_path: Path, target: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", **{"a.jpg": bytes(300 * 2**20)})
    with pytest.raises(InputError, match=r"“a\.jpg” unpacks to .* times its size"):
        unpack(path, target, SUFFIXES)
    assert list(target.iterdir()) == []


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path, target: Path) -> None:
    path = zipped(tmp_path / "lie.zip", **{"a.jpg": b"0123456789" * 1000})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (5).to_bytes(4, "little")  # the uncompressed size it tells of
    path.write_bytes(data)
    with pytest.raises(InputError, match="not a whole zip archive"):
        unpack(path, target, SUFFIXES)
    assert all(p.stat().st_size <= 5 for p in target.iterdir())


@pytest.mark.parametrize(
    ("suffix", "opener"), [("gz", gzip.open), ("bz2", bz2.open), ("xz", lzma.open)]
)
def test_a_packed_tar_bomb_is_refused(
    tmp_path: Path, target: Path, suffix: str, opener: Callable[..., io.BufferedIOBase]
) -> None:
    path = tmp_path / f"bomb.tar.{suffix}"
    info = tarfile.TarInfo("a.jpg")
    info.size = 100 * 2**20
    with opener(path, "wb") as file:
        file.write(info.tobuf())
        for _ in range(100):
            file.write(bytes(2**20))
        file.write(bytes(1024))
    with pytest.raises(InputError, match="it has contents that take too much room"):
        unpack(path, target, SUFFIXES)
    assert list(target.iterdir()) == []


def test_a_tar_whose_header_asks_for_all_memory_is_refused(tmp_path: Path, target: Path) -> None:
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 40 * 2**30
    (tmp_path / "h.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(InputError, match="no honest archive: it has a header"):
        unpack(tmp_path / "h.tar", target, SUFFIXES)


def test_a_member_without_a_name_is_passed_over(tmp_path: Path, target: Path) -> None:
    """Found by fuzzing."""
    path = zipped(tmp_path / "n.zip", **{"x": b"none", "a.jpg": b"one"})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 28 : at + 30] = bytes(2)  # how long the name is …
    data[at + 30 : at + 32] = (1).to_bytes(2, "little")  # … and what stands behind it
    path.write_bytes(data)
    assert [written.name for written in unpack(path, target, SUFFIXES)] == ["a.jpg"]


def test_too_many_files_are_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    many = {f"{n}.jpg": b"x" for n in range(5)}
    for path in (zipped(tmp_path / "m.zip", **many), tarred(tmp_path / "m.tar", many)):
        with pytest.raises(InputError, match=r"holds .* files"):
            unpack(path, target, SUFFIXES)


def test_a_locked_zip_is_told(tmp_path: Path, target: Path) -> None:
    path = zipped(tmp_path / "p.zip", **{"a.jpg": b"x" * 50})
    data = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1  # "encrypted"
    path.write_bytes(data)
    with pytest.raises(InputError, match="locked with a password"):
        unpack(path, target, SUFFIXES)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive at all" * 50, b"\x1f\x8b\x08"])
def test_what_is_no_archive_is_told(tmp_path: Path, target: Path, data: bytes) -> None:
    for name in ("x.zip", "x.tar.gz"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=r"not a whole .* archive"):
            unpack(tmp_path / name, target, SUFFIXES)
    with pytest.raises(InputError, match="There is no file"):
        unpack(tmp_path / "none.zip", target, SUFFIXES)


def _sound(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in MEMBERS.items():
                made.writestr(name, data * 20)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz" if kind == "gz" else "w") as tar:
            for name, data in MEMBERS.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


SOUND = {kind: _sound(kind) for kind in ("zip", "tar", "gz")}


@given(
    st.sampled_from(sorted(SOUND)),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    st.integers(0, 2000),
)
@settings(max_examples=120, deadline=None)
def test_any_damage_is_told_and_stays_inside(
    tmp_path_factory: pytest.TempPathFactory,
    kind: str,
    flips: list[tuple[int, int]],
    cut: int,
) -> None:
    place = tmp_path_factory.getbasetemp() / "damaged"
    target = place / "in" / "side"
    target.mkdir(parents=True, exist_ok=True)
    data = bytearray(SOUND[kind])
    for at, value in flips:
        data[at % len(data)] = value
    path = place / "a.bin"
    path.write_bytes(data[: len(data) - cut] if cut < len(data) else data)
    try:
        written = unpack(path, target, SUFFIXES)
    except KnownError as error:
        assert str(path) in error.sentence
        written = []
    assert all(target in p.parents for p in written)
    assert {p.name for p in place.iterdir()} == {"a.bin", "in"}
    assert {p.name for p in (place / "in").iterdir()} == {"side"}
