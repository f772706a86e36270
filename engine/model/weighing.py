"""What a bundle's manifest says of how much weighs what: its `calibration`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import BundleError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordsWeight:
    """How much words weigh beside a picture: the more, the more they say."""

    most: float  # 0..1, the share of words without end
    half: float = 0.0  # tokens that have half of that share; 0: words weigh `most`, however few

    def share(self, length: int) -> float:
        """The share, 0..1, of words of so many tokens."""
        return self.most * length / (length + self.half) if length else 0.0


@dataclass(frozen=True, slots=True)
class Weighing:
    """All of it."""

    words: WordsWeight
    subjects: float = 0.0  # 0..1, the share of noted subjects in the vector of their passage
    lines: float = 0.0  # 0..1, the share of the nearest line in what the second look goes by

    def near(self, similarities: Floats, of_lines: Sequence[Floats]) -> Floats:
        """How near passages [n] are for the second look: as a whole, and by their nearest line.

        `of_lines` are the similarities of each one's lines; where there are none, the whole counts.
        """
        near = similarities.astype(np.float32)
        for row, own in enumerate(of_lines):
            if len(own) and self.lines:
                near[row] += np.float32(self.lines) * (own.max() - near[row])
        return near


def read_weighing(manifest: Mapping[str, Any]) -> Weighing:
    """The manifest's. Raises `BundleError` where a number is missing or none."""
    calibration = manifest.get("calibration")
    told = calibration if isinstance(calibration, Mapping) else {}
    most = _number(told, "words_weight", None, 1.0)
    half = _number(told, "words_half", 0.0, math.inf)
    shares = [_number(told, name, 0.0, 1.0) for name in ("subjects_weight", "lines_weight")]
    return Weighing(WordsWeight(most, half), *shares)


def _number(told: Mapping[str, Any], name: str, otherwise: float | None, most: float) -> float:
    value = told.get(name, otherwise)
    sound = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not sound or not 0 <= value <= most or math.isinf(value):
        range_said = "" if math.isinf(most) else f" from 0 to {most:g}"
        raise BundleError(
            f"The bundle's manifest is wrong: calibration.{name} is not a number{range_said};"
            " please install it again."
        )
    return float(value)
