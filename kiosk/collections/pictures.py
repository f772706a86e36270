"""Copies of the pictures that staff brought: original bytes, named by their content.

A file and the row that shows it do not change in one transaction. So whoever copies pictures for
rows to come, or lets go of those that rows showed, first writes down which (`DoubtfulPictures`);
a program that is killed in between leaves that note, and whoever imports or undoes next removes
what nothing shows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from kiosk.store.durable import sync_folder
from kiosk.store.errors import blame_disk

FOLDER = "pictures"  # beside the store's file
FRESH = ".new-"  # a copy that is being written begins so
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
NOTE = ".doubtful"  # beside the copies: the names of some, as a JSON list


class DoubtfulPictures:
    """Copies that may be nobody's, by their paths relative to the data directory.

    Only for who imports or undoes alone.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._note = data_dir / FOLDER / NOTE

    def write(self, names: Sequence[str]) -> None:
        """Let the disk know these, in the stead of earlier ones.

        Raises `StoreError` when the disk is full.
        """
        if not names:
            return
        fresh = self._note.with_name(f"{FRESH}note")
        try:
            fresh.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as note:
                json.dump(list(names), note)
                note.flush()
                os.fsync(note.fileno())
            fresh.replace(self._note)
            sync_folder(self._note.parent)
        except OSError as error:
            raise blame_disk(error, f"writing down pictures in {self._note.parent}") from error

    def left(self) -> list[str]:
        """What was written down by one who was killed; copies that were never finished just go."""
        for half in self._note.parent.glob(f"{FRESH}*"):
            half.unlink(missing_ok=True)
        try:
            return [str(name) for name in json.loads(self._note.read_bytes())]
        except (FileNotFoundError, ValueError):  # none, or a disk that lost what it said
            return []

    def remove(self, names: Sequence[str]) -> None:
        """Remove those that are nobody's; the others are somebody's."""
        for name in names:
            (self._data_dir / name).unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


class PictureShelf:
    """Keeps pictures for the time of one import; what it added is removed if that fails."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._folder = (data_dir / FOLDER).resolve()
        self._expected: DoubtfulPictures | None = None
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

    def has(self, name: str) -> bool:
        """Whether a copy of this name is there already."""
        return (self._data_dir / name).is_file()

    def link(self, place: Path, name: str) -> None:
        """Put a link to the copy of this name at `place`, in the stead of what is there."""
        fresh = place.with_name(f"{FRESH}{place.name}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._folder / PurePosixPath(name).name)
        fresh.replace(place)

    def expect(self, names: Sequence[str]) -> None:
        """These will be kept: whatever ends the program on its way, none of them is left behind.

        Raises `StoreError` when the disk is full.
        """
        self._expected = DoubtfulPictures(self._data_dir)
        self._expected.write([name for name in names if not self.has(name)])

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
        if self._expected is not None:
            self._expected.remove(())
