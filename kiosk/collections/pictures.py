"""Copies of the pictures that staff brought: original bytes, named by their content."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from kiosk.store.errors import blame_disk

FOLDER = "pictures"  # beside the store's file
FRESH = ".new-"  # a copy that is being written begins so
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


class PictureShelf:
    """Keeps pictures for the time of one import; what it added is removed if that fails."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._folder = (data_dir / FOLDER).resolve()
        self._new: list[Path] = []

    def name_for(self, picture: Path) -> str:
        """The path that a copy of this file has or would have, relative to the data directory.

        One of the shelf's own is known by its name alone. Raises `OSError` if the file cannot be
        read.
        """
        if picture.is_symlink() and (own := picture.resolve()).parent == self._folder:
            return f"{FOLDER}/{own.name}"
        with picture.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        suffix = picture.suffix.lower()
        return f"{FOLDER}/{digest}{suffix if SUFFIX.fullmatch(suffix) else ''}"

    def tidy(self) -> None:
        """Remove copies that were never finished. Only while nobody else keeps pictures."""
        for half in (self._data_dir / FOLDER).glob(f"{FRESH}*"):
            half.unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """Whether a copy of this name is there already."""
        return (self._data_dir / name).is_file()

    def link(self, place: Path, name: str) -> None:
        """Put a link to the copy of this name at `place`, in the stead of what is there."""
        fresh = place.with_name(f"{FRESH}{place.name}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._folder / PurePosixPath(name).name)
        fresh.replace(place)

    def keep(self, picture: Path, name: str) -> None:
        """Copy a picture to the place that `name_for` named, unless it is there already.

        Raises `StoreError` when the disk is full.
        """
        target = self._data_dir / name
        if target.exists():
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=FRESH)
            try:
                with os.fdopen(handle, "wb") as copy, picture.open("rb") as original:
                    shutil.copyfileobj(original, copy)
                    copy.flush()
                    os.fsync(copy.fileno())
                Path(fresh).replace(target)
            except BaseException:
                Path(fresh).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise blame_disk(error, f"copying {picture.name} to {target.parent}") from error
        self._new.append(target)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            while self._new:
                self._new.pop().unlink(missing_ok=True)
