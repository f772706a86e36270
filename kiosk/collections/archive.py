"""Archives that strangers made: judged by their contents before anything is unpacked."""

from __future__ import annotations

import errno
import lzma
import re
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from engine.errors import InputError
from kiosk.collections.reading import COMPRESSED
from kiosk.store.errors import blame_disk

MOST_FILES = 200_000
MOST_UNPACKED = 64 * 2**30  # bytes of all files together
MOST_RATIO = 200  # unpacked to packed; text packs to a tenth, pictures not at all
DRIVE = re.compile(r"[A-Za-z]:")
MOST_HEADER = 2**24  # bytes of what a tar says of one file
PACKED = {".gz": b"\x1f\x8b", ".bz2": b"BZh", ".xz": b"\xfd7zXZ\x00"}
SMALL = 2**20  # bytes; a file this small may pack as well as it likes


@contextmanager
def opened(path: Path, most: int = MOST_UNPACKED) -> Iterator[zipfile.ZipFile]:
    """A zip file that is neither damaged nor a bomb. Raises `InputError` otherwise.

    A member's declared size may be trusted afterwards: `zipfile` never unpacks more than that.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            judge(path, archive, most)
            yield archive
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the name and the folder.") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        OverflowError,
    ) as error:
        raise InputError(
            f"{path} is not a whole zip archive ({error}); copy it again from its source."
        ) from None
    except RuntimeError:  # what zipfile raises for a password
        raise InputError(f"{path} is locked with a password; save it without one.") from None


def judge(path: Path, archive: zipfile.ZipFile, most: int) -> None:
    """Raise `InputError` for an archive that would fill the disk or write where it may not."""
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise InputError(f"{path} holds {len(members):,} files; at most {MOST_FILES:,} are read.")
    whole = sum(member.file_size for member in members)
    if whole > most:
        raise InputError(
            f"{path} would unpack to {whole / 2**20:,.0f} MB; at most {most / 2**20:,.0f} MB are "
            "safe: divide it."
        )
    for member in members:
        if member.file_size > max(SMALL, MOST_RATIO * member.compress_size):
            raise InputError(
                f"{path} is no honest archive: “{member.filename[:80]}” unpacks to "
                f"{member.file_size / max(1, member.compress_size):,.0f} times its size."
            )
        safe_name(path, member.filename)


def safe_name(path: Path, name: str) -> PurePosixPath:
    """A member's name as a path that stays within the folder. Raises `InputError` otherwise."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or DRIVE.match(name) or "\x00" in name:
        raise InputError(
            f"{path} is no honest archive: “{name[:80]}” would be written outside its folder."
        )
    return parts


def unpack(path: Path, folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """Write the members of a zip or tar archive with one of these endings below `folder`.

    The rest is passed over, and so are links, devices and hidden files. Returns the files
    written. Raises `InputError` for what is no archive or no honest one; nothing was written then
    but what stands below `folder`.
    """
    unpack_it = _unpack_zip if zipfile.is_zipfile(path) else _unpack_tar
    try:
        return unpack_it(path, folder, suffixes)
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the name and the folder.") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise blame_disk(error, f"unpacking {path.name}") from error
        raise InputError(f"{path} cannot be unpacked ({error.strerror or error}).") from error


def is_archive(path: Path) -> bool:
    """Whether the name says that it is an archive."""
    name = path.name.lower()
    return name.endswith((".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".txz"))


def _unpack_zip(path: Path, folder: Path, suffixes: frozenset[str]) -> list[Path]:
    written: list[Path] = []
    with opened(path) as archive:
        wanted = [
            member
            for member in archive.infolist()
            if member.filename  # a damaged one may have none
            and not member.is_dir()
            and (member.external_attr >> 16) & 0o170000 != 0o120000
            and _wanted(member.filename, suffixes)
        ]
        _find_room(path, folder, sum(member.file_size for member in wanted))
        for member in wanted:
            with archive.open(member) as source:
                written.append(_write(source, folder, safe_name(path, member.filename)))
    return written


def _unpack_tar(path: Path, folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """A tar has no table of contents: it is read once to judge it, and again to unpack it."""
    with _opened_tar(path) as archive:
        sizes: list[int] = []
        for number, member in enumerate(archive):
            safe_name(path, member.name)
            if number >= MOST_FILES:
                raise InputError(f"{path} holds more than {MOST_FILES:,} files.")
            if member.isreg() and _wanted(member.name, suffixes):
                sizes.append(member.size)
    _find_room(path, folder, sum(sizes))
    written: list[Path] = []
    with _opened_tar(path) as archive:
        for member in archive:
            if member.isreg() and _wanted(member.name, suffixes):
                source = archive.extractfile(member)
                if source is not None:
                    with source:
                        written.append(_write(source, folder, safe_name(path, member.name)))
    return written


@contextmanager
def _opened_tar(path: Path) -> Iterator[tarfile.TarFile]:
    most = min(MOST_UNPACKED, max(64 * SMALL, MOST_RATIO * path.stat().st_size))
    try:
        with (
            path.open("rb") as raw,
            _unpacked(raw) as inner,
            tarfile.open(fileobj=cast("IO[bytes]", _Limited(path, inner, most)), mode="r:") as tar,
        ):
            yield tar
    except (
        tarfile.TarError,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise InputError(
            f"{path} is not a whole tar archive ({error}); copy it again from its source."
        ) from None


def _unpacked(raw: BinaryIO) -> BinaryIO:
    """What a compressed file holds, recognised by how it begins; any other file as it is."""
    start = raw.read(6)
    raw.seek(0)
    opener = next(
        (COMPRESSED[name] for name, sign in PACKED.items() if start.startswith(sign)), None
    )
    return raw if opener is None else cast("BinaryIO", opener(raw))


class _Limited:
    """A file out of which nobody reads more than so much, however well it was packed."""

    def __init__(self, path: Path, inner: BinaryIO, most: int) -> None:
        self._path = path
        self._inner = inner
        self._most = most

    def read(self, size: int) -> bytes:
        if size > MOST_HEADER:  # pictures are read in small pieces; only a header asks for all
            raise self._refusal("a header that takes")
        return self._inner.read(size)

    def seek(self, offset: int) -> int:
        if offset > self._most:
            raise self._refusal("contents that take")
        return self._inner.seek(offset)

    def tell(self) -> int:
        return self._inner.tell()

    def _refusal(self, what: str) -> InputError:
        return InputError(f"{self._path} is no honest archive: it has {what} too much room.")


def _wanted(name: str, suffixes: frozenset[str]) -> bool:
    pure = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith((".", "__MACOSX")) for part in pure.parts)
    return pure.suffix.lower() in suffixes and not hidden


def _find_room(path: Path, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free * 0.9:
        raise InputError(
            f"{path} needs {needed / 2**20:,.0f} MB to unpack, and {folder} has "
            f"{free / 2**20:,.0f} MB free; make room first."
        )


def _write(source: IO[bytes], folder: Path, name: PurePosixPath) -> Path:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return target
