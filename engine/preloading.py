"""Opens torch's largest library before `import torch` does, so that nobody stands still meanwhile.

Python opens an extension module's libraries with its one lock held: half a second and more in which
no other thread of the kiosk runs, no key is heard and no voice goes on. A foreign function called
through ctypes gives the lock back, and a library that is open already is opened again at once.
Measured on two busy cores: the longest stillness while torch is imported, 530 to 1,140 ms without
this and 100 to 137 ms with it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

LIBRARY = "libtorch_cpu.so"


def open_ahead() -> bool:
    """Whether the library was opened here. Where it cannot be, importing torch does it, or tells.

    Linux; elsewhere, and where torch is imported already, nothing is done.
    """
    if not sys.platform.startswith("linux") or "torch" in sys.modules:
        return False
    found = importlib.util.find_spec("torch")
    if found is None or not found.submodule_search_locations:
        return False
    path = Path(found.submodule_search_locations[0]) / "lib" / LIBRARY
    try:
        opening = ctypes.CDLL(None).dlopen
    except (OSError, AttributeError):
        return False
    opening.restype = ctypes.c_void_p
    opening.argtypes = [ctypes.c_char_p, ctypes.c_int]
    return opening(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL) is not None
