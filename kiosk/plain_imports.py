"""Imports without what Qt for Python puts before each of them.

It puts there a function that reads the source of every module imported after it, and keeps it, to
find out who uses Qt: for a way of naming things that is not used here. With torch that is some 900
files: 0.2 s of the processor, and 70 MB for as long as the kiosk runs.
"""

from __future__ import annotations

import builtins
from typing import Any


def import_plainly() -> None:
    """Take it away again. Does nothing where Qt for Python is not loaded, or does so no more."""
    names: dict[str, Any] = vars(builtins)
    before = names.get("__orig_import__")
    if before is not None and names["__import__"] is names.get("__feature_import__"):
        names["__import__"] = before
