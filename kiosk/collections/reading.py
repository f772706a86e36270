"""From a file's bytes to its text, whatever program wrote it."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

from engine.errors import InputError

MOST_BYTES = 256 * 2**20  # of what must be in memory whole; other tables see `text_stream`
PART = 2**20  # bytes read at a time
COMPRESSED: dict[str, Callable[[BinaryIO], Any]] = {
    ".xz": lzma.LZMAFile,
    ".gz": lambda raw: gzip.GzipFile(fileobj=raw),
    ".bz2": bz2.BZ2File,
}
SIGNATURES = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF",
    b"SQLite format 3": "a database",
    b"\xff\xd8\xff": "a picture",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"\xfd7zXZ": "a compressed file",
    b"BZh": "a compressed file",
}
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text, and how it was read."""

    text: str
    encoding: str

    @property
    def note(self) -> str:
        """What staff should know of the encoding; empty for UTF-8, where nothing was guessed."""
        return encoding_note(self.encoding)


def encoding_note(encoding: str) -> str:
    """What staff should know of an encoding; empty for UTF-8, where nothing was guessed."""
    if encoding.startswith("utf-8"):
        return ""
    return f"read as {encoding}; if accents look wrong, save the file as UTF-8"


def read_text(path: Path) -> FileText:
    """The text of a file. Raises `InputError` where there is none to be had."""
    data = read_bytes(path)
    try:
        return decode(data)
    except ValueError as error:
        raise InputError(f"{path} {error}") from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked if its name ends as a compressed file's does.

    Never more than `MOST_BYTES` come into memory, whatever a file says of its size: a pipe that
    never ends and a few kilobytes that unpack to terabytes are refused alike, with `InputError`.
    """
    with blaming(path):
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _too_large(path, f"{size / 2**20:,.0f} MB; ")
        with path.open("rb") as raw, unpacking(path, raw) as file:
            parts: list[bytes] = []
            left = MOST_BYTES + 1
            while left and (part := file.read(min(left, PART))):
                parts.append(part)
                left -= len(part)
    if not left:
        raise _too_large(path, "")
    return b"".join(parts)


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Around reading a file: what goes wrong is an `InputError` that says so."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the name and the folder.") from None
    except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile):
        raise InputError(
            f"{path} is damaged or cut short; copy it again from its source."
        ) from None
    except OSError as error:
        reason = error.strerror or "it is not what its name says"
        raise InputError(
            f"{path} cannot be read ({reason}); check the file and its permissions."
        ) from error


def bare_suffix(path: Path) -> str:
    """The ending that tells the format: ".jsonl" for "poems.jsonl.xz"."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in COMPRESSED else suffix


def unpacking(path: Path, raw: BinaryIO) -> BinaryIO:
    """What is in an open file, unpacked if its name ends as a compressed file's does."""
    opener = COMPRESSED.get(path.suffix.lower())
    return raw if opener is None else cast("BinaryIO", opener(raw))


def _too_large(path: Path, size: str) -> InputError:
    return InputError(
        f"{path} is too large to be a table ({size}at most {MOST_BYTES // 2**20} MB can be read): "
        "import it in parts."
    )


def decode(data: bytes) -> FileText:
    """Text from bytes: by its byte order mark, as UTF-8, or as what it most probably is.

    Raises `ValueError` ("is …") for what is no text.
    """
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            raise ValueError(f"is {kind}, not a text: save it as CSV or JSON and import that.")
    encoding = _encoding(data)
    text = data.decode(encoding)
    if "\x00" in text:
        raise ValueError("is not a text (it holds zero bytes): save it as CSV or JSON.")
    return FileText(text, encoding)


def _encoding(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark) and _decodes(data, encoding):
            return encoding
    if b"\x00" in data:  # UTF-16 without a mark: every second byte of Latin letters is zero
        even, odd = data[0::2].count(0), data[1::2].count(0)
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        if _decodes(data, encoding) and "\x00" not in data.decode(encoding):
            return encoding
    if _decodes(data, "utf-8"):
        return "utf-8"
    if _is_korean(data):
        return "cp949"
    # By order, not by statistics: for the few accents of a poem those are wrong too often.
    if _decodes(data, "cp1252"):
        return "cp1252"
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    return "latin-1" if best is None else best.encoding


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _is_korean(data: bytes) -> bool:
    """Whether it reads as Korean: Hangul in words, and next to nothing else that is not ASCII.

    A Western accent may pair with the letter after it into one Hangul, but seldom twice in a row.
    """
    try:
        text = data.decode("cp949")
    except UnicodeError:
        return False
    foreign = [i for i, c in enumerate(text) if ord(c) > 127]
    hangul = [i for i in foreign if unicodedata.name(text[i], "").startswith("HANGUL")]
    in_words = sum(1 for a, b in pairwise(hangul) if b == a + 1)
    return len(hangul) >= 0.8 * len(foreign) and in_words >= 0.4 * len(hangul) > 0
