"""An exported collection comes into an empty kiosk: all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from engine.errors import InputError
from kiosk.collections.archive import opened, safe_name
from kiosk.collections.pictures import FOLDER as PICTURES
from kiosk.collections.pictures import PictureShelf
from kiosk.copies.export import FILES, TABLES, line_of
from kiosk.copies.manifest import (
    MOST_BYTES,
    NAME,
    Manifest,
    Progress,
    read_manifest,
    seal,
)
from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.replacing import is_staff_file
from kiosk.store.whole import Filling, Row

MOST_LINE = 64 * 2**20  # bytes of one row


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came in."""

    manifest: Manifest
    pictures: int
    kept: tuple[str, ...]  # files of staff that were here already and were left as they are


def bring(store: Store, data_dir: Path, archive: Path, progress: Progress) -> Arrived:
    """Fill the empty store from an archive that `export` wrote, here or in an older version.

    Every member is proved before anything is written, and the store is read again and compared with
    the archive before it is kept. Raises `InputError` for an archive that is damaged or none, and
    `StoreError` for a store that holds something, a newer schema, a full disk; then nothing was
    changed.
    """
    with opened(archive) as members:
        manifest = _prove(archive, members, progress)
        pictures = [name for name in manifest.files if name.startswith(f"{PICTURES}/")]
        shelf = PictureShelf(data_dir)
        try:
            # The shelf stands twice, as in an import of works: what it holds goes in either case.
            with shelf, store.whole.filling(manifest.schema) as filling, shelf:
                _fill(archive, members, manifest, filling, progress)
                _keep_pictures(archive, members, shelf, pictures, progress)
                kept = _keep_staff_files(members, manifest, shelf, data_dir)
                if manifest.schema == store.whole.schema:
                    _compare(store, manifest)
        except StoreError as problem:
            raise StoreError(f"{archive} was not brought in. {problem.sentence}") from None
    return Arrived(manifest, len(pictures), kept)


def _prove(path: Path, members: zipfile.ZipFile, progress: Progress) -> Manifest:
    """The manifest, once every member agrees with it."""
    there = {member.filename: member for member in members.infolist() if not member.is_dir()}
    if NAME not in there:
        raise InputError(f"{path} is no exported collection: it has no {NAME}.")
    if there[NAME].file_size > MOST_BYTES:
        raise InputError(f"{path} is no exported collection: its {NAME} is too large.")
    manifest = read_manifest(path, members.read(NAME), "export")
    missing = sorted(set(manifest.files) - set(there))
    if missing:
        raise InputError(f"{path} is not whole: {missing[0]} is missing; take another copy.")
    for done, (name, sealed) in enumerate(manifest.files.items(), start=1):
        safe_name(path, name)
        with members.open(name) as member:
            if seal(cast("BinaryIO", member)) != sealed:
                raise InputError(
                    f"{path} is damaged: {name} is not what it was when it was written; take "
                    "another copy."
                )
        progress("checking", done, len(manifest.files))
    return manifest


def _fill(
    path: Path,
    members: zipfile.ZipFile,
    manifest: Manifest,
    filling: Filling,
    progress: Progress,
) -> None:
    unknown = set(manifest.tables) - set(filling.names())
    if unknown:
        raise InputError(f"{path} has a table {min(unknown)!r}, which no kiosk of its time had.")
    for name in filling.names():
        expected = manifest.tables.get(name, 0)
        if f"{TABLES}/{name}.jsonl" not in manifest.files:
            raise InputError(f"{path} is not whole: the table {name} is missing.")
        with members.open(f"{TABLES}/{name}.jsonl") as lines:
            rows = _rows(path, name, cast("BinaryIO", lines), manifest)
            count = filling.fill(name, _told(rows, name, expected, progress))
        if count != expected:
            raise InputError(f"{path}: the table {name} has {count} rows, not {expected}.")
    filling.set_last_ids(manifest.last_ids)


def _rows(path: Path, table: str, lines: BinaryIO, manifest: Manifest) -> Iterator[Row]:
    number = 0
    while line := lines.readline(MOST_LINE + 1):
        number += 1
        try:
            row = json.loads(line)
            if len(line) > MOST_LINE or not isinstance(row, dict):
                raise ValueError("it is no row")
        except (ValueError, RecursionError) as problem:
            raise InputError(
                f"{path}: line {number} of {table} cannot be read: {problem}."
            ) from None
        image = row.get("image") if table == "artworks" else None
        if image is not None and not _is_picture(image, manifest):
            raise InputError(f"{path}: the picture of line {number} of {table} is not in it.")
        yield row


def _told(rows: Iterator[Row], name: str, total: int, progress: Progress) -> Iterator[Row]:
    for done, row in enumerate(rows, start=1):
        yield row
        if done % 1000 == 0:
            progress(name, done, total)


def _is_picture(name: object, manifest: Manifest) -> bool:
    return (
        isinstance(name, str)
        and PurePosixPath(name).parent == PurePosixPath(PICTURES)
        and (name in manifest.files or name in manifest.missing)
    )


def _keep_pictures(
    path: Path,
    members: zipfile.ZipFile,
    shelf: PictureShelf,
    pictures: list[str],
    progress: Progress,
) -> None:
    for done, name in enumerate(pictures, start=1):
        if PurePosixPath(name).parent != PurePosixPath(PICTURES):
            raise InputError(f"{path}: “{name[:80]}” is no picture of a kiosk.")
        _keep(members, shelf, name, name)
        progress("pictures", done, len(pictures))


def _keep(members: zipfile.ZipFile, shelf: PictureShelf, member: str, name: str) -> None:
    with tempfile.NamedTemporaryFile(prefix="ekphrasis-") as scratch:
        with members.open(member) as source:
            seal(cast("BinaryIO", source), cast("BinaryIO", scratch))
        scratch.flush()
        shelf.keep(Path(scratch.name), name)


def _keep_staff_files(
    members: zipfile.ZipFile, manifest: Manifest, shelf: PictureShelf, data_dir: Path
) -> tuple[str, ...]:
    """Write those that are not here yet; the names of those that are, and differ."""
    kept = []
    for member in manifest.files:
        name = member.removeprefix(f"{FILES}/")
        if name == member or not is_staff_file(name):
            continue
        target = data_dir / name
        if not target.exists():
            _keep(members, shelf, member, name)
        elif target.read_bytes() != members.read(member):
            kept.append(name)
    return tuple(kept)


def _compare(store: Store, manifest: Manifest) -> None:
    """Read the store again before it is kept: it must read as it was written, byte by byte."""
    for name in store.whole.names():
        digest = hashlib.sha256()
        for row in store.whole.rows(name):
            digest.update(line_of(row))
        if digest.hexdigest() != manifest.files[f"{TABLES}/{name}.jsonl"].sha256:
            raise StoreError(f"The table {name} does not read as it was written.")
