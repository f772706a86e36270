"""Files of a model hub: over the network, from a mirror (HF_ENDPOINT), or from a local folder.

`huggingface_hub` says what there is and where; the bytes are fetched here, because a download that
was killed must go on where it stopped, and since its version 2 that library begins again. What is
fetched stays in a folder of downloads until the installation that wanted it is done.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from engine.bundles import Progress, sha256_of, silent
from engine.errors import BundleError

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo
    from huggingface_hub.file_download import HfFileMetadata

DEFAULT_ENDPOINT = "https://huggingface.co"
SECONDS = 30.0  # without a byte, then the connection is given up
ATTEMPTS = 6  # in a row without a new byte
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Repository:
    """What a hub offers under one name."""

    name: str  # "organisation/model"
    revision: str  # the commit; empty where nobody knows
    files: Sequence[str]
    licence: str = ""  # as its card says it, for example "mit"


class Hub(Protocol):
    """Where files of models come from."""

    def repository(self, name: str) -> Repository:
        """What is there. Raises `BundleError` where it cannot be asked, or has no such name."""
        ...

    def bring(self, repository: Repository, file: str, progress: Progress = silent) -> Path:
        """The file on this machine, whole and right. Raises `BundleError`."""
        ...


class FolderHub:
    """A folder that holds what a hub would give.

    Looked for, in this order: FOLDER/organisation/model, FOLDER/model, the layout of a hub's own
    cache (FOLDER/models--organisation--model/snapshots/…), and FOLDER itself where `alone`.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        self._folder = folder
        self._alone = alone

    def repository(self, name: str) -> Repository:
        folder = self._find(name)
        files = [
            path.relative_to(folder).as_posix()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        revision = folder.name if folder.parent.name == "snapshots" else ""
        return Repository(name, revision, files, _licence_of_card(folder / "README.md"))

    def bring(self, repository: Repository, file: str, progress: Progress = silent) -> Path:
        path = self._find(repository.name) / file
        if not path.is_file():
            raise BundleError(f"{path} is missing; copy the whole model.")
        progress(file, path.stat().st_size, path.stat().st_size)
        return path

    def _find(self, name: str) -> Path:
        cached = self._folder / f"models--{name.replace('/', '--')}" / "snapshots"
        places = [self._folder / name, self._folder / name.rsplit("/", maxsplit=1)[-1]]
        places += sorted(cached.iterdir()) if cached.is_dir() else []
        places += [self._folder] if self._alone else []
        for place in places:
            if place.is_dir() and any(place.glob("*.*")):
                return place
        raise BundleError(
            f"There is no {name} in {self._folder}; copy the model's files to "
            f"{self._folder / name}."
        )


class OnlineHub:
    """The hub that HF_ENDPOINT names, or the public one; HF_TOKEN is used where it is set."""

    def __init__(
        self,
        downloads: Path,
        endpoint: str | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._downloads = downloads
        self._endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/")
        self._pause = pause

    def repository(self, name: str) -> Repository:
        with self._told(name):
            info = self._about(name)
        licence = getattr(info.card_data, "license", "") if info.card_data else ""
        files = [one.rfilename for one in info.siblings or ()]
        return Repository(name, info.sha or "", files, str(licence or ""))

    def bring(self, repository: Repository, file: str, progress: Progress = silent) -> Path:
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        with self._told(repository.name):
            revision = repository.revision or None
            url = hf_hub_url(repository.name, file, revision=revision, endpoint=self._endpoint)
            about = get_hf_file_metadata(url, endpoint=self._endpoint, retry_on_errors=True)
        # The etag of a large file is its sha256; the name of the download follows from it, so a
        # file that changed on the hub is never glued to the half of an older one.
        tag = about.etag or hashlib.sha256(url.encode()).hexdigest()
        folder = self._downloads / re.sub(r"\W", "-", tag)[:64]
        whole, part = folder / Path(file).name, folder / "part"
        if not self._right(whole, about):
            folder.mkdir(parents=True, exist_ok=True)
            with self._told(repository.name):
                self._fetch(about, part, file, progress)
            if not self._right(part, about):
                part.unlink()
                raise BundleError(
                    f"What {self._endpoint} gave for {file} of {repository.name} is not what it "
                    "announced; nothing was installed: try again, or use another mirror."
                )
            part.replace(whole)
        return whole

    def _about(self, name: str) -> ModelInfo:
        import httpx2
        from huggingface_hub import HfApi

        for wait in (2.0, 4.0, None):
            try:
                return HfApi(endpoint=self._endpoint).model_info(name)
            except httpx2.HTTPError as problem:
                if wait is None or _hopeless(problem):
                    raise
                self._pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def clear(self) -> None:
        """Delete what was fetched; for after an installation."""
        shutil.rmtree(self._downloads, ignore_errors=True)

    def _right(self, path: Path, about: HfFileMetadata) -> bool:
        if not path.is_file() or about.size not in (None, path.stat().st_size):
            return False
        return not SHA256.fullmatch(about.etag or "") or sha256_of(path) == about.etag

    def _fetch(self, about: HfFileMetadata, part: Path, file: str, progress: Progress) -> None:
        """Bring `part` to its full length, from where it ends."""
        import httpx2

        failures = 0
        while True:
            held = part.stat().st_size if part.exists() else 0
            if about.size is not None and held >= about.size:
                if held > about.size:
                    part.unlink()
                    continue
                return
            try:
                if self._read_on(about, part, held, file, progress):
                    return
            except (httpx2.TransportError, httpx2.HTTPStatusError) as problem:
                gone_on = part.exists() and part.stat().st_size > held
                failures = 0 if gone_on else failures + 1
                if failures >= ATTEMPTS or _hopeless(problem):
                    raise
                self._pause(min(2.0**failures, 30.0))

    def _read_on(
        self, about: HfFileMetadata, part: Path, held: int, file: str, progress: Progress
    ) -> bool:
        """One request; true where the server said that this was all."""
        import httpx2
        from huggingface_hub.utils._headers import build_hf_headers

        # Where the hub sends on to a server of files, that one gets no token of ours.
        same = urlsplit(about.location).netloc == urlsplit(self._endpoint).netloc
        headers = build_hf_headers(library_name="ekphrasis", token=None if same else False)
        headers["Accept-Encoding"] = "identity"
        if held:
            headers["Range"] = f"bytes={held}-"
        with httpx2.stream(
            "GET", about.location, headers=headers, timeout=SECONDS, follow_redirects=True
        ) as answer:
            answer.raise_for_status()
            # 206: the rest, as asked; 200: a server that knows no ranges begins anew.
            goes_on = held > 0 and answer.status_code == 206
            done = held if goes_on else 0
            with part.open("ab" if goes_on else "wb") as out:
                # As they come: gathered into larger blocks, the last ones before a cut were lost.
                for block in answer.iter_raw():
                    out.write(block)
                    done += len(block)
                    progress(file, done, about.size or done)
        return about.size is None or done == about.size

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """The hub's and the network's troubles, in a sentence each."""
        import httpx2
        from huggingface_hub.errors import (
            EntryNotFoundError,
            GatedRepoError,
            HFValidationError,
            OfflineModeIsEnabled,
            RepositoryNotFoundError,
        )

        try:
            yield
        except GatedRepoError:
            raise BundleError(
                f"{name} asks for an agreement first: accept it on the hub's page, set HF_TOKEN, "
                "and try again."
            ) from None
        except HFValidationError as problem:
            raise BundleError(f"{name!r} is no name of a model on a hub ({problem}).") from None
        except (RepositoryNotFoundError, EntryNotFoundError):
            raise BundleError(
                f"{self._endpoint} has no {name}, or not this file of it; check the name."
            ) from None
        except (httpx2.HTTPError, OfflineModeIsEnabled, OSError) as problem:
            said = str(problem).strip().split("\n")[0] or type(problem).__name__
            raise BundleError(
                f"The model hub {self._endpoint} did not give {name} ({said}). Try again to go on "
                "where it stopped; or name a mirror with HF_ENDPOINT, or a folder with --from."
            ) from None


def _hopeless(problem: Exception) -> bool:
    """Whether asking again cannot help: the server knows us and says no."""
    status = getattr(getattr(problem, "response", None), "status_code", 500)
    return 400 <= status < 500 and status not in (408, 416, 425, 429)


def _licence_of_card(card: Path) -> str:
    """`license: mit` in the head of a model's README."""
    if not card.is_file():
        return ""
    head = card.read_text(encoding="utf-8", errors="replace").split("\n---", 1)[0]
    found = re.search(r"^license:\s*(\S+)", head, re.MULTILINE)
    return found.group(1) if found else ""
