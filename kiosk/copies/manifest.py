"""What is in a copy: every file with its length and sha256, every table with its rows."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from engine.errors import InputError
from kiosk.collections.pictures import FOLDER as PICTURES
from kiosk.store.replacing import STAFF_FILES, STAFF_FOLDERS, is_staff_file

NAME = "manifest.json"
FORMAT = 1
MOST_BYTES = 256 * 2**20  # of a manifest
PART = 2**20
SHA256 = re.compile(r"[0-9a-f]{64}")
Progress = Callable[[str, int, int], None]  # (what, done, in all)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One file of a copy."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a copy must agree with."""

    kind: str  # "export" or "backup"
    schema: str  # of the tables
    created: str  # ISO 8601, UTC
    files: Mapping[str, Sealed]
    tables: Mapping[str, int]  # rows
    last_ids: Mapping[str, int] = field(default_factory=dict)  # see WholeStore.last_ids
    missing: tuple[str, ...] = ()  # pictures that works name and the disk did not have
    program: str = "ekphrasis"
    version: str = field(default_factory=lambda: version("ekphrasis"))
    format: int = FORMAT

    def to_json(self) -> bytes:
        """With a digest of itself, so that a damaged manifest is known, too."""
        facts = asdict(self)
        return json.dumps(facts | {"digest": _digest(facts)}, indent=1).encode()


def read_manifest(where: Path, data: bytes, kind: str) -> Manifest:
    """The manifest of the copy at `where`. Raises `InputError` for a damaged or another one."""
    try:
        facts = json.loads(data)
        digest = facts.pop("digest")
        if facts["program"] != "ekphrasis" or facts["kind"] != kind:
            raise InputError(f"{where} is no {kind} of a kiosk (it says {facts['kind']!r}).")
        if facts["format"] != FORMAT:
            raise InputError(
                f"{where} was written by a newer version of this program; install that version."
            )
        if digest != _digest(facts):
            raise ValueError("its digest does not agree")
        files = {name: Sealed(**sealed) for name, sealed in facts.pop("files").items()}
        manifest = Manifest(files=files, missing=tuple(facts.pop("missing")), **facts)
        for name, sealed in files.items():
            _check(name, sealed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise InputError(
            f"{where} is damaged: its {NAME} cannot be read ({problem}); take another copy."
        ) from None
    return manifest


def _check(name: str, sealed: Sealed) -> None:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name or ":" in name:
        raise ValueError(f"a file is called {name[:80]!r}")
    if not isinstance(sealed.bytes, int) or sealed.bytes < 0 or not SHA256.fullmatch(sealed.sha256):
        raise ValueError(f"what it says of {name[:80]!r}")


def _digest(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def seal(source: BinaryIO, target: BinaryIO | None = None) -> Sealed:
    """Length and sha256 of a stream, written to `target` on the way."""
    digest, length = hashlib.sha256(), 0
    while part := source.read(PART):
        digest.update(part)
        length += len(part)
        if target is not None:
            target.write(part)
    return Sealed(length, digest.hexdigest())


def copy_file(source: Path, target: Path) -> Sealed:
    """Copy a file so that it is on the disk when this returns. Raises `OSError`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as original, target.open("wb") as copy:
        sealed = seal(original, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return sealed


def kept_pictures(data_dir: Path) -> list[str]:
    """The pictures of a data directory, as the store names them."""
    folder = data_dir / PICTURES
    if not folder.is_dir():
        return []
    return sorted(
        f"{PICTURES}/{path.name}"
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".")
    )


def staff_files(data_dir: Path) -> list[str]:
    """What staff made beside the store, by paths in the data directory."""
    inner = (path for folder in STAFF_FOLDERS for path in sorted((data_dir / folder).glob("*")))
    names = [*STAFF_FILES, *(path.relative_to(data_dir).as_posix() for path in inner)]
    return [name for name in names if is_staff_file(name) and (data_dir / name).is_file()]
