"""What a short list costs: R@K when the cross-encoder reads only the bi-encoder's best N.

The paper lets the cross-encoder read every candidate, which costs a kiosk minutes. Here one
scoring of everything tells, for each N, what reading only so many would have given.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.evaluation.published import KS
from engine.evaluation.ranking import Scored, reordered_ranks
from engine.training.metrics import retrieval_metrics


@dataclass(frozen=True, slots=True)
class Point:
    """The figures for one length of the short list."""

    count: int
    figures: dict[str, float]


def lengths(texts: int) -> list[int]:
    """0, then 1, 2, 5, 10, 20, 50 … and all of the texts."""
    found, step = [0], 1
    while step < texts:
        found += [count for count in (step, 2 * step, 5 * step) if count < texts]
        step *= 10
    return [*found, texts]


def short_list_curve(scored: Scored) -> list[Point]:
    """A point for each length; the last is the cross-encoder over all candidates.

    `scored` must hold a score for every candidate.
    """
    return [
        Point(count, retrieval_metrics(reordered_ranks(scored, count), KS))
        for count in lengths(scored.similarities.shape[1])
    ]


def write_curve(path: Path, points: Sequence[Point]) -> None:
    """As CSV: N, each figure, and for each R@K the points lost against reading everything."""
    everything = points[-1].figures
    names = list(everything)
    shares = [name for name in names if name.startswith("R@")]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["N", *names, *(f"{name} lost" for name in shares)])
        for point in points:
            lost = [round(everything[name] - point.figures[name], 4) for name in shares]
            table.writerow([point.count, *(round(point.figures[one], 4) for one in names), *lost])


def draw_curve(path: Path, points: Sequence[Point], title: str) -> None:
    """As PNG. Raises `InputError` where the library that draws is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(
            "Plots need a package that a kiosk does not: pip install 'ekphrasis[train]'. "
            "The figures are in the CSV."
        ) from None
    figure = Figure(figsize=(7, 4.2), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    read = [point for point in points if point.count > 0]
    everything = points[-1].figures
    for number, marker in zip(KS, "os^", strict=True):
        name = f"R@{number}"
        lost = [everything[name] - point.figures[name] for point in read]
        axes.plot([point.count for point in read], lost, marker=marker, label=name)
    axes.set_xscale("log")
    axes.axhline(0.0, color="0.6", linewidth=0.8)
    axes.set_xlabel("N: candidates that the cross-encoder reads")
    axes.set_ylabel("percentage points lost\nagainst reading all")
    axes.set_title(title)
    axes.legend()
    figure.savefig(path)
