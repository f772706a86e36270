"""The mean of trainings."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.model.stored import stored
from engine.training.averaged import average


def test_every_weight_is_the_mean_of_all(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one", "other", "third")]
    weights = (([1.0, 3.0], 2.0), ([2.0, -3.0], 4.0), ([6.0, 0.0], 6.0))
    for file, (weight, bias) in zip(files, weights, strict=True):
        save_file({"w": torch.tensor(weight).half(), "b": torch.tensor(bias)}, file)
    average(files, tmp_path / "out")
    mean = load_file(tmp_path / "out")
    assert mean["w"].tolist() == [3.0, 0.0]
    assert mean["b"].item() == 4.0
    assert mean["w"].dtype == torch.float16


def test_weights_in_steps_are_averaged_as_weights(tmp_path: Path) -> None:
    files, weights = [], []
    for number in range(2):
        torch.manual_seed(number)
        weights.append({"tower.w": torch.randn(128, 256) * (1 + 9 * number)})
        files.append(tmp_path / str(number))
        save_file(stored(weights[-1]), files[-1])
    average(files, tmp_path / "out")
    mean = load_file(tmp_path / "out")
    assert mean.keys() == {"tower.w"}
    wanted = (weights[0]["tower.w"] + weights[1]["tower.w"]) / 2
    assert (mean["tower.w"] - wanted).abs().max() < 0.1


def test_two_networks_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    save_file({"w": torch.zeros(2)}, one)
    save_file({"w": torch.zeros(3)}, other)
    with pytest.raises(ValueError, match="not of one network"):
        average([one, other], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_has_no_mean(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to average"):
        average([], tmp_path / "out")
