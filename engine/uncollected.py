"""Imports without the collector of cyclic garbage.

What an import makes stays. Each time some hundreds of things more are there the collector looks
through them for garbage, and there is none: a sixth of the time that torch's import takes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No thread collects meanwhile; what was made counts as old at the end, unlooked at."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # among the old, where garbage is looked for now and then
        if was_on:
            gc.enable()
