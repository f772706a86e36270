"""Zip archives that strangers made: judged by their contents before anything is unpacked."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from engine.errors import InputError

MOST_FILES = 200_000
MOST_UNPACKED = 64 * 2**30  # bytes of all files together
MOST_RATIO = 200  # unpacked to packed; text packs to a tenth, pictures not at all
DRIVE = re.compile(r"[A-Za-z]:")
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
    """Write the members with one of these endings below `folder`; the rest is passed over.

    Links are passed over too. Returns the files written. Raises `InputError` (see `opened`).
    """
    written: list[Path] = []
    with opened(path) as archive:
        free = shutil.disk_usage(folder).free
        wanted = [
            member
            for member in archive.infolist()
            if not member.is_dir()
            and PurePosixPath(member.filename).suffix.lower() in suffixes
            and (member.external_attr >> 16) & 0o170000 != 0o120000
            and not PurePosixPath(member.filename).name.startswith(".")
        ]
        needed = sum(member.file_size for member in wanted)
        if needed > free * 0.9:
            raise InputError(
                f"{path} needs {needed / 2**20:,.0f} MB to unpack, and {folder} has "
                f"{free / 2**20:,.0f} MB free; make room first."
            )
        for member in wanted:
            target = folder / safe_name(path, member.filename)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            written.append(target)
    return written
