"""An import undone as a whole, batch by batch, so that it may be interrupted and gone on with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from engine.errors import InputError
from kiosk.collections.pictures import DoubtfulPictures
from kiosk.collections.report import Progress, no_progress
from kiosk.collections.sole_import import sole_import
from kiosk.store.database import Store
from kiosk.store.import_records import Counts, ImportKind, ImportRecord, ImportState, Obstacle

TOLD = 10  # obstacles named before "and n more"


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What became of it."""

    number: int
    kind: ImportKind
    undone: int  # things that are as they were before
    spared: tuple[Obstacle, ...]  # things that stay, since something hangs on them


def undo_import(
    store: Store, number: int, progress: Progress = no_progress, *, spare: bool = False
) -> UndoReport:
    """Remove what an import added and give what it changed its earlier values back.

    Where a docent's decision, a later import or an edit hangs on anything of it, nothing is undone
    and `InputError` says what it is; with `spare` these things stay and the rest is undone.
    Interrupted, it is gone on with by the same call. Raises `StoreError` if there is no such
    import.
    """
    with sole_import(store):
        record = store.imports.get(number)
        if record is None:
            raise InputError(
                f"There is no import {number}; `ekphrasis imports list` shows what there is."
            )
        if record.state is ImportState.UNDONE:
            raise InputError(f"Import {number} was undone already.")
        if not spare and record.state is not ImportState.UNDOING:
            _refuse_obstacles(store, record)
        undone, spared = take_back(store, number, progress)
        store.imports.undone(number)
    return UndoReport(number, record.kind, undone, spared)


def take_back(
    store: Store, number: int, progress: Progress = no_progress, *, after: int = 0
) -> tuple[int, tuple[Obstacle, ...]]:
    """Undo the deeds of an import that came after the deed `after`: how many, and what stays."""
    total = done = 0
    if progress is not no_progress:
        total = sum(1 for _ in store.imports.deeds(number))
    spared: list[Obstacle] = []
    cursor: int | None = None
    doubtful = DoubtfulPictures(store.path.parent)
    while (
        step := store.imports.undo_step(number, doubtful.write, after=after, cursor=cursor)
    ).handled:
        doubtful.remove(step.pictures)
        cursor = step.cursor
        spared += step.spared
        done += step.handled
        progress(done, max(total, done))
        store.settle()
    return done - len(spared), tuple(spared)


def finish_undoing(store: Store) -> None:
    """Complete what stopped on its way back. Only within `sole_import`."""
    for record in store.imports.half_undone():
        take_back(store, record.id)
        store.imports.undone(record.id)


def take_back_since(store: Store, number: int, after: int, counts: Counts) -> None:
    """Undo what one run of an import did, so that the store is as it was before that run."""
    take_back(store, number, after=after)
    if after:
        store.imports.rewind(number, counts)
    else:
        store.imports.forget(number)


def _refuse_obstacles(store: Store, record: ImportRecord) -> None:
    found = store.imports.obstacles(record.id)
    first = list(islice(found, TOLD))
    if not first:
        return
    more = sum(1 for _ in found)
    told = "; ".join(tell(obstacle) for obstacle in first)
    raise InputError(
        f"Import {record.id} was not undone, nothing was changed: {told}"
        f"{f'; and {more} more' if more else ''}. With --spare these stay and the rest is undone."
    )


def tell(obstacle: Obstacle) -> str:
    """What stays, and why."""
    deed = obstacle.deed
    return f"{deed.subject} {deed.subject_id} (“{obstacle.title}”): {obstacle.reason}"
