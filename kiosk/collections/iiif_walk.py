"""From one IIIF document to all works that it leads to: each visited once, within limits."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from engine.errors import InputError
from kiosk.collections import iiif
from kiosk.collections.json_table import parse_json
from kiosk.collections.reading import decode
from kiosk.collections.rows import Row, RowTable
from kiosk.collections.web import FetchError, Web

ACCEPT = (
    'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json", '
    "application/ld+json;q=0.9, application/json;q=0.8, */*;q=0.1"
)
Told = Callable[[int, int], None]  # documents read, documents known of


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """How far one walk goes."""

    depth: int = 8  # collections within collections
    documents: int = 20_000
    document_bytes: int = 32 * 2**20
    bytes: int = 2 * 2**30  # of all documents together
    seconds: float = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Walked:
    """The works, one a row, and the addresses of each one's picture by the row's `image`."""

    table: RowTable
    pictures: dict[str, tuple[str, ...]]


def walk(
    path: Path,
    start: Any,
    web: Web,
    *,
    languages: Sequence[str] = ("en",),
    limits: WalkLimits | None = None,
    told: Told = lambda _done, _known: None,
) -> Walked:
    """All works that a document leads to; `path` is where it was read, `start` what it says.

    A document that cannot be had is a row with its problem. Raises `InputError` where `start` is
    neither a manifest nor a collection, or where there is no end to it.
    """
    try:
        first = iiif.read(start, languages)
    except ValueError as error:
        raise InputError(f"{path} {error}.") from None
    return _Walk(path, web, languages, WalkLimits() if limits is None else limits, told).all(first)


Found = iiif.Reference | iiif.Manifest | iiif.Collection


class _Walk:
    def __init__(
        self, path: Path, web: Web, languages: Sequence[str], limits: WalkLimits, told: Told
    ) -> None:
        self._path = path
        self._web = web
        self._languages = languages
        self._limits = limits
        self._told = told
        self._seen: set[str] = set()
        self._waiting: deque[tuple[Found, int]] = deque()
        self._rows: list[Row] = []
        self._pictures: dict[str, tuple[str, ...]] = {}
        self._asked = 0
        self._bytes = 0
        self._end = time.monotonic() + limits.seconds

    def all(self, first: iiif.Manifest | iiif.Collection) -> Walked:
        self._waiting.append((first, 0))
        again = 0
        while self._waiting:
            found, depth = self._waiting.popleft()
            key = urldefrag(found.id)[0]
            if key:
                if key in self._seen:  # a document that leads to itself, or is named twice
                    again += 1
                    continue
                self._seen.add(key)
            if isinstance(found, iiif.Reference):
                known = self._fetched(found.id)
                if known is None:
                    continue
                found = known
                own = urldefrag(found.id)[0]
                if own and own != key:
                    if own in self._seen:
                        again += 1
                        continue
                    self._seen.add(own)
            if isinstance(found, iiif.Manifest):
                self._add(found)
            else:
                self._enter(found, depth)
        notes = [f"{again} more mentions of the same works passed over"] if again else []
        columns = dict.fromkeys(name for row in self._rows for name in row.cells)
        table = RowTable(self._path, tuple(columns), tuple(self._rows), tuple(notes))
        if not table.rows:
            raise InputError(f"{self._path} leads to no works.")
        return Walked(table, self._pictures)

    def _enter(self, collection: iiif.Collection, depth: int) -> None:
        if depth >= self._limits.depth:
            problem = f"is nested more than {self._limits.depth} collections deep"
            self._rows.append(Row(_where(collection.id), {}, problem))
            return
        # A copy of a list that every server could make endless is cut where the walk would end.
        members = collection.members[: self._limits.documents + 1]
        self._waiting.extend((member, depth + 1) for member in members)

    def _fetched(self, address: str) -> iiif.Manifest | iiif.Collection | None:
        if self._asked >= self._limits.documents or time.monotonic() > self._end:
            raise InputError(
                f"{self._path} leads to more than {self._asked:,} documents, or takes longer than "
                f"{self._limits.seconds / 3600:.0f} hours; bring its parts in one by one."
            )
        self._asked += 1
        self._told(self._asked, self._asked + len(self._waiting))
        try:
            data = self._web.fetch(address, accept=ACCEPT, most_bytes=self._limits.document_bytes)
            self._bytes += len(data)
            if self._bytes > self._limits.bytes:
                raise InputError(
                    f"{self._path} leads to more than {self._limits.bytes / 2**20:,.0f} MB of "
                    "documents; bring its parts in one by one."
                )
            return iiif.read(parse_json(decode(data).text), self._languages)
        except FetchError as error:
            self._rows.append(Row(_where(address), {}, error.sentence.rstrip(".")))
        except ValueError as error:
            self._rows.append(Row(_where(address), {}, f"is not a IIIF document: {error}"))
        return None

    def _add(self, manifest: iiif.Manifest) -> None:
        cells = dict(manifest.cells)
        notes = []
        if manifest.pictures:
            cells["image"] = manifest.pictures[0]
            self._pictures[manifest.pictures[0]] = manifest.pictures
        if manifest.canvases > 1:
            notes.append(f"has {manifest.canvases} pictures; the first is taken")
        self._rows.append(Row(_where(manifest.id), cells, notes=tuple(notes)))


def _where(address: str) -> str:
    return address[:200] or "the document"
