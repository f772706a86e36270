"""Artworks from a table, with their pictures, into the store: all of them, or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.errors import PictureError
from engine.picture import load_picture
from kiosk.collections.artwork_reading import Artworks, read_artworks
from kiosk.collections.fields import CellNotes
from kiosk.collections.mapping import ALL_FIELDS
from kiosk.collections.picture_folder import PictureFolder
from kiosk.collections.pictures import PictureShelf
from kiosk.collections.report import ImportReport, Outcome, Progress, RowReport, no_progress
from kiosk.collections.rows import Row
from kiosk.collections.text import clean_line, clean_text, is_text
from kiosk.store.database import Store
from kiosk.store.records import ArtworkDraft


def import_artworks(
    store: Store, path: Path, progress: Progress = no_progress, brought: Artworks | None = None
) -> ImportReport:
    """Add the works of a table in one transaction; pictures lie beside the table.

    `brought` is what was read already, of the same path, by somebody who had more to say of it.

    The original picture files are copied to the folder of the store. A row whose picture cannot
    be opened is refused with the reason; a row without a picture is a work known in words only.
    Raises `InputError` for an unreadable table or missing columns, and `StoreError` for a full
    disk; then nothing was changed, and the pictures copied so far are removed again.
    """
    brought = read_artworks(path) if brought is None else brought
    table, pictures = brought.table, brought.pictures
    reports: list[RowReport] = []
    came_from: dict[int, str] = {}  # works added just now, and the row of each
    # The shelf stands twice: inside, its pictures go while no other import can begin; outside,
    # they go as well when it is the writing down at the very end that fails.
    with PictureShelf(store.path.parent) as shelf, store.transaction(), shelf:
        for done, row in enumerate(table.rows, start=1):
            reports.append(_import_row(store, shelf, pictures, row, came_from))
            progress(done, len(table.rows))
    return ImportReport(path, tuple(reports), table.notes)


def _import_row(
    store: Store, shelf: PictureShelf, pictures: PictureFolder, row: Row, came_from: dict[int, str]
) -> RowReport:
    if row.problem:
        return RowReport(row.where, Outcome.REFUSED, reason=row.problem)
    if not all(is_text(name) and is_text(cell) for name, cell in row.cells.items()):
        return RowReport(row.where, Outcome.REFUSED, reason="holds half a character")
    draft, notes = _draft(row)
    if not draft.title:
        return RowReport(row.where, Outcome.SKIPPED, reason="no title")

    def refused(reason: str) -> RowReport:
        return RowReport(row.where, Outcome.REFUSED, draft.title, reason)

    picture = None
    if draft.image is not None:
        try:
            picture = pictures.find(draft.image)
            draft = replace(draft, image=shelf.name_for(picture))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            return refused(f"the picture {draft.image} cannot be read ({reason})")
    present = store.artworks.duplicate_of(draft)
    if present is not None:
        twin = came_from.get(present, f"work {present}, which is in the store already")
        return RowReport(row.where, Outcome.SKIPPED, draft.title, f"duplicate of {twin}")
    holder = None if draft.number is None else store.artworks.by_number(draft.number)
    if holder is not None:
        return refused(f"the number {draft.number} belongs to “{holder.title}” already")
    if picture is not None and draft.image is not None:
        try:
            load_picture(picture)  # only to know that it can be opened; the bytes stay as they are
        except PictureError as error:
            return refused(error.sentence)
        shelf.keep(picture, draft.image)
    artwork_id = store.artworks.add(draft)
    came_from[artwork_id] = row.where
    return RowReport(row.where, Outcome.ADDED, draft.title, id=artwork_id, notes=notes)


def _draft(row: Row) -> tuple[ArtworkDraft, tuple[str, ...]]:
    cells = CellNotes()
    language = cells.language(row.take("language"))
    draft = ArtworkDraft(
        title=clean_line(row.take("title")),
        number=clean_line(row.take("number")) or None,
        artist=clean_line(row.take("artist")),
        date=clean_line(row.take("date")),
        image=row.take("image").strip() or None,
        description=clean_text(row.take("description")),
        language=language,
        room=clean_line(row.take("room")),
        source=clean_line(row.take("source")),
        licence=clean_line(row.take("licence")),
        rights_holder=clean_line(row.take("rights_holder")),
        extra=row.others(ALL_FIELDS) | cells.kept,
    )
    return draft, (*row.notes, *cells.notes)
