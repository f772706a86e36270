"""Exit 0 when the installed torch needs no CUDA packages, or has them all; else 1."""

from __future__ import annotations

import re
import sys
from importlib import metadata

CUDA = re.compile(r"^(nvidia-|cuda-|triton)", re.IGNORECASE)
# Requirements carry markers such as `; platform_system == "Linux"`; extras are never asked for.
needed = [
    re.split(r"[ \[;=<>!~]", line)[0]
    for line in metadata.requires("torch") or []
    if CUDA.match(line) and "extra ==" not in line
]


def there(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


sys.exit(0 if sys.platform != "linux" or all(there(name) for name in needed) else 1)
