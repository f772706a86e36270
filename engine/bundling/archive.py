"""Zip and tar archives of bundles: written the same bytes every time, read with suspicion.

An archive comes on a stick from somewhere. Nothing in it is believed: member names, kinds and
sizes are judged before a byte is unpacked, and unpacking stops where a member is longer than it
was said to be. What is wrong is said in one sentence (`BundleError`).
"""

from __future__ import annotations

import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from engine.errors import BundleError

SUFFIXES = (".zip", ".tar")  # what is written; tar.gz and tar.xz are read too
MOST_MEMBERS = 512  # a bundle has about ten files
MOST_BYTES = 64 << 30  # the largest models that open_clip knows have a quarter of this
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # a compression that this Python does not know
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name without the archive's top folder, and how to read it."""

    name: str
    size: int  # bytes, as the archive says
    open: Callable[[], IO[bytes]]


def write_archive(out: Path, files: Mapping[str, Path]) -> None:
    """Pack these files by name, in this order; whole or not at all, `.zip` or `.tar`.

    Dates, owners and permissions are fixed, so the same files give the same archive. Nothing is
    compressed: weights do not shrink.
    """
    fresh = out.with_name(out.name + ".new")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        if out.suffix == ".zip":
            _write_zip(fresh, files)
        else:
            _write_tar(fresh, files)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)


def _write_zip(out: Path, files: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix, wherever this runs
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            size = path.stat().st_size
            with (
                path.open("rb") as source,
                archive.open(info, "w", force_zip64=size >= 1 << 31) as target,
            ):
                shutil.copyfileobj(source, target, 1 << 20)


def _write_tar(out: Path, files: Mapping[str, Path]) -> None:
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in files.items():
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            info.mode = 0o644
            with path.open("rb") as source:
                archive.addfile(info, source)


@contextmanager
def open_archive(path: Path, manifest: str) -> Iterator[Mapping[str, Member]]:
    """The archive's files by name. The one top folder that archivers like to add is taken off.

    Raises `BundleError` for what is no archive, is cut short, leads out of its folder, links,
    holds a name twice or no `manifest`, or is too large to be a bundle.
    """
    if not path.is_file():
        raise BundleError(f"There is no file {path}; check the name and the folder.")
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                yield _named(path, _zip_members(path, packed), manifest)
        elif path.suffix == ".zip":
            raise BundleError(f"{path} is damaged or cut short; copy it again from its source.")
        else:
            with tarfile.open(path) as rolled:
                yield _named(path, _tar_members(path, rolled), manifest)
    except DAMAGED as problem:
        raise BundleError(
            f"{path} is not a zip or tar archive, or is damaged or cut short ({problem}); "
            "copy it again from its source."
        ) from None


def _zip_members(path: Path, archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise _refused(path, info.filename, "is a link or a device, not a file")
        if info.flag_bits & 1:
            raise _refused(path, info.filename, "is locked with a password")
        yield Member(info.filename, info.file_size, lambda info=info: archive.open(info))  # type: ignore[misc]


def _tar_members(path: Path, archive: tarfile.TarFile) -> Iterator[Member]:
    def opened(info: tarfile.TarInfo) -> IO[bytes]:
        handle = archive.extractfile(info)
        if handle is None:
            raise _refused(path, info.name, "is not a file")
        return handle

    for info in archive:
        if info.isdir():
            continue
        if not info.isreg():
            raise _refused(path, info.name, "is a link or a device, not a file")
        yield Member(info.name, info.size, lambda info=info: opened(info))  # type: ignore[misc]


def _named(path: Path, members: Iterator[Member], manifest: str) -> Mapping[str, Member]:
    found: dict[str, Member] = {}
    total = 0
    for member in members:
        name = member.name.removeprefix("./")
        check_name(path, name)
        total += member.size
        # Judged member by member: skipping one of a terabyte would already take hours.
        if total > MOST_BYTES:
            raise _refused(path, name, "is far too large for a bundle")
        if name in found:
            raise _refused(path, name, "occurs twice")
        if len(found) == MOST_MEMBERS:
            raise BundleError(f"{path} holds more than {MOST_MEMBERS} files; it is no bundle.")
        found[name] = member
    if manifest in found:
        return found
    tops = {PurePosixPath(name).parts[0] for name in found}
    if len(tops) == 1 and f"{min(tops)}/{manifest}" in found:
        return {name.split("/", 1)[1]: member for name, member in found.items()}
    raise BundleError(f"{path} holds no {manifest}; give an archive that `bundles export` wrote.")


def check_name(path: Path, name: str) -> None:
    """Refuse a member that would be written outside the folder it is unpacked into."""
    pure = PurePosixPath(name)
    if (
        not pure.parts
        or pure.is_absolute()
        or ".." in pure.parts
        or "\\" in name
        or ":" in name
        or "\0" in name
    ):
        raise _refused(path, name, "lies outside its own folder")


def _refused(path: Path, name: str, why: str) -> BundleError:
    return BundleError(f"{path} is refused: {name!r} in it {why}; do not use this archive.")
