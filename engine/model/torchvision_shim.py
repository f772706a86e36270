"""Lets torchvision be imported beside a torch that is not the one it was built for.

The Python index has only a torchvision that is linked against CUDA. With a CPU-only torch its
compiled library does not load, and then `import torchvision` fails on *operator torchvision::nms
does not exist*, and with it open_clip and transformers, which import torchvision. Nothing here uses
these operators, so it is enough that their names are known.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

import torch

_SCHEMAS = ("nms", "qnms")
_SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

# The names live as long as this object does, so it has to be kept.
_declared: list[torch.library.Library] = []


def prepare_torchvision() -> bool:
    """Declare the operators that torchvision misses; true where that was needed.

    Does nothing where torchvision is not installed, is imported already, or has a compiled
    library of its own that loads. Safe to call again.
    """
    if _declared or "torchvision" in sys.modules:
        return False
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None or own_library_loads(Path(spec.origin).parent):
        return False
    for name in _SCHEMAS:
        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        library.define(name + _SIGNATURE)  # type: ignore[no-untyped-call]
        _declared.append(library)
    return True


def own_library_loads(package: Path) -> bool:
    """Whether the compiled `_C` in torchvision's folder can be loaded into this torch."""
    for suffix in importlib.machinery.EXTENSION_SUFFIXES:
        library = package / f"_C{suffix}"
        if library.is_file():
            try:
                torch.ops.load_library(str(library))  # type: ignore[no-untyped-call]
            except OSError:
                return False
            return True
    return False
