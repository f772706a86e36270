"""Where the pictures of a table lie, and which of them belongs to which row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from engine.errors import InputError
from kiosk.collections.rows import Row, RowTable, each

SUFFIXES = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp"))
MOST_FILES = 500_000  # below one folder
ADDRESSES = ("http://", "https://")


@dataclass(frozen=True)
class PictureFolder:
    """Pictures below a folder. With `searched`, a name is enough, in whatever folder it lies."""

    folder: Path
    searched: bool = False
    brought: dict[str, Path] = field(default_factory=dict)  # those that came from an address

    def find(self, name: str) -> Path:
        """Where the picture of this name is or should be; a missing one is found out on opening.

        Raises `ValueError` ("is …") for a name that two pictures share.
        """
        if name in self.brought:
            return self.brought[name]
        # A table made on Windows separates folders its own way.
        name = name.replace("\\", "/")
        exact = self.folder / name
        if not self.searched:
            return exact
        within = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        if within and name and exact.is_file():
            return exact
        return self.by_name(name) or exact

    def by_name(self, name: str) -> Path | None:
        """The one picture with this file name, with or without its ending; None if there is none.

        Raises `ValueError` where there are several, in different folders.
        """
        last = PurePosixPath(name.replace("\\", "/")).name.casefold()
        for key in (last, PurePosixPath(last).stem):
            found = self._names.get(key, [])
            if len(found) > 1:
                one, other = (path.relative_to(self.folder) for path in found[:2])
                raise ValueError(f"is the name of several pictures, {one} and {other}")
            if found:
                return found[0]
        return None

    @cached_property
    def _names(self) -> dict[str, list[Path]]:
        names: dict[str, list[Path]] = {}
        for path in _pictures_below(self.folder):
            for key in {path.name.casefold(), path.stem.casefold()}:
                names.setdefault(key, []).append(path)
        return names


def with_pictures(table: RowTable, pictures: PictureFolder) -> RowTable:
    """The table with each row's picture found: by its file's name, or else by the work's number.

    An address, where no file has its name, is kept beside the work as `image_address`, and a note
    says how many there are.
    """
    rows = each(table.rows, lambda row: _with_picture(row, pictures))
    waiting = sum(1 for row in rows if "image_address" in row.cells and not row.cells.get("image"))
    notes = table.notes
    if waiting:
        works = "1 work has its picture" if waiting == 1 else f"{waiting} works have their pictures"
        notes = (*notes, f"{works} at an address, from which nothing was fetched")
    return replace(table, rows=rows, notes=notes)


def _with_picture(row: Row, pictures: PictureFolder) -> Row:
    if row.problem:
        return row
    image = row.cells.get("image", "").strip()
    cells = dict(row.cells)
    if image.startswith(ADDRESSES):
        cells |= {"image": "", "image_address": image}
    try:
        found = _found(image, cells.get("number", "").strip(), pictures)
    except ValueError as error:
        return replace(row, problem=f"the picture {image or cells.get('number')} {error}")
    if found is not None:
        cells["image"] = found.relative_to(pictures.folder).as_posix()
    return replace(row, cells=cells)


def _found(image: str, number: str, pictures: PictureFolder) -> Path | None:
    if not pictures.searched:
        return None
    if image.startswith(ADDRESSES):
        name = unquote(PurePosixPath(urlsplit(image).path).name)
        generic = PurePosixPath(name).stem in ("default", "native")  # of an image service
        found = None if generic or not name else pictures.by_name(name)
    else:
        exact = pictures.find(image) if image else None
        found = exact if exact is not None and exact.is_file() else None
    if found is None and number and (not image or image.startswith(ADDRESSES)):
        # A number may hold what no file's name can.
        names = dict.fromkeys(re.sub(r"[/\\:*?]", sign, number) for sign in "_-.")
        found = next(filter(None, (pictures.by_name(f"{name}.x") for name in names)), None)
    return found


def _pictures_below(folder: Path) -> Iterator[Path]:
    try:
        for count, path in enumerate(sorted(folder.rglob("*"))):
            if count > MOST_FILES:
                raise InputError(
                    f"{folder} holds more than {MOST_FILES:,} files; choose a smaller."
                )
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
                yield path
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be read ({error.strerror}).") from error
