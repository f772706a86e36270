"""How an import runs, whatever it brings: batch by batch, each batch one transaction.

1. The table has been read before: what cannot be read changes nothing.
2. Each row is prepared (no store), then judged (the store is only read), then written.
3. A trial run is the same without the third step.
4. Each batch writes its deeds into the journal in its own transaction; so a batch is there with
   its deeds or it is not, and the same file again goes on where an import was stopped.
5. Stopped by hand or killed, whole batches stay. Stopped by an error (a full disk), what this run
   did is undone, and nothing was changed.
"""

from __future__ import annotations

import getpass
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from engine.errors import KnownError
from kiosk.collections.report import ImportReport, Outcome, Progress, RowLog, RowReport
from kiosk.collections.rows import Row, RowTable
from kiosk.collections.sole_import import Reserve, sole_import
from kiosk.collections.undo import finish_undoing, take_back_since
from kiosk.store.database import Store
from kiosk.store.errors import StoreError
from kiosk.store.import_records import Action, Counts, Deed, ImportKind, ImportRecord, Subject

PART = 2**20  # bytes read at a time

Prepared = TypeVar("Prepared")


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to become of a row; a kind of import adds what it needs to do it."""

    report: RowReport


Verdict = TypeVar("Verdict", bound=Judged)


class Importing(Protocol[Prepared, Verdict]):
    """What differs between importing poems and importing artworks."""

    kind: ImportKind
    subject: Subject
    batch: int  # rows in one transaction

    def prepare(self, row: Row) -> Prepared:
        """All that can be known of a row without the store."""
        ...

    def judge(self, rows: Sequence[Prepared]) -> list[Verdict]:
        """What is to become of these rows, which follow those that were judged before."""
        ...

    def write(self, verdicts: Sequence[Verdict]) -> tuple[list[RowReport], list[Deed]]:
        """Do it. Their reports, now with the ids of what was added, and what was done."""
        ...

    def around(self) -> AbstractContextManager[object]:
        """Entered around a batch's transaction; takes back what is outside of the store."""
        ...


def run_import(
    store: Store,
    work: Importing[Prepared, Verdict],
    source: Path,
    table: RowTable,
    progress: Progress,
    *,
    trial: bool = False,
    called: str = "",
) -> ImportReport:
    """Import the rows of a table, or (`trial`) only tell what would be done.

    It is `called` so in reports and in the journal; by its path where nothing is given. Raises
    `StoreError` where the store cannot be written; then nothing was changed.
    """
    log = RowLog()
    called = called or str(source)
    if trial:
        for rows in _batches(table.rows, work.batch):
            with store.snapshot():
                verdicts = work.judge([work.prepare(row) for row in rows])
            for verdict in verdicts:
                log.append(verdict.report)
                progress(len(log), len(table.rows))
        return ImportReport(called, log, table.notes, dry=True)
    with sole_import(store):
        finish_undoing(store)
        record = store.imports.unfinished(work.kind, digest := digest_of(source))
        run = _Run(store, work, called, digest, len(table.rows), log, record)
        reserve = Reserve(store.path.parent)
        try:
            for rows in _batches(table.rows, work.batch):
                run.batch(rows, progress)
            run.finish()
        except Exception as error:
            reserve.release()
            run.take_back(error)
            raise
        finally:
            reserve.release()
    number = None if run.record is None else run.record.id
    return ImportReport(called, log, table.notes, number=number, went_on=record is not None)


class _Run:
    """One run of an import, which may go on with what an earlier run left to do."""

    def __init__(
        self,
        store: Store,
        work: Importing[Prepared, Verdict],
        called: str,
        digest: str,
        total: int,
        log: RowLog,
        record: ImportRecord | None,
    ) -> None:
        self._store = store
        self._work = work
        self._called = called
        self._digest = digest
        self._total = total
        self._log = log
        self.record = record
        self._counts_before = Counts() if record is None else record.counts
        self._last_before = 0 if record is None else store.imports.last_deed(record.id)

    def batch(self, rows: Sequence[Row], progress: Progress) -> None:
        """Prepare, judge and write some rows, all of them or none."""
        prepared = []
        for row in rows:
            prepared.append(self._work.prepare(row))
            progress(len(self._log) + len(prepared), self._total)
        record = self.record
        with self._work.around(), self._store.transaction():
            verdicts = self._work.judge(prepared)
            reports, deeds = self._work.write(verdicts)
            reports = self._as_before(reports)
            if record is None and deeds:
                record = self._store.imports.begin(
                    self._work.kind, self._called, self._digest, self._total, _who()
                )
            if record is not None:
                self._store.imports.keep(record.id, deeds, self._counts(reports))
        self.record = record
        for report in reports:
            self._log.append(report)

    def finish(self) -> None:
        """All rows are behind us."""
        if self.record is not None:
            self._store.imports.finish(self.record.id)

    def take_back(self, error: Exception) -> None:
        """Undo what this run did, because of `error`.

        Raises `StoreError` where not even that can be done.
        """
        if self.record is None:
            return
        try:
            take_back_since(self._store, self.record.id, self._last_before, self._counts_before)
        except KnownError:
            first = error.sentence if isinstance(error, KnownError) else f"An error ({error})."
            first = first.replace("nothing was changed", "the import stopped")
            number = self.record.id
            raise StoreError(
                f"{first} It could not be taken back either, so whole batches of it are in the "
                f"store. Then run the import again to complete it, or `ekphrasis imports undo "
                f"{number}` to take it back."
            ) from error

    def _counts(self, fresh: Iterable[RowReport]) -> Counts:
        count = self._log.count
        outcomes = [report.outcome for report in fresh]
        return Counts(
            len(self._log) + len(outcomes),
            *(
                count(outcome) + outcomes.count(outcome)
                for outcome in (Outcome.ADDED, Outcome.CHANGED, Outcome.SKIPPED, Outcome.REFUSED)
            ),
        )

    def _as_before(self, reports: list[RowReport]) -> list[RowReport]:
        """The reports of an import that goes on: what an earlier run did with a row counts."""
        if self._last_before == 0 or self.record is None:
            return reports
        ids = [one.id for one in reports if one.outcome is Outcome.SKIPPED and one.id is not None]
        done = self._store.imports.done_with(self.record.id, self._work.subject, ids)
        outcomes = {Action.ADDED: Outcome.ADDED, Action.CHANGED: Outcome.CHANGED}
        return [
            replace(report, outcome=outcomes[done[report.id].action], reason="")
            if report.id in done and done[report.id].place == report.where
            else report
            for report in reports
        ]


def digest_of(source: Path) -> str:
    """SHA-256 of a file's bytes, or of what the files of a folder are called and when each changed.

    What can be read only once (a pipe) is never the same again.
    """
    digest = hashlib.sha256()
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            told = path.lstat()
            name = str(path.relative_to(source))
            digest.update(f"{name}\0{told.st_size}\0{told.st_mtime_ns}\0".encode(errors="replace"))
    elif source.is_file():
        with source.open("rb") as file:
            while part := file.read(PART):
                digest.update(part)
    else:
        digest.update(uuid.uuid4().bytes)
    return digest.hexdigest()


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def _who() -> str:
    """Whoever is logged in; "" where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
