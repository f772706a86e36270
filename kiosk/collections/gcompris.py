"""The starter paintings: puzzle pieces of Debian's `gcompris-qt-data`, put together again.

The package carries famous paintings as jigsaw puzzles in one Qt resource file. This is how a
painting comes back, and why it is done so:

1. The resource file is registered with Qt under a root of our own, so that nothing else that is
   registered can be mistaken for it. Only QtCore is needed, no display.
2. Each piece is read as bytes and decoded by Pillow. A piece is cut along a jigsaw's outline and
   carries a few pixels of its neighbours, so neighbours overlap.
3. The pieces are laid at the places that `gcompris_boards` tells. The game's own coordinates are
   rounded, and pieces laid by them are off by up to three pixels, which shows as broken outlines.
4. A painting is only kept when it is whole: every piece there and no hole left.

Pictures already unpacked are left alone, so that unpacking can be interrupted and run again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from engine.errors import InputError
from kiosk.collections.gcompris_boards import BOARDS, Board

PIECES = "/gcompris/src/activities/paintings/resource/image"
"""The folder of the pieces inside the resource file."""

_ROOT = "/ekphrasis-starter"
_HOW = "install Debian's package gcompris-qt-data, or import pictures of your own"

Progress = Callable[[int, int], None]
"""Called with (paintings done, paintings in all) after each one."""


def unpack(
    rcc: Path,
    target: Path,
    progress: Progress | None = None,
    *,
    boards: Sequence[Board] = BOARDS,
) -> list[Path]:
    """Put the paintings in `rcc` together and write them as JPEG files into `target`.

    `rcc` may lie anywhere; the package need not be installed. Returns the path of every painting,
    in the order of `boards`, those that were there before included. The same file gives the same
    bytes. Raises InputError, with one sentence that says what to do, if the file is missing, is
    no Qt resource file, or does not hold what it should; a painting is then not written at all.
    """
    done: list[Path] = []
    with _registered(rcc):
        for board in boards:
            path = target / board.image
            if not path.exists():
                _write(_assemble(board, rcc), path)
            done.append(path)
            if progress is not None:
                progress(len(done), len(boards))
    return done


@contextmanager
def _registered(rcc: Path) -> Iterator[None]:
    """Make the pieces readable under `_ROOT` for as long as the block lasts."""
    from PySide6.QtCore import QResource

    if not rcc.is_file():
        raise InputError(f"The starter paintings are not at {rcc}; {_HOW}.")
    if not QResource.registerResource(str(rcc), _ROOT):
        raise InputError(f"{rcc} is not a Qt resource file or is damaged; {_HOW}.")
    try:
        yield
    finally:
        QResource.unregisterResource(str(rcc), _ROOT)


def _assemble(board: Board, rcc: Path) -> Image.Image:
    """The whole painting, RGB, or InputError where a piece is missing, broken or does not fit."""
    canvas = Image.new("RGB", board.size)
    covered = Image.new("L", board.size)
    for name, place in board.pieces:
        piece = _piece(name, rcc)
        # The outlines are cut hard; half-covered pixels would only let the black below through.
        mask = piece.getchannel("A").point(lambda alpha: 255 if alpha > 127 else 0)
        canvas.paste(piece.convert("RGB"), place, mask)
        covered.paste(255, place, mask)
    if covered.getextrema() != (255, 255):
        raise InputError(
            f"The pieces of {board.image} in {rcc} leave a hole, so the file is another edition "
            f"than the one known here; {_HOW}."
        )
    return canvas


def _piece(name: str, rcc: Path) -> Image.Image:
    """One puzzle piece, RGBA."""
    from PySide6.QtCore import QFile, QIODevice

    file = QFile(f":{_ROOT}{PIECES}/{name}")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise InputError(
            f"The piece {name} is not in {rcc}, so the file is another edition than the one known "
            f"here; {_HOW}."
        )
    data = bytes(file.readAll().data())
    file.close()
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.convert("RGBA")
    except (UnidentifiedImageError, OSError) as error:
        raise InputError(f"The piece {name} in {rcc} cannot be read; {_HOW}.") from error


def _write(picture: Image.Image, path: Path) -> None:
    """Write beside the final name first, so that an interruption never leaves half a picture."""
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(partial, format="JPEG", quality=93, subsampling=0, optimize=True)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):  # the folder itself may be what is wrong
            partial.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError(
            f"The painting {path.name} cannot be written to {path.parent} ({reason}); "
            "free some space or choose another folder."
        ) from error
