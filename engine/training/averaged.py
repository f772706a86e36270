"""The mean of several trainings, which began at, or ended in, the same weights.

    python -m engine.training.averaged ONE.safetensors OTHER.safetensors ... --out MEAN.safetensors

A training that goes on from weights which know their pictures by heart, and sees them varied, gains
on pictures unlike them and loses a little on others. The weights between the two have most of both
(*Robust fine-tuning of zero-shot models*, Wortsman and others, CVPR 2022); and the mean of
trainings that differ in what was drawn is better than each (*Model soups*, Wortsman and others,
ICML 2022).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from engine.model.stored import restored


def average(trainings: Sequence[Path], out: Path) -> None:
    """The mean of files of heads, in half precision.

    Raises ValueError where they do not hold the same weights, or there are none.
    """
    if not trainings:
        raise ValueError("there is nothing to average")
    first, *others = (restored(load_file(path)) for path in trainings)
    mean = {name: value.float() for name, value in first.items()}
    for path, other in zip(trainings[1:], others, strict=True):
        if {n: v.shape for n, v in other.items()} != {n: v.shape for n, v in mean.items()}:
            raise ValueError(f"{trainings[0]} and {path} are not of one network")
        for name, value in other.items():
            mean[name] += value.float()
    count = torch.tensor(float(len(trainings)))
    save_file({name: (value / count).half() for name, value in mean.items()}, out)


def main() -> None:
    """Read the arguments and average."""
    parser = argparse.ArgumentParser(description="The mean of several trainings' weights.")
    parser.add_argument("trainings", type=Path, nargs="+", metavar="HEADS")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    average(options.trainings, options.out)


if __name__ == "__main__":
    main()
