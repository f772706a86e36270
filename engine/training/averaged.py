"""Halfway between two trainings, one of which began where the other ended.

    python -m engine.training.averaged ONE.safetensors OTHER.safetensors --out MEAN.safetensors

A training that goes on from weights which know their pictures by heart, and sees them varied, gains
on pictures unlike them and loses a little on others. The weights between the two have most of both
(*Robust fine-tuning of zero-shot models*, Wortsman and others, CVPR 2022).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def average(one: Path, other: Path, out: Path) -> None:
    """The mean of two files of heads, in the format of the first.

    Raises ValueError where they do not hold the same weights.
    """
    first, second = load_file(one), load_file(other)
    shapes = [{name: value.shape for name, value in each.items()} for each in (first, second)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"{one} and {other} are not of one network")
    mean = {
        name: torch.lerp(value.float(), second[name].float(), 0.5).to(value.dtype)
        for name, value in first.items()
    }
    save_file(mean, out)


def main() -> None:
    """Read the arguments and average."""
    parser = argparse.ArgumentParser(description="The mean of two trainings' weights.")
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    average(options.one, options.other, options.out)


if __name__ == "__main__":
    main()
