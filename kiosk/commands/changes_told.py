"""A change in words: who, when, why, and each field as it was and as it became."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.store.records import Change

LINE_BY_LINE = ("text", "description")


def told_change(change: Change) -> Iterator[str]:
    """A line for the change, and one or more for each field."""
    when = change.at[:19].replace("T", " ")
    why = f" ({change.why})" if change.why else ""
    what = f"{change.kind} {change.subject_id}"
    who = f", by {change.who}" if change.who else ""
    yield f"Change {change.id} of {what}, {when} UTC{who}{why}:"
    for name, before in change.before.items():
        after = change.after[name]
        if name in LINE_BY_LINE:
            yield f"  {name.removeprefix('extra.')}:"
            yield from _lines(str(before or ""), str(after or ""))
        else:
            yield f"  {name.removeprefix('extra.')}: {_said(before)} → {_said(after)}"


def _said(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    return f"“{' '.join(str(value).split())}”"


def _lines(before: str, after: str) -> Iterator[str]:
    """The lines that differ, with - and + before them."""
    compared = unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    for line in list(compared)[2:]:
        if not line.startswith("@@"):
            yield f"    {line}"
