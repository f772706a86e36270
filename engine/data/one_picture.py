"""One picture from its address: fetched whole, proved to be a picture, or a reason why not."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.politeness import LONGEST_WAIT, Manners, Service, wait_for
from engine.errors import PictureError
from engine.picture import load_picture

if TYPE_CHECKING:
    import httpx2

MOST_BYTES = 40 << 20
LEAST_SIDE = 32  # px; what is smaller is a spacer or a counter
# Where services send those who ask for a picture that is gone, e.g. s.yimg.com/pw/images/en-us/
# photo_unavailable.png for Flickr.
PLACEHOLDER = re.compile(
    r"unavailable|not[-_]?found|no[-_]?(image|photo)|removed|deleted|placeholder|missing",
    re.IGNORECASE,
)
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp"}
GONE = (400, 401, 403, 404, 405, 406, 410, 451)


class Outcome(StrEnum):
    """What became of one address. The last two may go well another day and are asked again."""

    KEPT = "kept"
    GONE = "gone"
    PLACEHOLDER = "placeholder"
    NO_PICTURE = "no picture"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"

    @property
    def final(self) -> bool:
        """Whether asking again would be pointless."""
        return self not in (Outcome.DAMAGED, Outcome.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for one address, as it stands in the fetch's log."""

    address: str
    outcome: Outcome
    file: str = ""  # name in the folder of pictures, where it was kept
    sha256: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Again:
    """This attempt failed in a way that another may not."""

    result: Result
    wait: float


def fetch_picture(
    client: httpx2.Client,
    address: str,
    folder: Path,
    stem: str,
    service: Service,
    manners: Manners,
) -> Result:
    """Ask until there is an answer, at most `manners.attempts` times.

    A kept picture lies in `folder` as `stem` with the suffix of its kind, moved into place whole.
    Raises `StoppedError` when the fetch is broken off meanwhile.
    """
    answer: Result | _Again | None = None
    for attempt in range(1, manners.attempts + 1):
        with service.turn():
            answer = _attempt(client, address, folder, stem, manners, attempt)
        if isinstance(answer, Result):
            return answer
        if answer.wait > LONGEST_WAIT:
            break
        if answer.result.why in ("HTTP 429", "HTTP 503"):  # the service means everybody
            service.rest(answer.wait)
        if attempt < manners.attempts:
            service.sleep(answer.wait)
    assert isinstance(answer, _Again)  # noqa: S101 - there is at least one attempt
    return answer.result


def _attempt(
    client: httpx2.Client,
    address: str,
    folder: Path,
    stem: str,
    manners: Manners,
    attempt: int,
) -> Result | _Again:
    import httpx2

    def again(outcome: Outcome, why: str, headers: dict[str, str] | None = None) -> _Again:
        wait = wait_for(headers or {}, attempt, manners.first_wait)
        return _Again(Result(address, outcome, why=why), wait)

    try:
        with client.stream("GET", address) as response:
            status = response.status_code
            if _is_placeholder(response, address):
                return Result(address, Outcome.PLACEHOLDER, why=str(response.url))
            if status in GONE:
                return Result(address, Outcome.GONE, why=f"HTTP {status}")
            if status != 200:
                headers = {"Retry-After": response.headers.get("Retry-After", "")}
                return again(Outcome.UNREACHABLE, f"HTTP {status}", headers)
            kind = response.headers.get("Content-Type", "image/").split(";")[0].strip()
            if not kind.startswith(("image/", "application/octet-stream", "binary/")):
                return Result(address, Outcome.NO_PICTURE, why=kind)
            data = _read(response, manners.longest)
    except _TooMuchError as problem:
        return again(Outcome.UNREACHABLE, str(problem))
    except httpx2.TooManyRedirects:
        return Result(address, Outcome.GONE, why="redirects in a circle")
    except (httpx2.TransportError, httpx2.InvalidURL) as problem:
        return again(Outcome.UNREACHABLE, f"{type(problem).__name__}: {problem}"[:200])
    return _keep(address, data, folder, stem) or again(Outcome.DAMAGED, "cut off or damaged")


class _TooMuchError(Exception):
    """The picture is too large, or drips too slowly."""


def _read(response: httpx2.Response, longest: float) -> bytes:
    start, data = time.monotonic(), bytearray()
    for block in response.iter_bytes():
        data += block
        if len(data) > MOST_BYTES:
            raise _TooMuchError(f"more than {MOST_BYTES >> 20} MB")
        if time.monotonic() - start > longest:
            raise _TooMuchError(f"not done after {longest:.0f} s")
    return bytes(data)


def _is_placeholder(response: httpx2.Response, asked: str) -> bool:
    """Whether the request was sent on to a picture that says there is none."""
    final = str(response.url)
    return final != asked and PLACEHOLDER.search(final.rsplit("/", 1)[-1]) is not None


def _keep(address: str, data: bytes, folder: Path, stem: str) -> Result | None:
    """The result for bytes that came whole; None where they are a broken picture."""
    from PIL import Image, UnidentifiedImageError

    part = folder / f".{stem}.part"
    part.write_bytes(data)
    try:
        with Image.open(part) as header:
            kind, size = header.format or "", header.size
        if min(size) < LEAST_SIDE:
            return Result(address, Outcome.NO_PICTURE, why=f"{size[0]} x {size[1]} pixels")
        load_picture(part)
    except UnidentifiedImageError:
        return Result(address, Outcome.NO_PICTURE, why="not the bytes of a picture")
    except (PictureError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None
    else:
        name = stem + SUFFIXES.get(kind, f".{kind.lower()}")
        part.replace(folder / name)
        return Result(address, Outcome.KEPT, name, hashlib.sha256(data).hexdigest())
    finally:
        part.unlink(missing_ok=True)
