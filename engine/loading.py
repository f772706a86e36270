"""From a bundle on the disk to a model that answers. The one door to torch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.bundles import Bundle, Progress, require_sound, silent
from engine.errors import BundleError
from engine.picture import load_picture
from engine.preloading import open_ahead
from engine.types import QueryEncoder
from engine.uncollected import uncollected

DEFAULT_TOLERANCE = 1e-3


def load_encoder(
    bundle: Bundle, progress: Progress = silent, *, device: str = "cpu"
) -> QueryEncoder:
    """Check every file of the bundle against its sha256, then load the model.

    `progress` is told on a thread of its own.
    `device` is "cpu", "cuda", or "auto": a GPU where there is one.

    Raises `BundleError` when a file is missing or damaged, or does not fit the architecture.
    """
    with ThreadPoolExecutor(1) as aside:  # hashing leaves Python's lock to the import
        checked = aside.submit(require_sound, bundle, progress)
        open_ahead()
        with uncollected():
            from engine.model.encoder import load_encoder as load
        checked.result()
    if device == "auto":
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
    return load(bundle.folder, dict(bundle.manifest), device=device)


@dataclass(frozen=True, slots=True)
class ScoreCheck:
    """What the bundle's known picture gave against what the manifest says it must give."""

    similarities: NDArray[np.float32]  # [n]
    scores: NDArray[np.float32]  # [n]
    deviation: float  # the largest difference from the manifest's numbers
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the model answers as it did when the bundle was made."""
        return self.deviation <= self.tolerance


def check_scores(bundle: Bundle, encoder: QueryEncoder) -> ScoreCheck:
    """Put the bundle's known picture to the model. Raises `BundleError` when it has none."""
    check: dict[str, Any] | None = bundle.manifest.get("check")
    if not check:
        raise BundleError(
            f"The bundle {bundle.name!r} carries no known picture to check its answers with."
        )
    query = encoder.picture(load_picture(bundle.folder / str(check["picture"])))
    texts = [str(text) for text in check["texts"]]
    similarities = encoder.passages(texts) @ query.vector
    scores = encoder.score(query, texts)
    wanted = np.array([*check["similarities"], *check["scores"]], dtype=np.float64)
    found = np.concatenate([similarities, scores]).astype(np.float64)
    return ScoreCheck(
        similarities=similarities,
        scores=scores,
        deviation=float(np.abs(found - wanted).max()),
        tolerance=float(check.get("tolerance", DEFAULT_TOLERANCE)),
    )
