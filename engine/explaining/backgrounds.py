"""What pictures in general carry of each concept, and from how much more on it may be named.

The towers find every picture a little like a boat. So each concept is held against its mean over
pictures, and what is above that mean by `threshold` is said to be in a picture. The threshold is
measured on pictures that people have described: at least `SURE` of what it names has to be in the
descriptions. Where no threshold reaches that, there is none, and nothing is named from a picture
alone. A bundle that was trained anew has none until it is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.explaining.concepts import Concept, concepts, spoken_of
from engine.types import QueryEncoder

SURE = 0.8  # of what is named from a picture alone, at least this share is there
FEWEST = 10  # namings that a threshold has to rest on

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Background:
    """How near pictures in general lie to each concept, as cosines."""

    means: Mapping[str, float] = field(default_factory=dict)  # by the concepts' keys
    threshold: float | None = None  # above the mean; None: nothing is named from a picture alone

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Background:
        """What `to_json` gave. Raises KeyError, TypeError or ValueError where it is not."""
        threshold = kept["threshold"]
        return cls(
            {str(key): float(mean) for key, mean in kept["means"].items()},
            None if threshold is None else float(threshold),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain facts."""
        means = {key: round(mean, 4) for key, mean in self.means.items()}
        return {"threshold": self.threshold, "means": means}


def pictured() -> list[Concept]:
    """The concepts that towers can be asked for."""
    return [concept for concept in concepts().values() if concept.shows]


def shown_by(encoder: QueryEncoder) -> Floats:
    """Vectors [n, d] of what pictures of the `pictured` concepts are called."""
    return encoder.passages([concept.shows for concept in pictured()])


def measure_background(
    encoder: QueryEncoder, pictures: Sequence[tuple[Floats, str]]
) -> tuple[Background, dict[str, float]]:
    """The background of pictures, each with its vector [d] and its description, if any.

    Also what was measured: of what the threshold names, the share that is described (`right`) and
    how many namings there are (`named`); without a threshold, of as many as have to be (`FEWEST`).
    """
    if not pictures:
        return Background(), {"named": 0, "right": 0.0}
    near = np.stack([vector for vector, _ in pictures]) @ shown_by(encoder).T
    means = near.mean(axis=0)
    keys = [concept.key for concept in pictured()]
    above, there = [], []
    for row, (_, words) in zip(near - means, pictures, strict=True):
        if words.strip():
            said = spoken_of(words)
            above += row.tolist()
            there += [key in said for key in keys]
    threshold, named, right = _threshold(np.array(above), np.array(there))
    return (
        Background(dict(zip(keys, means.tolist(), strict=True)), threshold),
        {"named": named, "right": round(right, 3)},
    )


def _threshold(above: Floats, there: NDArray[np.bool_]) -> tuple[float | None, int, float]:
    """The lowest that is right often enough, how much it names, and how much of that is there."""
    order = np.argsort(-above, kind="stable")
    values = np.append(above[order], 0.0)
    right = np.cumsum(there[order]) / np.arange(1, len(order) + 1)
    enough = [  # what lies equally high is named together, and nothing below the mean
        at
        for at in range(FEWEST - 1, len(order))
        if right[at] >= SURE and values[at] > max(values[at + 1], 0.0)
    ]
    if not enough:
        few = min(FEWEST, len(order))
        return None, few, float(right[few - 1]) if few else 0.0
    last = enough[-1]
    middle = (values[last] + max(values[last + 1], 0.0)) / 2
    return round(float(middle), 4), last + 1, float(right[last])
