"""The engine: pictures and poems in, ranked matches out. Knows no Qt, no SQL, no sound.

Importing this package is cheap: torch is loaded when a model is.
"""

from __future__ import annotations

from engine.bundles import Bundle, find_bundle, find_bundles
from engine.errors import BundleError, InputError, KnownError, PictureError
from engine.types import (
    Answer,
    Candidate,
    Curation,
    Match,
    Passage,
    PassageIndex,
    PassageSource,
    PassageTokens,
    Query,
    QueryEncoder,
    Reason,
    Shared,
    Timing,
    TokenReader,
)

__all__ = [
    "Answer",
    "Bundle",
    "BundleError",
    "Candidate",
    "Curation",
    "InputError",
    "KnownError",
    "Match",
    "Passage",
    "PassageIndex",
    "PassageSource",
    "PassageTokens",
    "PictureError",
    "Query",
    "QueryEncoder",
    "Reason",
    "Shared",
    "Timing",
    "TokenReader",
    "find_bundle",
    "find_bundles",
]
