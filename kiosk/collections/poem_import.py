"""Poems from a table or a folder into the store: all of them, or none."""

from __future__ import annotations

from pathlib import Path

from kiosk.collections.fields import LICENCE, LICENCE_PERHAPS, RIGHTS_HOLDER, CellNotes
from kiosk.collections.passages import cut
from kiosk.collections.poem_reading import read_poems
from kiosk.collections.report import ImportReport, Outcome, Progress, RowReport, no_progress
from kiosk.collections.rows import Row, require_columns
from kiosk.collections.text import clean_line, clean_text, is_text
from kiosk.store.database import Store
from kiosk.store.records import PoemDraft

COLUMNS = (
    *("title", "author", "poet", "text", "language", "born", "died", "source"),
    *LICENCE,
    *RIGHTS_HOLDER,
)
UNKNOWN_POET = "Unknown"


def import_poems(store: Store, path: Path, progress: Progress = no_progress) -> ImportReport:
    """Add the poems of a file or folder, whatever its format, in one transaction.

    Rows without a text and duplicates are skipped and reported; the rest of the row's columns
    are kept in `extra`. Raises `InputError` for an unreadable table or missing columns, and
    `StoreError` for a full disk; then nothing was changed.
    """
    table = read_poems(path)
    if any(not row.problem for row in table.rows) or not table.rows:
        require_columns(table, ("title",), ("author", "poet"), ("text",))
    reports: list[RowReport] = []
    came_from: dict[int, str] = {}  # poems added just now, and the row of each
    with store.transaction():
        for done, row in enumerate(table.rows, start=1):
            reports.append(_import_row(store, row, came_from))
            progress(done, len(table.rows))
    return ImportReport(path, tuple(reports), table.notes)


def _import_row(store: Store, row: Row, came_from: dict[int, str]) -> RowReport:
    if row.problem:
        return RowReport(row.where, Outcome.REFUSED, reason=row.problem)
    if not all(is_text(name) and is_text(cell) for name, cell in row.cells.items()):
        return RowReport(row.where, Outcome.REFUSED, reason="holds half a character")
    draft, notes = _draft(row)
    if not draft.text:
        return RowReport(row.where, Outcome.SKIPPED, draft.title, "no text")
    present = store.poems.duplicate_of(draft)
    if present is not None:
        twin = came_from.get(present, f"poem {present}, which is in the store already")
        return RowReport(row.where, Outcome.SKIPPED, draft.title, f"duplicate of {twin}")
    poem_id = store.poems.add(draft, cut(draft.text))
    came_from[poem_id] = row.where
    return RowReport(row.where, Outcome.ADDED, draft.title, id=poem_id, notes=notes)


def _draft(row: Row) -> tuple[PoemDraft, tuple[str, ...]]:
    cells = CellNotes()
    text = clean_text(row.take("text"))
    title = clean_line(row.take("title"))
    poet = clean_line(row.take("poet", "author"))
    born = cells.year("born", row.take("born"))
    died = cells.year("died", row.take("died"))
    language = cells.language(row.take("language"))
    if text and not title:
        title = text.split("\n")[0].strip()
        cells.notes.append("no title; its first line stands for it")
    if text and not poet:
        poet = UNKNOWN_POET
        cells.notes.append(f"no poet; entered as “{UNKNOWN_POET}”")
    draft = PoemDraft(
        title=title,
        poet=poet,
        text=text,
        born=born,
        died=died,
        language=language,
        source=clean_line(row.take("source")),
        licence=clean_line(row.take(*LICENCE, *LICENCE_PERHAPS)),
        rights_holder=clean_line(row.take(*RIGHTS_HOLDER)),
        extra=row.others(COLUMNS) | _second_name(row, poet) | cells.kept,
    )
    return draft, (*row.notes, *cells.notes)


def _second_name(row: Row, poet: str) -> dict[str, str]:
    """An `author` beside a `poet` that says something else is another column, kept as it is."""
    author = row.take("author")
    return {"author": author} if author and clean_line(author) != poet else {}
