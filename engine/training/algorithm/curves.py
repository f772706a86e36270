"""The curves of a training: CSV for every reader, TensorBoard for the curious, a PNG for papers.

A training that is taken up again cuts away what was written after its state, so that the files
read as if nothing had happened.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

STEPS = ("step", "stage", "epoch", "loss", "ranking", "scores", "towers", "rate")
CHECKS = ("step", "stage", "epoch", "accuracy", "loss")
Row = Mapping[str, str | int | float]


class Curves:
    """Two tables in a folder: `steps.csv`, a row a step, and `validation.csv`, a row an epoch."""

    def __init__(self, folder: Path, after: int) -> None:
        """`after`: how many steps are over; rows beyond them are cut away."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writer = _board(folder / "tensorboard", after)
        for name, columns in (("steps", STEPS), ("validation", CHECKS)):
            kept = [row for row in read_curve(folder / f"{name}.csv") if int(row["step"]) <= after]
            _rewrite(folder / f"{name}.csv", columns, kept)

    def step(self, row: Row) -> None:
        """A step's loss and its parts."""
        self._add("steps", STEPS, row)
        for name in ("loss", "ranking", "scores", "towers", "rate"):
            self._writer.add_scalar(f"training/{name}", row[name], row["step"])

    def check(self, row: Row) -> None:
        """An epoch's validation."""
        self._add("validation", CHECKS, row)
        for name in ("accuracy", "loss"):
            self._writer.add_scalar(f"validation/{name}", row[name], row["step"])

    def checked(self, step: int, stage: str) -> bool:
        """Whether this validation stands there already."""
        rows = read_curve(self._folder / "validation.csv")
        return any(int(row["step"]) == step and row["stage"] == stage for row in rows)

    def close(self) -> None:
        """Nothing more will come."""
        self._writer.close()

    def _add(self, name: str, columns: Sequence[str], row: Row) -> None:
        with (self._folder / f"{name}.csv").open("a", newline="", encoding="utf-8") as file:
            # repr() of a float can be read back to the same bits.
            csv.writer(file).writerow(
                [repr(row[one]) if isinstance(row[one], float) else row[one] for one in columns]
            )


def read_curve(path: Path) -> list[dict[str, str]]:
    """The rows of one of the tables; none where it is not there."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _rewrite(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    fresh.replace(path)


def _board(folder: Path, after: int) -> SummaryWriter:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise InputError(
            "TensorBoard is missing; install what training needs with: "
            "pip install 'ekphrasis[train]'"
        ) from None
    return SummaryWriter(str(folder), purge_step=after + 1)


def draw_curves(folder: Path, target: Path) -> None:
    """Both tables as one picture: losses on the left, validation on the right."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    steps = read_curve(folder / "steps.csv")
    checks = read_curve(folder / "validation.csv")
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    at = [int(row["step"]) for row in steps]
    # Told apart by the stroke as well as by the colour.
    for name, stroke in (("loss", "-"), ("ranking", "--"), ("scores", ":"), ("towers", "-.")):
        values = [float(row[name]) for row in steps]
        if any(values):
            left.plot(at, values, stroke, label=name, linewidth=1.2)
    left.set(xlabel="step", ylabel="loss", title="Training")
    if steps:
        left.legend()
    for stage, mark in (("warm-up", "o-"), ("fine-tune", "s--")):
        mine = [row for row in checks if row["stage"] == stage]
        if mine:
            right.plot(
                [int(row["step"]) for row in mine],
                [100 * float(row["accuracy"]) for row in mine],
                mark,
                label=stage,
                markersize=4,
            )
            right.legend()
    right.set(xlabel="step", ylabel="accuracy, %", title="Validation", ylim=(0, 102))
    figure.savefig(str(target), dpi=130)
