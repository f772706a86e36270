"""Whether the reasons that a visitor hears are so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.progress import Told
from kiosk.why_checked import as_json, as_markdown, check_kiosk
from tests.evaluate.page import Subject

TITLE = "Why this poem"
NEEDS = "it needs nothing but the starter paintings and the anthology"


def measure(subject: Subject) -> dict[str, Any]:
    """What hiding the named line or subject costs, beside hiding another."""
    with Told() as told:
        found = check_kiosk(subject.settings, told)
    return {"told": as_markdown(found), "all": as_json(found)}


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    return (
        "What is named of a poem, a line or the words that carry a subject, is hidden from "
        "the model, and the score falls by so much on average; beside it the same for another line "
        "or subject, drawn by seed, and for all others "
        "([decision 0020](decisions/0020-why-this-poem.md); `ekphrasis evaluate --reasons`). "
        "“As named” is true by construction, since what costs most is what is named; the rows that "
        "choose by one means and measure by another are not.\n\n"
        f"{figures['told']}\n"
    )
