"""One door for artworks: whatever staff bring comes out as rows, and a place for their pictures.

1. The table is read as it is: CSV, TSV, XLSX, JSON, a folder of JSON files; or the one table in an
   archive or a folder, with its pictures. A IIIF manifest is a row, a IIIF collection many.
2. Tables that belong to it are laid beside it (`joining`).
3. Its columns become the fields of a work, by the mapping that somebody named, that was saved for
   such a table, or that is guessed; corrections come last.
4. Each row's picture is found among those that were brought, or fetched from its address where
   that was wished.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from engine.errors import InputError
from kiosk.collections.archive import is_archive, unpack
from kiosk.collections.guessing import guess, known_columns, second_tables
from kiosk.collections.iiif import is_iiif
from kiosk.collections.iiif_walk import ACCEPT, Walked, walk
from kiosk.collections.joining import joined
from kiosk.collections.json_records import read_records
from kiosk.collections.json_table import parse_json
from kiosk.collections.mapping import ColumnMapping, corrected_by, mapped
from kiosk.collections.picture_fetching import with_fetched
from kiosk.collections.picture_folder import SUFFIXES, PictureFolder, with_pictures
from kiosk.collections.reading import bare_suffix, read_text
from kiosk.collections.rows import Row, RowTable, each
from kiosk.collections.saved_mappings import MappingShelf
from kiosk.collections.tables import read_table
from kiosk.collections.text import clean_line, is_text
from kiosk.collections.web import Web

JSON_SUFFIXES = (".json", ".jsonld", ".jsonl", ".ndjson")
SNIFFED = 20_000  # characters, in which a IIIF document says that it is one
IIIF_SIGNS = ("iiif.io/api/presentation", "shared-canvas.org", '"sc:Manifest"', '"sc:Collection"')
TABLES = frozenset((".csv", ".tsv", ".xlsx", ".json"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody said about a table that is to be read."""

    mapping: str = ""  # the name of a saved one
    corrected: Mapping[str, Sequence[str]] = field(default_factory=dict)  # columns by field
    beside: Sequence[Path] = ()  # tables that belong to it
    pictures: Path | None = None  # a folder or an archive of pictures; None: beside the table
    fetch: bool | None = None  # pictures that are addresses; None: those of IIIF alone
    languages: Sequence[str] = ("en",)  # BCP 47, of texts that are there in several; the best first


@dataclass(frozen=True, slots=True)
class Workplace:
    """What reading needs besides the table, where there is more than a table."""

    scratch: Path  # an empty folder for what is unpacked; lives as long as the result is used
    fetched: Path  # a folder for what is fetched; kept, an interrupted import goes on from it
    web: Web
    told: Callable[[str, int, int], None] = lambda _what, _done, _total: None


@dataclass(frozen=True, slots=True)
class Artworks:
    """Works on their way in."""

    table: RowTable  # its cells have the names of `mapping.ALL_FIELDS`; others keep theirs
    pictures: PictureFolder
    as_it_came: RowTable
    mapping: ColumnMapping


def read_artworks(
    path: Path,
    choices: Choices | None = None,
    saved: MappingShelf | None = None,
    work: Workplace | None = None,
) -> Artworks:
    """The works of a table or of IIIF documents, and where their pictures lie.

    Without a workplace nothing is unpacked or fetched. Raises `InputError` for what cannot be read,
    has no column for the title, or has not the columns that somebody named, and for an archive
    that is no honest one.
    """
    choices = Choices() if choices is None else choices
    place = unpacked(path, work, TABLES | SUFFIXES) if is_archive(path) else path
    walked = _walked(place, choices, work)
    as_read = _read(place) if walked is None else walked.table
    table = _whole_characters(joined(as_read, choices.beside))
    mapping, note = _mapping(table, choices, saved)
    mapping = corrected_by(mapping, table, choices.corrected).within(table.columns)
    if "title" not in mapping.fields and not _all_refused(table):
        names = ", ".join(f"“{clean_line(name)[:40]}”" for name in table.columns[:20])
        raise InputError(
            f"{path} lacks the column “title”; it has {names or 'no columns at all'}: "
            "say which one it is with --map title=COLUMN."
        )
    known = mapped(table, mapping)
    if note:
        known = replace(known, notes=(*known.notes, note))
    pictures = _pictures(place, choices.pictures, work)
    known = with_pictures(known, pictures)
    fetch = walked is not None if choices.fetch is None else choices.fetch
    if work is not None and fetch:
        others = {} if walked is None else walked.pictures
        work.fetched.mkdir(parents=True, exist_ok=True)
        known = with_fetched(
            known, pictures, others, work.web, work.fetched, partial(work.told, "pictures")
        )
    return Artworks(known, pictures, table, mapping)


def _walked(place: Path, choices: Choices, work: Workplace | None) -> Walked | None:
    """The works that IIIF documents lead to; None where `place` is no such document."""
    if not place.is_file() or bare_suffix(place) not in (".json", ".jsonld"):
        return None
    text = read_text(place).text
    if not any(sign in text[:SNIFFED] for sign in IIIF_SIGNS):
        return None
    try:
        document = parse_json(text)
    except ValueError as error:
        raise InputError(f"{place} is not readable JSON: {error}.") from None
    if not is_iiif(document):
        return None
    web = Web() if work is None else work.web
    told = (lambda _done, _known: None) if work is None else partial(work.told, "documents")
    return walk(place, document, web, languages=choices.languages, told=told)


def document_at(source: str, work: Workplace) -> Path:
    """The file that somebody named, by its path or its address on the web; then it is fetched.

    Raises `InputError` where nothing can be had from the address.
    """
    if not source.lower().startswith(("http://", "https://")):
        return Path(source)
    last = PurePosixPath(urlsplit(source).path)
    suffix = last.suffix.lower() if last.suffix.lower() in TABLES | {".jsonld"} else ".json"
    name = re.sub(r"[^\w.-]+", "-", source.split("://", 1)[1].removesuffix(last.suffix))[:100]
    path = work.scratch / f"{name}{suffix}"
    path.write_bytes(work.web.fetch(source, accept=ACCEPT))
    return path


def unpacked(path: Path, work: Workplace | None, suffixes: frozenset[str]) -> Path:
    """A folder with what an archive holds. Raises `InputError`."""
    if work is None:
        raise InputError(f"{path} is an archive; unpack it first.")
    folder = work.scratch / f"unpacked-{len(list(work.scratch.iterdir()))}"
    folder.mkdir()
    if not unpack(path, folder, suffixes):
        raise InputError(f"{path} holds neither a table nor pictures that can be read.")
    return folder


def _pictures(place: Path, said: Path | None, work: Workplace | None) -> PictureFolder:
    if said is None:
        return (
            PictureFolder(place, searched=True) if place.is_dir() else PictureFolder(place.parent)
        )
    if said.is_dir():
        return PictureFolder(said, searched=True)
    if is_archive(said):
        return PictureFolder(unpacked(said, work, SUFFIXES), searched=True)
    if not said.exists():
        raise InputError(f"There is no folder {said}; check where the pictures are.")
    raise InputError(f"{said} is neither a folder nor an archive (zip or tar) of pictures.")


def _read(path: Path) -> RowTable:
    if path.is_dir():
        tables = [
            one
            for one in sorted(path.glob("*")) + sorted(path.glob("*/*"))
            if bare_suffix(one) in TABLES - {".json"}
            and not one.name.startswith((".", "~$"))
            and one.name.casefold() not in second_tables()
        ]
        if len(tables) == 1:
            return _read(tables[0])
        if tables:
            names = ", ".join(str(one.relative_to(path)) for one in tables[:5])
            raise InputError(f"{path} holds several tables ({names}); give the name of one.")
    if path.is_dir() or bare_suffix(path) in JSON_SUFFIXES:
        return read_records(path)
    return read_table(path, known_columns(), repeated=True)


def _mapping(
    table: RowTable, choices: Choices, saved: MappingShelf | None
) -> tuple[ColumnMapping, str]:
    """The mapping before corrections, and where it is from, in words."""
    if choices.mapping and saved is not None:
        return saved.load(choices.mapping), f"read by the saved mapping “{choices.mapping}”"
    found = None if saved is None else saved.fitting(table.columns)
    if found is not None:
        return found, f"read by the saved mapping “{found.name}”, which was made for such a table"
    guessed = guess(table.columns)
    return guessed, f"read as an export of: {guessed.name}" if guessed.name else ""


def _whole_characters(table: RowTable) -> RowTable:
    """The table with rows that hold half a character refused, and without columns named so."""

    def whole(row: Row) -> Row:
        if all(is_text(name) and is_text(text) for name, text in row.cells.items()):
            return row
        return replace(row, cells={}, problem=row.problem or "holds half a character")

    columns = tuple(name for name in table.columns if is_text(name))
    return replace(table, columns=columns, rows=each(table.rows, whole))


def _all_refused(table: RowTable) -> bool:
    return bool(table.rows) and all(row.problem for row in table.rows)
