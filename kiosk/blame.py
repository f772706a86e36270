"""From an error to what is said of it: the visitor's words by its kind, the staff's by itself.

Errors carry a sentence for staff, in English; `kiosk.troubles` has the kinds that visitors hear of.
"""

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
    """What a visitor hears and what staff read. A bug keeps its traceback in the log."""
    if isinstance(problem, KnownError):
        kinds = (trouble for kind, trouble in _KINDS if isinstance(problem, kind))
        return next(kinds, Trouble.OTHER), problem.sentence
    _log.error("a bug, met while working for a visitor", exc_info=problem)
    return Trouble.OTHER, f"{type(problem).__name__}: {problem}"
