"""Words alone: poems that are sought by the titles their poets gave them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.evaluation import Pair, evaluate
from engine.training.data import read_titled_poems
from engine.training.reading import TITLED
from engine.training.titles import read_titles
from tests.evaluate.page import Subject, figures_of, table

TITLE = "Words alone: poems by their own titles"
NEEDS = f"it needs {TITLED} in DATA"
LISTS = Path(__file__).parents[2] / "data" / "titles"
SEED = 11
ASKED = 300  # of the held-out titles; long poems take their time
UNSEEN = (  # remarks as museums make them, of which no training has read one
    "Acquired from the estate of {who}, it has been on view since {year}.",
    "Critics in {where} called the work a triumph of color.",
    "The painter, who never married, lived in {where} until {year}.",
    "Executed in thin glazes, it was relined in {year}.",
    "This canvas is among the masterpieces of the later nineteenth century.",
    "The title was given by a dealer after the artist's death in {year}.",
    "Long thought to be a copy, it is now accepted as by {who}.",
    "The art movement to which {who} belonged rejected historical subjects.",
    "Bequest of {who}.",
    "Its meaning can be found in the religious debates of {where}.",
)


def measure(subject: Subject) -> dict[str, Any] | None:
    """Held-out titles seek their poems, alone and before remarks, with training and without."""
    path = subject.file(TITLED)
    if path is None:
        return None
    from engine.model.untrained import UntrainedSentences

    lists = replace(read_titles(LISTS), remarks=UNSEEN)
    draw = random.Random(SEED)  # noqa: S311 - a draw
    held_out = read_titled_poems(path).held_out[:ASKED]
    told = {
        "alone": [Pair(poem, query=title) for title, poem in held_out],
        "remarked": [Pair(poem, query=lists.remarked(title, draw)) for title, poem in held_out],
    }
    untrained: Any = UntrainedSentences(subject.bundle)
    return {
        name: {
            "trained": figures_of(evaluate(subject.encoder, pairs)),
            "untrained": figures_of(evaluate(untrained, pairs)),
        }
        for name, pairs in told.items()
    }


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    alone = figures["alone"]["trained"]
    return (
        f"{alone['pairs']:,} titles of poems by poets of all times, each seeking its poem among "
        f"{alone['candidates']:,}; no training has read them. A volunteer who types in a work's "
        "title asks like this. Below, one to four remarks stand behind each title, of owners, "
        "places and years, as museums write them; none of those was trained on either.\n\n"
        f"{table(_rows(figures))}"
    )


def _rows(figures: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, float]]]:
    return [
        row
        for name, behind in (("alone", ""), ("remarked", ", with remarks"))
        for row in (
            (f"untrained sentence encoder{behind}", figures[name]["untrained"]["vectors"]),
            (f"by vectors{behind}", figures[name]["trained"]["vectors"]),
            (f"the best 50 read closely{behind}", figures[name]["trained"]["reranked"]),
        )
    ]
