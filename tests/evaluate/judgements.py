"""Poems for paintings, as a reader judged them; picture, words, and both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.judgements.figures import as_markdown
from kiosk.judgements.figures import measure as measure_judged
from tests.evaluate.page import Subject

TITLE = "Poems for paintings, as judged"
NEEDS = "it needs nothing but the starter paintings and the anthology"


def measure(subject: Subject) -> dict[str, Any]:
    """Every method on the judgements of data/judgements."""
    found = measure_judged(subject.settings)
    return {"told": as_markdown(found), "all": found.to_json()}


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    return (
        "One reader judged English poems for the starter paintings, without knowing which method "
        "had brought them up ([how](../data/judgements/README.md); `ekphrasis judge figures`). The "
        "words are title, artist, date and the starter description. Poems are read with the "
        "subjects that are noted of them, by the same hand as the judgements "
        "([decision 0022](decisions/0022-what-people-wrote.md)).\n\n"
        f"{figures['told']}\n"
    )
