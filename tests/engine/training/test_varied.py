"""Kept maps varied: what may change does, and what a picture is of stays."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.training.varied import restyled, varied, windowed


def maps(count: int = 6, seed: int = 1) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.rand(count, 3, 7, 9, generator=draw) * torch.tensor([1.0, 3.0, 9.0]).view(3, 1, 1)


def at(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def within(found: Tensor) -> Tensor:
    """Each channel with its mean and spread taken off."""
    return (found - found.mean((2, 3), keepdim=True)) / found.std((2, 3), keepdim=True)


def test_the_whole_window_is_the_map_or_its_mirror() -> None:
    one = maps(40)
    found = windowed(one, at(3), least=1.0)
    as_it_was = torch.isclose(found, one, atol=1e-4).flatten(1).all(1)
    mirrored = torch.isclose(found, one.flip(-1), atol=1e-4).flatten(1).all(1)
    assert (as_it_was | mirrored).all()
    assert 8 <= int(mirrored.sum()) <= 32


def test_a_window_is_nearer_and_never_looks_outside() -> None:
    # Each column says where it is: a window spans less of it, and some part of it only.
    across = torch.linspace(0, 1, 9).expand(30, 1, 7, 9).contiguous()
    found = windowed(across, at(2), least=0.5)
    span = found.amax((1, 2, 3)) - found.amin((1, 2, 3))
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert 0.3 < float(span.min()) < 0.7
    assert float(span.max()) <= 1.0


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_a_style_changes_no_more_than_mean_and_spread(seed: int, share: float) -> None:
    one = maps(6, seed)
    found = restyled(one, at(seed), share=share)
    torch.testing.assert_close(within(found), within(one), atol=1e-3, rtol=1e-3)
    means = found.mean((2, 3))
    assert (means >= one.mean((2, 3)).amin(0) - 1e-4).all()
    assert (means <= one.mean((2, 3)).amax(0) + 1e-4).all()


@pytest.mark.parametrize(("share", "moved"), [(0.0, False), (1.0, True)])
def test_so_many_get_a_style_as_are_asked_for(share: float, *, moved: bool) -> None:
    one = maps(30)
    found = restyled(one, at(5), share=share)
    assert (not torch.allclose(found, one, atol=1e-4)) is moved


def test_the_draw_alone_decides() -> None:
    one = maps()
    torch.testing.assert_close(varied(one, at(7)), varied(one, at(7)), rtol=0, atol=0)
    assert not torch.allclose(varied(one, at(7)), varied(one, at(8)))
    assert varied(one, at(7)).shape == one.shape
