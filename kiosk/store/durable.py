"""Names of files that the disk knows, whatever happens to the power."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Let the names in a folder be on the disk, where the file system knows of such a thing."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some file systems of memory sticks have none
        return
    finally:
        os.close(handle)
