"""Tables 1 and 2 of the paper, as printed (Electronics 2022, 11(8), 1275, Section 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KS = (1, 5, 20)
COLUMNS = ("R@1", "R@5", "R@20", "mean_rank", "median_rank")
DRAWN = 100  # poems among which Table 2 ranks


@dataclass(frozen=True, slots=True)
class Method:
    """A row of both tables."""

    key: str  # as on the command line
    name: str  # as printed
    share: int  # percent of the training data
    recipe: str  # of `ekphrasis train`; its run is where the row's bundle is looked for


METHODS = (
    Method("zero-shot", "CLIP zero-shot", 0, "clip-zero-shot"),
    Method("few-shot", "CLIP few-shot", 20, "clip-few-shot"),
    Method("supervised", "CLIP fully supervised", 100, "clip-supervised"),
    Method("ce-clip", "CE-CLIP", 100, "paper"),
)


def _figures(*values: float) -> Mapping[str, float]:
    return dict(zip(COLUMNS, values, strict=True))


# Retrieval@1, 5 and 20 in percent, mean rank, median rank.
PUBLISHED: Mapping[int, Mapping[str, Mapping[str, float]]] = {
    1: {
        "zero-shot": _figures(10.9, 25.1, 40.5, 139.9, 42),
        "few-shot": _figures(12.0, 27.7, 44.3, 116.3, 31),
        "supervised": _figures(13.0, 28.6, 45.5, 109.8, 26),
        "ce-clip": _figures(18.4, 44.7, 65.1, 71.4, 17),
    },
    2: {
        "zero-shot": _figures(31, 51, 74, 15.5, 5),
        "few-shot": _figures(34, 59, 81, 12.1, 4),
        "supervised": _figures(32, 63, 84, 9.3, 3),
        "ce-clip": _figures(53, 78, 90, 8.2, 1),
    },
}
