"""Pictures that a table or a manifest has only as addresses, fetched one after the other.

What was fetched stays in a folder under a name that its address gives it; so an import that is
interrupted goes on where it stopped. Once imported, a link to the store's copy stands there, so
that the same table again asks for nothing. A picture that cannot be had is a note, not the end.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.collections.picture_folder import PictureFolder
from kiosk.collections.pictures import PictureShelf
from kiosk.collections.rows import Row, RowTable, each
from kiosk.collections.web import FetchError, Web
from kiosk.store.errors import blame_disk

ACCEPT = "image/jpeg, image/png;q=0.9, image/webp;q=0.8, image/tiff;q=0.7, image/*;q=0.5"
IN_A_ROW = 8  # failures, after which nobody is asked any more
SIGNATURES = {
    b"\xff\xd8\xff": ".jpg",
    b"\x89PNG\r\n\x1a\n": ".png",
    b"II*\x00": ".tif",
    b"MM\x00*": ".tif",
    b"GIF8": ".gif",
    b"RIFF": ".webp",
}
Told = Callable[[int, int], None]


def with_fetched(
    table: RowTable,
    pictures: PictureFolder,
    others: Mapping[str, Sequence[str]],
    web: Web,
    folder: Path,
    told: Told = lambda _done, _total: None,
) -> RowTable:
    """The table with the pictures whose addresses it has, in `folder` and known to `pictures`.

    `others` are further addresses of the same picture, to be tried in turn. Raises `StoreError`
    when the disk is full.
    """
    wanted = sum(1 for row in table.rows if _address(row))
    not_had: dict[str, str] = {}  # addresses, and why
    done = failed = skipped = 0
    for row in table.rows:
        address = _address(row)
        if not address:
            continue
        if failed >= IN_A_ROW:
            skipped += 1
            continue
        try:
            if address not in pictures.brought:
                pictures.brought[address] = _fetched(others.get(address, (address,)), web, folder)
            failed = 0
        except FetchError as error:
            failed += 1
            not_had[address] = f"its picture was not fetched: {error.sentence}"
        done += 1
        told(done, wanted)

    def with_picture(row: Row) -> Row:
        address = _address(row)
        if address in pictures.brought:
            return replace(row, cells={**row.cells, "image": address})
        if address in not_had:
            return replace(row, notes=(*row.notes, not_had[address]))
        return row

    notes = tuple(note for note in table.notes if "from which nothing was fetched" not in note)
    if skipped:
        notes += (
            f"{IN_A_ROW} pictures in a row could not be fetched, so {skipped} more were not asked "
            "for; run the import again when the server answers",
        )
    return replace(table, rows=each(table.rows, with_picture), notes=notes)


def _address(row: Row) -> str:
    """Where the row's picture is, if it is to be fetched at all."""
    if row.problem or row.cells.get("image"):
        return ""
    return row.cells.get("image_address", "")


def _fetched(addresses: Sequence[str], web: Web, folder: Path) -> Path:
    name = hashlib.sha256(addresses[0].encode("utf-8")).hexdigest()
    for suffix in dict.fromkeys(SIGNATURES.values()):
        there = folder / f"{name}{suffix}"
        if there.is_file():  # a link to what is gone from the store is none
            return there
    first: FetchError | None = None
    for address in addresses:
        try:
            data = web.fetch(address, accept=ACCEPT)
            suffix = next((end for sign, end in SIGNATURES.items() if data.startswith(sign)), "")
            if not suffix:
                raise FetchError(f"{address[:200]} gives something that is no picture.")
        except FetchError as error:
            first = first or error
            continue
        return _written(folder / f"{name}{suffix}", data)
    raise first or FetchError("There is no address.")


def link_imported(folder: Path, shelf: PictureShelf) -> None:
    """Leave links to the store's copies of what was fetched; what is not in the store goes.

    Where links cannot be had, the pictures are fetched again another time.
    """
    for picture in list(folder.iterdir()) if folder.is_dir() else ():
        try:
            if picture.is_symlink() and picture.is_file():
                continue
            name = "" if picture.is_symlink() else shelf.name_for(picture)
            if name and shelf.has(name):
                shelf.link(picture, name)
                continue
        except OSError:
            pass
        picture.unlink(missing_ok=True)


def _written(place: Path, data: bytes) -> Path:
    try:
        handle, fresh = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(fresh).replace(place)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise blame_disk(error, f"fetching pictures into {place.parent}") from error
    return place
