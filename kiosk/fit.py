"""Whether the best poem for a picture fits well enough to be offered without a word.

A score means nothing by itself: from where on a poem fits is measured for each bundle
(`ekphrasis fit`, docs/decisions/0009-when-a-poem-fits.md). The figures stand in the bundle's
manifest (`calibration.fit`) or beside its model card, there for one fingerprint only, so that a
bundle that was trained anew never goes by the old one's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import Match
from engine.bundles import Bundle
from engine.errors import KnownError
from kiosk.config import Settings


@dataclass(frozen=True, slots=True)
class Fit:
    """The least score of a poem that fits; 0, which every score reaches, where none is known."""

    picture: float = 0.0  # where nothing is known but the picture
    words: float = 0.0  # where there are words beside it

    def holds(self, matches: Sequence[Match], pinned: Sequence[int], *, words: bool) -> bool:
        """Whether any of the matches fits. What a docent pinned fits by decision."""
        least = self.words if words else self.picture
        return any(one.score >= least or one.poem_id in pinned for one in matches)


def load_fit(settings: Settings, bundle: Bundle) -> Fit:
    """The bundle's own figures; none where nobody has measured any."""
    found = bundle.manifest.get("calibration", {}).get("fit")
    found = found or kept_beside(settings, bundle).get("fit", {})
    try:
        return Fit(float(found["picture"]), float(found["words"]))
    except (KeyError, TypeError, ValueError):
        return Fit()


def keep_fit(
    settings: Settings,
    bundle: Bundle,
    figures: Mapping[str, Any],
    subjects: Mapping[str, Any] | None = None,
) -> None:
    """Put the measured figures beside the model card. Raises `KnownError` where it is read-only.

    `subjects`: what pictures in general carry of each (`engine.explaining.Background`).
    """
    path = _path(settings)
    facts = {
        "fingerprint": bundle.fingerprint,
        "fit": {name: measured["threshold"] for name, measured in figures.items()},
        "measured": figures,
        **({} if subjects is None else {"subjects": subjects}),
    }
    try:
        path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        raise KnownError(f"{path} cannot be written ({problem.strerror}).") from None


def kept_beside(settings: Settings, bundle: Bundle) -> Mapping[str, Any]:
    """All that was measured of this very bundle; nothing where nobody has."""
    try:
        facts: dict[str, Any] = json.loads(_path(settings).read_text(encoding="utf-8"))
        return facts if facts["fingerprint"] == bundle.fingerprint else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _path(settings: Settings) -> Path:
    return settings.assets_dir / "models" / settings.bundle / "fit.json"
