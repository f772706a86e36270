"""Text of any length, read line by line: a table may be far larger than the machine's memory.

1. What is small, and what can be read only once (a pipe), is held as it is.
2. The rest is walked through once, to know that it is UTF-8 (or has a byte order mark) to its end
   and does not unpack to far more than it says. From then on lines are read when they are wanted.
3. Text in an older encoding is recognised by all of it, and therefore held, up to `MOST_BYTES`.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.reading import (
    BYTE_ORDER_MARKS,
    COMPRESSED,
    MOST_BYTES,
    PART,
    SIGNATURES,
    blaming,
    encoding_note,
    read_text,
    unpacking,
)

HELD_UP_TO = 2**20  # bytes
MOST_STREAMED = 8 * 2**30  # bytes, unpacked; a table for some hours
MOST_RATIO = 200  # unpacked to packed
MOST_LINE = 2**24  # characters


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text whose lines can be read again and again."""

    path: Path
    encoding: str
    held: str | None = None  # the text, where it is in memory
    stamp: tuple[int, int] = (0, 0)  # size and time of the file that was walked through

    @property
    def note(self) -> str:
        """What staff should know of the encoding; empty for UTF-8."""
        return encoding_note(self.encoding)

    def lines(self, newline: str = "") -> Iterator[str]:
        """Each line with its end; "" ends lines as any system does, "\\n" there alone.

        Raises `InputError` for a line beyond `MOST_LINE`, and where the file has been changed.
        """
        if self.held is not None:
            yield from io.StringIO(self.held, newline=newline)
            return
        with blaming(self.path), self.path.open("rb") as raw, unpacking(self.path, raw) as file:
            if _stamp(self.path) != self.stamp:
                raise InputError(
                    f"{self.path} was changed while it was being read; wait until it is whole, "
                    "then import it again."
                )
            text = io.TextIOWrapper(file, encoding=self.encoding, newline=newline)
            number = 0
            while line := text.readline(MOST_LINE + 1):
                number += 1
                if len(line) > MOST_LINE:
                    raise InputError(
                        f"{self.path}, line {number}, has more than {MOST_LINE:,} letters: this is "
                        "no table, or a quotation mark is not closed."
                    )
                yield line


def open_text(path: Path) -> TextFile:
    """A text to be read line by line. Raises `InputError` where there is none to be had."""
    compressed = path.suffix.lower() in COMPRESSED
    if not path.is_file() or (path.stat().st_size <= HELD_UP_TO and not compressed):
        return _held(path)
    stamp = _stamp(path)
    encoding = _walked(path, stamp[0], compressed=compressed)
    return _held(path) if encoding is None else TextFile(path, encoding, stamp=stamp)


def _held(path: Path) -> TextFile:
    file = read_text(path)
    return TextFile(path, file.encoding, file.text)


def _stamp(path: Path) -> tuple[int, int]:
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def _walked(path: Path, size: int, *, compressed: bool) -> str | None:
    """The encoding in which the whole file is text; None where all of it must be looked at."""
    most = min(MOST_STREAMED, max(MOST_BYTES, MOST_RATIO * size)) if compressed else MOST_STREAMED
    if size > most:
        raise _too_large(path, most)
    with blaming(path), path.open("rb") as raw, unpacking(path, raw) as file:
        part = file.read(PART)
        if part.startswith(tuple(SIGNATURES)):
            return None
        encoding = next((name for mark, name in BYTE_ORDER_MARKS if part.startswith(mark)), "utf-8")
        decoder = codecs.getincrementaldecoder(encoding)()
        walked = 0
        try:
            while part:
                if "\x00" in decoder.decode(part):
                    return None
                walked += len(part)
                if walked > most:
                    raise _too_large(path, most)
                part = file.read(PART)
            decoder.decode(b"", final=True)
        except UnicodeError:
            if size > MOST_BYTES:
                raise InputError(
                    f"{path} is not in UTF-8, and too large to find out in which encoding it is "
                    f"(at most {MOST_BYTES // 2**20} MB): save it as UTF-8."
                ) from None
            return None
    return encoding


def _too_large(path: Path, most: int) -> InputError:
    return InputError(
        f"{path} is too large to be a table (at most {most // 2**20:,} MB can be read): import it "
        "in parts."
    )
