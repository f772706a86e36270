"""The page that `make evaluate` writes: a part's figures in the part's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from engine import Bundle
from engine.evaluation import Evaluation
from engine.types import QueryEncoder
from kiosk.config import Settings

HEAD = """# How good the default model is

Written by `make evaluate DATA=FOLDER`, never by hand; what it is and what it learned from is
told in [its own card](../assets/models/compact/README.md). Pictures and poems measured here were
never trained on. Ties count against the model. R@10 is the percentage of questions whose right
answer is among the first ten.
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured, and with what."""

    bundle: Bundle
    encoder: QueryEncoder
    settings: Settings
    data: Path | None  # the folder of held-out data, where one was given

    def file(self, name: str) -> Path | None:
        """A file or folder of the data, where it is there."""
        path = None if self.data is None else self.data / name
        return path if path is not None and path.exists() else None


@dataclass(frozen=True, slots=True)
class Measured:
    """What one part gave, once."""

    bundle: str
    fingerprint: str
    date: str
    figures: Mapping[str, Any]


def page(parts: Mapping[str, tuple[ModuleType, Measured | None]]) -> str:
    """The whole page as Markdown."""
    told = [HEAD]
    for name, (part, measured) in parts.items():
        told.append(f"## {part.TITLE}\n")
        if measured is None:
            told.append(f"Not measured yet: `make evaluate ONLY={name}`; {part.NEEDS}.\n")
            continue
        told.append(part.tell(measured.figures))
        told.append(f"*{measured.bundle} ({measured.fingerprint[:8]}), {measured.date}.*\n")
    return "\n".join(told)


def figures_of(result: Evaluation) -> dict[str, Any]:
    """An evaluation as it is kept."""
    return {
        "pairs": result.pairs,
        "candidates": result.candidates,
        "vectors": {key: round(value, 1) for key, value in result.bi_encoder.items()},
        "reranked": {key: round(value, 1) for key, value in result.reranked.items()},
    }


COLUMNS = ("R@1", "R@5", "R@10", "R@20", "median_rank")


def table(rows: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    """Rows of retrieval figures."""
    lines = ["| | R@1 | R@5 | R@10 | R@20 | median rank |", "|---|---|---|---|---|---|"]
    for name, figures in rows:
        cells = " | ".join(f"{figures[column]:g}" for column in COLUMNS)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"
