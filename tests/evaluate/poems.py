"""Poem, not caption: a sentence stands in for a picture and seeks the poem that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.evaluation import Pair, evaluate
from engine.training.data import read_poems
from engine.training.reading import POEMS
from tests.evaluate.page import Subject, figures_of, table

TITLE = "Poem, not caption"
NEEDS = f"it needs {POEMS} in DATA"


def measure(subject: Subject) -> dict[str, Any] | None:
    """Captions of held-out pairs seek their poems, with training and without."""
    path = subject.file(POEMS)
    if path is None:
        return None
    from engine.model.untrained import UntrainedSentences

    pairs = [Pair(pair.poem, query=pair.caption) for pair in read_poems(path).held_out]
    untrained: Any = UntrainedSentences(subject.bundle)
    return {
        "trained": figures_of(evaluate(subject.encoder, pairs)),
        "untrained": figures_of(evaluate(untrained, pairs)),
    }


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    trained, untrained = figures["trained"], figures["untrained"]["vectors"]
    read = trained["reranked"]
    rows = [
        ("untrained sentence encoder", untrained),
        ("by vectors", trained["vectors"]),
        ("the best 50 read closely", read),
    ]
    return (
        f"{trained['pairs']:,} captions that a machine wrote for pictures of MultiM-Poem, each "
        f"seeking the poem that belongs to its picture among {trained['candidates']:,}; none of "
        "these poems was trained on. Aims, beside the untrained sentence encoder: R@20 at least "
        f"1.5 times and the median rank at most 0.6 times.\n\n{table(rows)}\n"
        f"R@20 is {read['R@20'] / untrained['R@20']:.2f} times and the median rank "
        f"{read['median_rank'] / untrained['median_rank']:.2f} times the untrained encoder's.\n"
    )
