"""From an error to what a visitor hears of it, and what staff read."""

from __future__ import annotations

import logging

from engine.errors import BundleError, KnownError, PictureError
from kiosk.store.errors import StoreError
from kiosk.troubles import Trouble

_log = logging.getLogger(__name__)

_KINDS: tuple[tuple[type[KnownError], Trouble], ...] = (
    (StoreError, Trouble.COLLECTION),
    (BundleError, Trouble.SEARCH),
    (PictureError, Trouble.PICTURE),
)


def trouble_of(problem: Exception) -> tuple[Trouble, str]:
    """The kind of trouble, and the sentence for staff. A bug keeps its traceback in the log."""
    if isinstance(problem, KnownError):
        kinds = (trouble for kind, trouble in _KINDS if isinstance(problem, kind))
        return next(kinds, Trouble.OTHER), problem.sentence
    _log.error("a bug, met while working for a visitor", exc_info=problem)
    return Trouble.OTHER, f"{type(problem).__name__}: {problem}"
