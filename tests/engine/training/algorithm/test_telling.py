"""What a training says after each epoch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.training.algorithm.curves import read_curve
from engine.training.algorithm.run import train
from engine.training.algorithm.telling import epoch_told, span


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (86399, "23 h 59 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_a_span_in_its_two_largest_units(seconds: float, told: str) -> None:
    assert span(seconds) == told


def test_the_sentence() -> None:
    assert epoch_told("warm-up", 3, 100, 0.612, 0.41234, 0, 60.0) == (
        "warm-up, epoch 3 of at most 100: validation 61.2 % (loss 0.4123), the best so far; "
        "at most 1 h 37 min to the end of the stage."
    )
    late = epoch_told("fine-tune", 9, 9, 0.5, 1.0, 1, 60.0)
    assert late.endswith("(loss 1.0000), the best was 1 epoch before; the last.")


def test_it_is_said_of_every_epoch(tiny: Path, tmp_path: Path, recipe: Any) -> None:
    said: list[str] = []
    plan = recipe(warm_up__epochs=2, fine_tune__epochs=1)
    train(plan, tiny / "pairs", tmp_path, say=said.append)
    told = [one for one in said if "of at most" in one]
    rows = read_curve(tmp_path / "validation.csv")
    assert len(told) == len(rows) == 3
    for sentence, row in zip(told, rows, strict=True):
        most = {"warm-up": 2, "fine-tune": 1}[row["stage"]]
        assert sentence.startswith(f"{row['stage']}, epoch {row['epoch']} of at most {most}: ")
        assert f"validation {100 * float(row['accuracy']):.1f} %" in sentence
