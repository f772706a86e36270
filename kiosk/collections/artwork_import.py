"""Artworks from a table, with their pictures, into the store, batch by batch (see `importing`).

A table of works is the museum's own record: what it says of a work that is there already takes the
place of what was known. Empty cells say nothing. Which work a row means is told by title, artist
and date, or by the number on the label where the title, or artist and date, agree with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.errors import PictureError
from engine.picture import load_picture
from kiosk.collections.artwork_reading import Artworks, read_artworks
from kiosk.collections.fields import CellNotes
from kiosk.collections.importing import Judged, run_import
from kiosk.collections.mapping import ALL_FIELDS
from kiosk.collections.picture_folder import PictureFolder
from kiosk.collections.pictures import PictureShelf
from kiosk.collections.report import ImportReport, Outcome, Progress, RowReport, no_progress
from kiosk.collections.rows import Row
from kiosk.collections.seen import Seen
from kiosk.collections.text import clean_line, clean_text, is_text
from kiosk.store.artworks import number_key, same_work
from kiosk.store.database import Store
from kiosk.store.import_records import Action, Deed, ImportKind, Subject
from kiosk.store.normal import identity_digest, identity_key
from kiosk.store.records import Artwork, ArtworkDraft

BATCH = 20  # rows; their pictures are copied within the transaction
RIGHTS = ("source", "licence", "rights_holder")
# Taken as they are.
PLAIN = ("number", "title", "artist", "date", "image", "description", "room", *RIGHTS)


def import_artworks(
    store: Store,
    path: Path,
    progress: Progress = no_progress,
    brought: Artworks | None = None,
    *,
    trial: bool = False,
    called: str = "",
) -> ImportReport:
    """Add the works of a table, or change those that it says something new of, in batches.

    `brought` is what was read already, of the same path, by somebody who had more to say of it.

    The original picture files are copied to the folder of the store. A row whose picture cannot
    be opened is refused with the reason; a row without a picture is a work known in words only.
    With `trial` nothing is written. The journal has it by its path, or as it is `called`. Raises
    `InputError` for an unreadable table or missing columns, and `StoreError` for a full disk; then
    nothing was changed, and the pictures copied so far are removed again.
    """
    brought = read_artworks(path) if brought is None else brought
    work = ArtworkImport(store, brought.pictures)
    return run_import(store, work, path, brought.table, progress, trial=trial, called=called)


@dataclass(frozen=True, slots=True)
class _Prepared:
    where: str
    draft: ArtworkDraft | None = None  # None: the row's fate is settled
    fate: RowReport | None = None
    notes: tuple[str, ...] = ()
    picture: Path | None = None  # to be copied to `draft.image`
    says_language: bool = False


@dataclass(frozen=True, slots=True)
class ArtworkVerdict(Judged):
    """A row's fate, and what it takes."""

    draft: ArtworkDraft | None = None  # of a work to be added
    present: Artwork | None = None  # the work to be changed
    values: dict[str, Any] = field(default_factory=dict)
    picture: Path | None = None  # to be kept as `image`
    image: str | None = None


@dataclass(frozen=True, slots=True)
class _Twin:
    """What tells works of the same title, artist and date apart, and the row that it stands in."""

    number: str | None
    image: str | None
    where: str

    def written(self) -> str:
        return json.dumps([self.number, self.image, self.where])

    @classmethod
    def read(cls, written: str) -> _Twin:
        return cls(*json.loads(written))


class ArtworkImport:
    """What importing artworks means."""

    kind = ImportKind.ARTWORKS
    subject = Subject.ARTWORK
    batch = BATCH

    def __init__(self, store: Store, pictures: PictureFolder) -> None:
        self._store = store
        self._pictures = pictures
        self._shelf = PictureShelf(store.path.parent)
        # Of this table: works by identity and by number, and the rows that meant a work of before.
        self._same = Seen()
        self._numbers = Seen()
        self._meant = Seen()

    def around(self) -> AbstractContextManager[object]:
        """Pictures that a batch copied go where the batch is not written."""
        self._shelf = PictureShelf(self._store.path.parent)
        return self._shelf

    def prepare(self, row: Row) -> _Prepared:
        """The row's draft, its picture found and opened, or why there is none."""

        def settled(outcome: Outcome, reason: str, title: str = "") -> _Prepared:
            return _Prepared(row.where, fate=RowReport(row.where, outcome, title, reason))

        if row.problem:
            return settled(Outcome.REFUSED, row.problem)
        if not all(is_text(name) and is_text(cell) for name, cell in row.cells.items()):
            return settled(Outcome.REFUSED, "holds half a character")
        draft, notes = _draft(row)
        if not draft.title:
            return settled(Outcome.SKIPPED, "no title")
        picture = None
        if draft.image is not None:
            try:
                picture = self._pictures.find(draft.image)
                draft = replace(draft, image=self._shelf.name_for(picture))
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                return settled(
                    Outcome.REFUSED,
                    f"the picture {draft.image} cannot be read ({why})",
                    draft.title,
                )
            if not self._shelf.has(draft.image or ""):
                try:
                    load_picture(picture)  # only to know that it opens; the bytes stay as they are
                except PictureError as error:
                    return settled(Outcome.REFUSED, error.sentence, draft.title)
        return _Prepared(row.where, draft, None, notes, picture, bool(row.take("language")))

    def judge(self, rows: Sequence[_Prepared]) -> list[ArtworkVerdict]:
        """New, the same as one that is there, or one that the table says something new of."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: _Prepared) -> ArtworkVerdict:
        draft = row.draft
        if draft is None or row.fate is not None:
            return ArtworkVerdict(row.fate or RowReport(row.where, Outcome.SKIPPED))
        report = RowReport(row.where, Outcome.ADDED, draft.title, notes=row.notes)

        def left(outcome: Outcome, reason: str, own_id: int | None = None) -> ArtworkVerdict:
            fate = replace(report, outcome=outcome, reason=reason, notes=(), id=own_id)
            return ArtworkVerdict(fate)

        identity = identity_digest(draft.title, draft.artist, draft.date)
        twins = map(_Twin.read, self._same.get(identity))
        twin = next((one.where for one in twins if same_work(draft, one)), None)
        if twin is not None:
            return left(Outcome.SKIPPED, f"duplicate of {twin}")
        key = number_key(draft.number)
        holder = next(iter(self._numbers.get(key or "")), None)
        present = self._present(draft)
        if holder is None and key is not None:
            there = self._store.artworks.by_number(key)
            if there is not None and (present is None or there.id != present.id):
                holder = there.title
        if holder is not None:
            reason = f"the number {draft.number} belongs to “{holder}” already"
            return left(Outcome.REFUSED, reason)
        if present is not None and (meant := self._meant.get(str(present.id))):
            return left(Outcome.SKIPPED, f"duplicate of {meant[0]}", present.id)
        self._same.add(identity, _Twin(draft.number, draft.image, row.where).written())
        if key is not None:
            self._numbers.add(key, draft.title)
        if present is None:
            return ArtworkVerdict(report, draft, picture=row.picture, image=draft.image)
        self._meant.add(str(present.id), row.where)
        values = _news(draft, present, says_language=row.says_language)
        if not values:
            reason = f"duplicate of work {present.id}, which is in the store already"
            verdict = left(Outcome.SKIPPED, reason, present.id)
            if draft.image is None or self._shelf.has(draft.image):
                return verdict
            return replace(verdict, picture=row.picture, image=draft.image)  # the copy was lost
        told = [name for name in values if name != "extra"]
        extra = values.get("extra", present.extra)
        told += [name for name in extra if extra[name] != present.extra.get(name)]
        report = replace(report, id=present.id, reason=f"{', '.join(told)} of work {present.id}")
        return ArtworkVerdict(
            replace(report, outcome=Outcome.CHANGED),
            present=present,
            values=values,
            picture=row.picture if "image" in values else None,
            image=draft.image,
        )

    def _present(self, draft: ArtworkDraft) -> Artwork | None:
        """The work of the store that a row means, or None."""
        own_id = self._store.artworks.duplicate_of(draft)
        if own_id is not None:
            return self._store.artworks.get(own_id)
        holder = None if draft.number is None else self._store.artworks.by_number(draft.number)
        return holder if holder is not None and _agree(draft, holder) else None

    def write(self, verdicts: Sequence[ArtworkVerdict]) -> tuple[list[RowReport], list[Deed]]:
        """Copy pictures, add and change works."""
        reports: list[RowReport] = []
        deeds: list[Deed] = []
        self._shelf.expect([one.image for one in verdicts if one.picture and one.image])
        for one in verdicts:
            report = one.report
            if one.picture is not None and one.image is not None:
                self._shelf.keep(one.picture, one.image)
            if one.draft is not None:
                report = replace(report, id=self._store.artworks.add(one.draft))
                deeds.append(Deed(report.where, Action.ADDED, Subject.ARTWORK, report.id or 0))
            elif one.present is not None:
                before = self._store.artworks.change(one.present.id, one.values)
                deeds.append(
                    Deed(report.where, Action.CHANGED, Subject.ARTWORK, one.present.id, before)
                )
            reports.append(report)
        return reports, deeds


def _agree(draft: ArtworkDraft, work: Artwork) -> bool:
    """Whether two works of the same number are the same, with one thing about it corrected."""
    if identity_key(draft.title) == identity_key(work.title):
        return True
    artists = identity_key(draft.artist), identity_key(work.artist)
    dates = identity_key(draft.date), identity_key(work.date)
    return bool(artists[0]) and artists[0] == artists[1] and dates[0] == dates[1]


def _news(draft: ArtworkDraft, work: Artwork, *, says_language: bool) -> dict[str, Any]:
    """The columns of the work that the table says something else of, and what it says."""
    values: dict[str, Any] = {
        name: getattr(draft, name)
        for name in PLAIN
        if getattr(draft, name)
        and getattr(draft, name) != getattr(work, name)
        # What a person confirmed, or wrote while confirming, is not for a table to change.
        and not (name in RIGHTS and work.confirmed_by and getattr(work, name))
    }
    if says_language and draft.language != work.language:
        values["language"] = draft.language
    extra = work.extra | draft.extra
    if extra != work.extra:
        values["extra"] = extra
    return values


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
