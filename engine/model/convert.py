"""A package's pickled state dict as safetensors. Used at set-up and nowhere else.

This is the only place where a pickle is read, and it is read with `weights_only`, which builds
tensors and nothing else. The caller has checked the file's sha256 before.
"""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path

import torch
from safetensors.torch import save

from engine.errors import BundleError


def state_dict_to_safetensors(source: Path, target: Path) -> None:
    """Write the tensors of a `.pth` file as safetensors; the same bytes every time.

    `target` is written whole or not at all. Raises BundleError where `source` is no state dict.
    """
    try:
        with warnings.catch_warnings():
            # What torch warns of in a strange pickle, it then refuses, and we say so ourselves.
            warnings.simplefilter("ignore")
            weights = torch.load(source, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise BundleError(
            f"The weights in {source.name} cannot be read; please install that package again."
        ) from error
    if not isinstance(weights, dict) or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in weights.items()
    ):
        raise BundleError(
            f"{source.name} does not hold weights by name; please install that package again."
        )
    # Tensors that share memory are refused by safetensors, so each gets its own.
    plain = {name: weights[name].detach().clone().contiguous() for name in sorted(weights)}
    part = target.with_suffix(target.suffix + ".part")
    part.write_bytes(save(plain))
    part.replace(target)
