"""Imports without the collector of cyclic garbage."""

from __future__ import annotations

import gc
import weakref

import pytest

from engine.uncollected import uncollected


class Knot:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.self = self


def test_nothing_is_collected_inside_and_all_is_afterwards() -> None:
    with uncollected():
        assert not gc.isenabled()
        knot = weakref.ref(Knot())
        assert knot() is not None
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert knot() is None


def test_it_is_on_again_after_an_error() -> None:
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
