"""The whole collection in one zip file: a file of JSON lines for each table; pictures as they are.

manifest.json            what is in it: rows, and each member's length and sha256
README.txt               the same in words, for whoever finds it in thirty years
tables/poems.jsonl       … one for each table that cannot be made again
pictures/9f86d08….jpg    … the bytes that staff brought
files/pronunciation.txt  … what staff wrote beside the store
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, cast

from engine.errors import InputError
from kiosk.collections.archive import MOST_RATIO, SMALL, opened
from kiosk.copies.manifest import (
    NAME,
    Manifest,
    Progress,
    Sealed,
    kept_pictures,
    seal,
    staff_files,
)
from kiosk.store.database import Store
from kiosk.store.errors import blame_disk
from kiosk.store.whole import Row

TABLES, FILES = "tables", "files"
README = """\
This is the whole collection of an Ekphrasis kiosk: poems, works, pictures, and what staff decided.

    ekphrasis import THIS-FILE       brings it into an empty kiosk

Everything can be read without the program, too. Each file in tables/ is a table of the store, in
UTF-8: one JSON object a line, one line a row. poems.jsonl has the poems ("poet_id" is the "id" of a
line of poets.jsonl), artworks.jsonl the works ("image" names a file of this archive),
decisions.jsonl what docents pinned and hid. manifest.json has each file's length and sha256.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out."""

    path: Path
    tables: dict[str, int]
    pictures: int
    missing: tuple[str, ...]  # pictures that works name and the disk does not have


def export(store: Store, data_dir: Path, target: Path, progress: Progress) -> Exported:
    """Write everything into `target`, which must not exist; at its name there is all or nothing.

    Rows come from one moment. Raises `InputError` for a name that is taken or an archive too large
    to be read again, and `StoreError` for a disk that is full.
    """
    if target.exists():
        raise InputError(f"{target} exists already; choose another name, or move it away.")
    try:
        handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=".export-", suffix=".zip")
    except OSError as error:
        raise blame_disk(error, f"writing to {target.parent}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            exported = _write(store, data_dir, target, file, progress)
            file.flush()
            os.fsync(file.fileno())
        with opened(Path(fresh)):  # by the rules that it will be read by
            pass
        os.link(fresh, target)  # unlike a renaming, never over a file that came meanwhile
    except FileExistsError:
        raise InputError(f"{target} exists already; choose another name.") from None
    except OSError as error:
        raise blame_disk(error, f"writing {target}") from error
    finally:
        Path(fresh).unlink(missing_ok=True)
    return exported


def _write(
    store: Store, data_dir: Path, target: Path, file: IO[bytes], progress: Progress
) -> Exported:
    sealed: dict[str, Sealed] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with store.snapshot():
            counts = store.whole.counts()
            last_ids = store.whole.last_ids()
            named = {work.image for work in store.artworks.list() if work.image is not None}
            for name in store.whole.names():
                with tempfile.TemporaryFile(dir=target.parent) as lines:
                    for done, row in enumerate(store.whole.rows(name), start=1):
                        lines.write(line_of(row))
                        if done % 1000 == 0:
                            progress(name, done, counts[name])
                    member = f"{TABLES}/{name}.jsonl"
                    sealed[member] = _add(archive, member, cast("BinaryIO", lines))
        # After the rows: pictures are never taken away, so those that the rows name are here.
        pictures = kept_pictures(data_dir)
        for done, name in enumerate(pictures, start=1):
            with (data_dir / name).open("rb") as picture:
                sealed[name] = _add(archive, name, picture, pack=False)
            progress("pictures", done, len(pictures))
        for name in staff_files(data_dir):
            with (data_dir / name).open("rb") as own:
                sealed[f"{FILES}/{name}"] = _add(archive, f"{FILES}/{name}", own)
        missing = tuple(sorted(named - set(pictures)))
        manifest = Manifest(
            "export",
            store.whole.schema,
            datetime.now(UTC).isoformat(timespec="seconds"),
            sealed,
            counts,
            last_ids,
            missing,
        )
        archive.writestr("README.txt", README)
        archive.writestr(NAME, manifest.to_json())
    return Exported(target, counts, len(pictures), missing)


def _add(archive: zipfile.ZipFile, name: str, source: BinaryIO, *, pack: bool = True) -> Sealed:
    """Put a file in; one that would pack so well that it looks like a bomb goes in as it is."""
    method = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
    if pack:
        source.seek(0)
        sample = source.read(SMALL + 1)
        if len(sample) > SMALL and _packs_like_a_bomb(source):
            method = zipfile.ZIP_STORED
    source.seek(0)
    member = zipfile.ZipInfo(name)
    member.compress_type = method
    with archive.open(member, "w", force_zip64=True) as target:
        return seal(source, cast("BinaryIO", target))


def _packs_like_a_bomb(source: BinaryIO) -> bool:
    import zlib

    source.seek(0)
    packer, whole, packed = zlib.compressobj(), 0, 0
    while part := source.read(SMALL):
        whole += len(part)
        packed += len(packer.compress(part))
    packed += len(packer.flush())
    return whole > MOST_RATIO * packed / 2


def line_of(row: Row) -> bytes:
    """A row as a line of JSON; in any script as it is written, unless half a character is in it."""
    try:
        return (json.dumps(row, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(row) + "\n").encode()
