"""Copies of the works' pictures that any screen can show; the originals are never touched.

An original may be a TIFF of 100 million pixels in another colour space, lying on its side. Beside
it there is a copy, upright, in sRGB, large enough for the closest look of the zoom, and a
thumbnail. Both are named by the original's digest, and are made again where they are missing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import PictureError
from engine.picture import load_picture
from kiosk.store.errors import blame_disk

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER = "pictures"  # in the cache
COPY_SIDE = 3072  # px, the longest; the zoom's closest part, a third, is then 1,024 px wide
THUMBNAIL_SIDE = 320  # px, the longest
ORIENTATION = 0x0112  # the EXIF tag
QUALITY = 92  # of JPEG, 1 to 100


@dataclass(frozen=True, slots=True)
class ShownPictures:
    """The copies of one kiosk."""

    cache_dir: Path

    def copy(self, original: Path) -> Path:
        """What a screen shows for this picture: the copy, or the original while there is none."""
        copy = self._place(original, COPY_SIDE)
        return copy if copy.is_file() else original

    def thumbnail(self, original: Path) -> Path | None:
        """A small copy, or None while there is none."""
        small = self._place(original, THUMBNAIL_SIDE)
        return small if small.is_file() else None

    def make(self, originals: Iterable[Path], told: Callable[[int, int], None]) -> list[str]:
        """Make what is missing, and remove what belongs to no original any more.

        A picture that cannot be opened has no copies; why is in the sentences that come back.
        Raises `StoreError` when the disk is full.
        """
        known = sorted(set(originals))
        self._sweep(known)
        missing = [original for original in known if self.thumbnail(original) is None]
        problems: list[str] = []
        for done, original in enumerate(missing, start=1):
            try:
                self._make(original)
            except PictureError as error:
                problems.append(error.sentence)
            told(done, len(missing))
        return problems

    def _make(self, original: Path) -> None:
        picture = load_picture(original, COPY_SIDE)
        if not _is_plain(original):
            picture.thumbnail((COPY_SIDE, COPY_SIDE))
            self._write(picture, self._place(original, COPY_SIDE))
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        self._write(
            picture, self._place(original, THUMBNAIL_SIDE)
        )  # last: it says that all is done

    def _write(self, picture: Image, place: Path) -> None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=place.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    picture.save(file, format="JPEG", quality=QUALITY, optimize=True)
                Path(fresh).replace(place)
            except BaseException:
                Path(fresh).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise blame_disk(error, f"making copies of pictures in {place.parent}") from error

    def _sweep(self, originals: Iterable[Path]) -> None:
        folder = self.cache_dir / FOLDER
        if not folder.is_dir():
            return
        stems = {original.stem for original in originals}
        for place in folder.iterdir():
            if place.name.startswith(".new-") or place.stem.rsplit("-", 1)[0] not in stems:
                place.unlink(missing_ok=True)

    def _place(self, original: Path, side: int) -> Path:
        return self.cache_dir / FOLDER / f"{original.stem}-{side}.jpg"


def _is_plain(original: Path) -> bool:
    """Whether every screen shows it as it should be, so that a copy would only lose something."""
    from PIL import Image as PilImage

    with PilImage.open(original) as picture:
        return (
            picture.format in ("JPEG", "PNG")
            and picture.mode in ("RGB", "L")
            and max(picture.size) <= COPY_SIDE
            and not picture.info.get("icc_profile")
            and picture.getexif().get(ORIENTATION, 1) == 1
        )
