"""Weights in fewer bits: small ones as they are, large ones in steps of each row."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.model.stored import LARGE, STEP, restored, stored


@given(st.integers(0, 2**16), st.floats(1e-3, 100), st.sampled_from([(), (3, 3)]))
def test_no_weight_is_off_by_more_than_half_a_step(
    seed: int, spread: float, behind: tuple[int, ...]
) -> None:
    torch.manual_seed(seed)
    weight = torch.randn(64, 256, *behind) * spread
    kept = stored({"tower.w": weight})
    assert kept["tower.w"].dtype is torch.int8 and kept["tower.w"].shape == weight.shape
    read = restored(kept)
    assert read.keys() == {"tower.w"}
    step = weight.flatten(1).abs().amax(1) / 127
    off = (read["tower.w"] - weight).flatten(1).abs().amax(1)
    assert (off <= 0.5 * step * 1.001).all()


def test_what_is_read_is_stored_the_same_again() -> None:
    torch.manual_seed(0)
    once = stored({"tower.w": torch.randn(128, 128)})
    again = stored(restored(once))
    assert torch.equal(restored(once)["tower.w"], restored(again)["tower.w"])


def test_a_row_of_nothing_stays_nothing() -> None:
    kept = stored({"tower.w": torch.zeros(128, 128)})
    assert torch.equal(restored(kept)["tower.w"], torch.zeros(128, 128))


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("tower.small", torch.ones(10, 10)),
        ("tower.bias", torch.ones(LARGE)),
    ],
)
def test_the_rest_is_in_half_precision(name: str, weight: torch.Tensor) -> None:
    kept = stored({name: weight})
    assert kept.keys() == {name} and kept[name].dtype is torch.half
    assert torch.equal(restored(kept)[name].float(), weight)


def test_whole_numbers_without_steps_are_no_weights() -> None:
    kept = stored({"tower.w": torch.ones(128, 128)})
    del kept["tower.w" + STEP]
    with pytest.raises(KeyError):
        restored(kept)
