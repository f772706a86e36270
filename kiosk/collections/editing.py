"""Poems and works changed by hand, cleaned as an import cleans them; and back to what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import InputError
from kiosk.collections.fields import CellNotes
from kiosk.collections.passages import cut
from kiosk.collections.text import clean_line, clean_text, is_text
from kiosk.store.database import Store
from kiosk.store.records import Change, Kind

MUST_HOLD = {Kind.POEM: ("title", "poet", "text"), Kind.ARTWORK: ("title",)}
WHOLE_TEXTS = ("text", "description")
YEARS = ("born", "died")
EXTRA = "extra."


def edit(
    store: Store, kind: Kind, subject_id: int, wanted: Mapping[str, str], who: str, why: str = ""
) -> Change | None:
    """Give these fields these values, as somebody typed them; None where nothing changes by it.

    An empty value takes away what may be empty. Raises `InputError` for a value that is none, and
    `StoreError` where the store refuses it; then nothing was changed.
    """
    cleaned = {name: _cleaned(kind, name, value) for name, value in wanted.items()}
    return store.history.change(kind, subject_id, cleaned, who=who, why=why, cut=cut)


def with_lines(text: str, lines: Sequence[tuple[int, str]]) -> str:
    """A poem's text with other words in some of its lines; blank lines are not counted.

    Raises `InputError` for a line that is not there, and for words that are no line.
    """
    every = text.split("\n")
    printed = [at for at, line in enumerate(every) if line.strip()]
    for number, words in lines:
        if not 1 <= number <= len(printed):
            raise InputError(
                f"There is no line {number}; the poem has the lines 1 to {len(printed)}, blank "
                "ones not counted."
            )
        if not words.strip() or "\n" in words.strip("\n"):
            raise InputError(
                f"Line {number} must stay one line; to take lines away, to add some or to part "
                "stanzas, give the whole poem with --text-file."
            )
        every[printed[number - 1]] = words.strip("\n").rstrip()
    return "\n".join(every)


def restore(
    store: Store, number: int, who: str, *, before: bool = False
) -> tuple[Change, Change | None]:
    """Bring a poem or a work back to what it was right after a change (or right `before` it).

    That change, and the one that going back is; None where it is so already. Raises `InputError`
    where there is nothing to go back to, and `StoreError` as `edit`.
    """
    with store.transaction():
        to = store.history.get(number)
        if to is None:
            raise InputError(
                f"There is no change {number}; `ekphrasis history poem ID` and `ekphrasis history "
                "artwork ID` list them."
            )
        state = store.history.state_at(to, before=before)
        if state is None:
            raise InputError(
                f"The {to.kind} {to.subject_id} is not in the store any more, so it cannot be "
                "brought back to what it was; import it again."
            )
        _refuse_lost_picture(store, to, state)
        why = f"back to {'before' if before else 'after'} change {number}"
        return to, store.history.change(to.kind, to.subject_id, state, who=who, why=why, cut=cut)


def _refuse_lost_picture(store: Store, to: Change, state: Mapping[str, Any]) -> None:
    image = state.get("image")
    if image and not (store.path.parent / image).exists():
        work = store.artworks.get(to.subject_id)
        if work is not None and work.image != image:
            raise InputError(
                f"The picture that artwork {to.subject_id} had then ({image}) is not there any "
                "more; nothing was changed."
            )


def _cleaned(kind: Kind, name: str, value: str) -> Any:
    if not is_text(value):
        raise InputError(f"The new {name} holds half a character; type it again.")
    cleaned = clean_text(value) if name in WHOLE_TEXTS else clean_line(value)
    if name in MUST_HOLD[kind] and not cleaned:
        raise InputError(f"The {name} of a {kind} cannot be empty; nothing was changed.")
    if name in YEARS:
        return _year(name, cleaned)
    if name == "language":
        return _language(cleaned)
    if name == "number" or name.startswith(EXTRA):
        return cleaned or None
    return cleaned


def _year(name: str, value: str) -> int | None:
    cells = CellNotes()
    year = cells.year(name, value)
    if cells.notes:
        raise InputError(f"“{value}” is not a plain year; nothing was changed.")
    return year


def _language(value: str) -> str:
    cells = CellNotes()
    language = cells.language(value)
    if cells.notes:
        raise InputError(f"“{value}” is not a code such as “en”; nothing was changed.")
    return language
