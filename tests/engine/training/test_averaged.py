"""Halfway between two trainings."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.training.averaged import average


def test_every_weight_is_halfway_and_keeps_its_format(tmp_path: Path) -> None:
    one, other, out = (tmp_path / name for name in ("one", "other", "out"))
    save_file({"w": torch.tensor([1.0, 3.0]).half(), "b": torch.tensor(2.0)}, one)
    save_file({"w": torch.tensor([2.0, -3.0]).half(), "b": torch.tensor(4.0)}, other)
    average(one, other, out)
    mean = load_file(out)
    assert mean["w"].tolist() == [1.5, 0.0]
    assert mean["b"].item() == 3.0
    assert mean["w"].dtype == torch.float16


def test_two_networks_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    save_file({"w": torch.zeros(2)}, one)
    save_file({"w": torch.zeros(3)}, other)
    with pytest.raises(ValueError, match="not of one network"):
        average(one, other, tmp_path / "out")
    assert not (tmp_path / "out").exists()
