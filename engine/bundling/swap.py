"""One folder takes another's place in a single step, so that a kill never leaves neither.

1. A fresh folder is built beside the old one, as `.NAME-…`, and proved there.
2. Linux exchanges the two names in one system call. Where it cannot (another system, an old file
   system), the old folder steps aside first; should the machine stop between the two renames,
   `put_back` finds it.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import BundleError

AT_FDCWD = -100  # "relative to the working directory", from fcntl.h
RENAME_EXCHANGE = 2  # from linux/fs.h
ASIDE = "-aside"


@contextmanager
def building(bundles_dir: Path, name: str) -> Iterator[Path]:
    """A fresh folder beside the bundle `name`; gone afterwards unless it was swapped in.

    What a killed installation left behind is put back or swept away first. What goes wrong with
    the disk meanwhile is said in one sentence (`BundleError`).
    """
    try:
        bundles_dir.mkdir(parents=True, exist_ok=True)
        with alone(bundles_dir):
            put_back(bundles_dir, name)
            for leftover in bundles_dir.glob(f".{name}-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=bundles_dir))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as problem:
        raise BundleError(
            f"The bundle {name!r} cannot be written to {bundles_dir} ({problem}); check the disk "
            "and the folder's permissions."
        ) from None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One installation at a time; a second one waits. The lock goes with its process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def put_back(bundles_dir: Path, name: str) -> None:
    """Put a bundle back that had stepped aside when the machine stopped."""
    target, aside = bundles_dir / name, bundles_dir / f".{name}{ASIDE}"
    if aside.is_dir() and not target.exists():
        aside.rename(target)


def swap_in(fresh: Path, target: Path) -> None:
    """`fresh` becomes `target`; what stood there is deleted once the new one is in place."""
    fresh.chmod(0o755)
    if not target.exists():
        fresh.rename(target)
        return
    if exchange(fresh, target):
        shutil.rmtree(fresh, ignore_errors=True)  # the old one, by now
        return
    aside = target.with_name(f".{target.name}{ASIDE}")
    target.rename(aside)
    try:
        fresh.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step; False where this system or file system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    done = renameat2(
        AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), ctypes.c_uint(RENAME_EXCHANGE)
    )
    return bool(done == 0)
