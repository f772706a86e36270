"""Whether the best poem for a picture fits well enough to be offered without a word. Pure.

A score means nothing by itself: each bundle's own figures say from where on a poem fits. They
stand in its manifest under `calibration.fit`, and were measured (docs/decisions/0006-fit.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import Match


def threshold(manifest: Mapping[str, Any], *, words: bool) -> float:
    """The least score of a fit; 0, which every score reaches, where the bundle names none.

    `words`: whether something was known besides the picture.
    """
    fit = manifest.get("calibration", {}).get("fit", {})
    return float(fit.get("words" if words else "picture", 0.0))


def fits(matches: Sequence[Match], pinned: Sequence[int], least: float) -> bool:
    """Whether any of them reaches `least`. What a docent pinned fits by decision."""
    return any(one.score >= least or one.poem_id in pinned for one in matches)
