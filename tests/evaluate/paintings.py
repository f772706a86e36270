"""Picture alone, paintings: picture to title."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.evaluation import Pair, evaluate
from tests.evaluate.page import Subject, figures_of, table

TITLE = "Picture alone: paintings"
FOLDER = "aic-dev"
NEEDS = f"it needs the folder {FOLDER} in DATA, with artworks.json"


def measure(subject: Subject) -> dict[str, Any] | None:
    """Paintings of the Art Institute of Chicago seek their titles."""
    folder = subject.file(FOLDER)
    if folder is None:
        return None
    works = json.loads((folder / "artworks.json").read_text(encoding="utf-8"))
    pairs = [Pair(work["title"], image=folder / work["image"]) for work in works]
    return figures_of(evaluate(subject.encoder, pairs))


def tell(figures: Mapping[str, Any]) -> str:
    """The figures in words."""
    rows = [("by vectors", figures["vectors"]), ("the best 50 read closely", figures["reranked"])]
    return (
        f"{figures['pairs']} paintings of the Art Institute of Chicago (CC0), each seeking its "
        f"title among {figures['candidates']}; chance would give R@10 "
        f"{1000 / figures['candidates']:.1f}. Aim: R@10 40. Titles are names as often as "
        f"descriptions (“The Presentation in the Temple”).\n\n{table(rows)}"
    )
