"""Poems from a table or a folder into the store, batch by batch (see `importing`).

A poem may stand in many books, so a table that has a poem again only says what was not known of it
yet: its language, a gloss, the poet's years. With `update` the table is the better one: its title,
text, source and all else take the place of what is there. Empty cells say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kiosk.collections.fields import (
    LICENCE,
    LICENCE_PERHAPS,
    RIGHTS_HOLDER,
    UNKNOWN_LANGUAGE,
    CellNotes,
)
from kiosk.collections.importing import Judged, run_import
from kiosk.collections.passages import cut
from kiosk.collections.poem_reading import read_poems
from kiosk.collections.report import ImportReport, Outcome, Progress, RowReport, no_progress
from kiosk.collections.rows import Row, require_columns
from kiosk.collections.seen import Seen
from kiosk.collections.text import clean_line, clean_text, is_text
from kiosk.store.database import Store
from kiosk.store.extra_fields import MODEL_NOTES
from kiosk.store.import_records import Action, Deed, ImportKind, Subject
from kiosk.store.poem_writing import Years, poem_identity
from kiosk.store.records import PassageCut, Poem, PoemDraft

COLUMNS = (
    *("title", "author", "poet", "text", "language", "born", "died", "source"),
    *LICENCE,
    *RIGHTS_HOLDER,
)
UNKNOWN_POET = "Unknown"
BATCH = 500  # rows
FOUND_BY = ("text", "language", *MODEL_NOTES)  # what passages are made and found from


def import_poems(
    store: Store,
    path: Path,
    progress: Progress = no_progress,
    *,
    trial: bool = False,
    update: bool = False,
    called: str = "",
) -> ImportReport:
    """Add the poems of a file or folder, whatever its format, in batches.

    Rows without a text and duplicates are left alone and reported; the rest of the row's columns
    are kept in `extra`. With `trial` nothing is written. The journal has it by its path, or as it
    is `called`. Raises `InputError` for an unreadable table or missing columns, and `StoreError`
    for a full disk; then nothing was changed.
    """
    table = read_poems(path)
    if any(not row.problem for row in table.rows) or not table.rows:
        require_columns(table, ("title",), ("author", "poet"), ("text",))
    return run_import(
        store, PoemImport(store, update), path, table, progress, trial=trial, called=called
    )


@dataclass(frozen=True, slots=True)
class _Prepared:
    where: str
    draft: PoemDraft | None = None  # None: the row's fate is settled
    fate: RowReport | None = None
    notes: tuple[str, ...] = ()
    identity: str = ""
    says: frozenset[str] = frozenset()  # the fields of the draft that the table itself names


@dataclass(frozen=True, slots=True)
class PoemVerdict(Judged):
    """A row's fate, and what it takes."""

    draft: PoemDraft | None = None  # of a poem to be added
    present: Poem | None = None  # the poem to be changed
    values: dict[str, Any] = field(default_factory=dict)
    passages: Sequence[PassageCut] | None = None
    years: Years | None = None


class PoemImport:
    """What importing poems means."""

    kind = ImportKind.POEMS
    subject = Subject.POEM
    batch = BATCH

    def __init__(self, store: Store, update: bool) -> None:
        self._store = store
        self._update = update
        self._seen = Seen()  # poems of this table by identity, and the row of each

    def around(self) -> AbstractContextManager[object]:
        """Poems are nowhere but in the store."""
        return nullcontext()

    def prepare(self, row: Row) -> _Prepared:
        """The row's draft, or why there is none."""
        if row.problem:
            fate = RowReport(row.where, Outcome.REFUSED, reason=row.problem)
            return _Prepared(row.where, fate=fate)
        if not all(is_text(name) and is_text(cell) for name, cell in row.cells.items()):
            fate = RowReport(row.where, Outcome.REFUSED, reason="holds half a character")
            return _Prepared(row.where, fate=fate)
        draft, notes = _draft(row)
        if not draft.text:
            fate = RowReport(row.where, Outcome.SKIPPED, draft.title, "no text")
            return _Prepared(row.where, fate=fate)
        says = frozenset(name for name in ("title", "language", "source") if row.take(name))
        return _Prepared(row.where, draft, None, notes, poem_identity(draft), says)

    def judge(self, rows: Sequence[_Prepared]) -> list[PoemVerdict]:
        """New, the same as one that is there, or one that the table knows more of."""
        present = self._store.poems.find({row.identity for row in rows if row.draft is not None})
        return [self._judge(row, present.get(row.identity)) for row in rows]

    def _judge(self, row: _Prepared, present: Poem | None) -> PoemVerdict:
        if row.draft is None or row.fate is not None:
            return PoemVerdict(row.fate or RowReport(row.where, Outcome.SKIPPED))
        twin = self._seen.first(row.identity, row.where)
        report = RowReport(row.where, Outcome.ADDED, row.draft.title, notes=row.notes)
        if twin != row.where:
            return PoemVerdict(
                replace(report, outcome=Outcome.SKIPPED, reason=f"duplicate of {twin}", notes=())
            )
        if present is None:
            return PoemVerdict(report, row.draft, passages=cut(row.draft.text))
        report = replace(report, id=present.id)
        values = self._news(row.draft, row.says, present)
        years = _new_years(row.draft, present)
        if not values and years is None:
            reason = f"duplicate of poem {present.id}, which is in the store already"
            return PoemVerdict(replace(report, outcome=Outcome.SKIPPED, reason=reason, notes=()))
        told = _told(values, present, years)
        return PoemVerdict(
            replace(
                report, outcome=Outcome.CHANGED, reason=f"{', '.join(told)} of poem {present.id}"
            ),
            present=present,
            values=values,
            passages=cut(values.get("text", present.text)) if set(told) & set(FOUND_BY) else None,
            years=years,
        )

    def _news(self, draft: PoemDraft, says: frozenset[str], present: Poem) -> dict[str, Any]:
        """The columns of the poem that the table knows more of, and what it says."""
        values: dict[str, Any] = {}
        language = draft.language if "language" in says else UNKNOWN_LANGUAGE
        unknown = present.language == UNKNOWN_LANGUAGE
        if language not in (UNKNOWN_LANGUAGE, present.language) and (unknown or self._update):
            values["language"] = language
        if draft.source and not present.source and draft.text == present.text:
            values["source"] = draft.source  # of another printing it would not be true
        for name in ("licence", "rights_holder"):
            said, known = getattr(draft, name), getattr(present, name)
            if said and said != known and (not known or self._may_update_rights(present)):
                values[name] = said
        extra = draft.extra | present.extra
        if self._update:
            extra = present.extra | draft.extra
            values |= {
                name: getattr(draft, name)
                for name in ("title", "source")
                if name in says and getattr(draft, name) != getattr(present, name)
            }
            if draft.text != present.text:
                values["text"] = draft.text
        if extra != present.extra:
            values["extra"] = extra
        return values

    def _may_update_rights(self, present: Poem) -> bool:
        """What a person confirmed, or wrote while confirming, is not for a table to change."""
        return self._update and not present.confirmed_by

    def write(self, verdicts: Sequence[PoemVerdict]) -> tuple[list[RowReport], list[Deed]]:
        """Add and change poems."""
        fresh = [one for one in verdicts if one.draft is not None]
        added = self._store.poems.add_many(
            [(one.draft, one.passages or ()) for one in fresh if one.draft is not None]
        )
        ids = iter(added.ids)
        reports: list[RowReport] = []
        deeds = [
            Deed(fresh[place].report.where, Action.CHANGED, Subject.POET, poet_id, {**before})
            for place, poet_id, before in added.years
        ]
        for one in verdicts:
            report = one.report
            if one.draft is not None:
                report = replace(report, id=next(ids))
                deeds.append(Deed(report.where, Action.ADDED, Subject.POEM, report.id or 0))
            elif one.present is not None:
                deeds += self._change(report.where, one.present, one)
            reports.append(report)
        return reports, deeds

    def _change(self, where: str, poem: Poem, verdict: PoemVerdict) -> list[Deed]:
        deeds = []
        before = self._store.poems.change(poem.id, verdict.values, verdict.passages)
        # A poet's years alone change the poem as well: it is told with them.
        deeds.append(Deed(where, Action.CHANGED, Subject.POEM, poem.id, before))
        if verdict.years is not None:
            years = self._store.poems.fill_years(poem.poet.id, verdict.years)
            if years is not None:
                deeds.append(Deed(where, Action.CHANGED, Subject.POET, poem.poet.id, {**years}))
        return deeds


def _new_years(draft: PoemDraft, present: Poem) -> Years | None:
    """The years of the poet where the draft knows one that the store does not, and none differs."""
    poet = present.poet
    for known, said in ((poet.born, draft.born), (poet.died, draft.died)):
        if known is not None and said is not None and known != said:
            return None
    if (poet.born is None and draft.born is not None) or (
        poet.died is None and draft.died is not None
    ):
        return Years(born=draft.born, died=draft.died)
    return None


def _told(values: dict[str, Any], present: Poem, years: Years | None) -> list[str]:
    """What is changed, as a person would call it."""
    told = [name for name in values if name != "extra"]
    extra = values.get("extra", present.extra)
    told += [name for name in extra if extra[name] != present.extra.get(name)]
    return told + (["the poet's years"] if years is not None else [])


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
