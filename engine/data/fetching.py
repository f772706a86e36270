"""Fetch a published set: its pictures, then pairs and split, written down.

1. The published file is copied into the folder once (`published.json`).
2. Every address without a final outcome in the log (`fetched.jsonl`) is asked, in parallel and
   politely. Each outcome goes into the log at once, so a fetch that was killed goes on where it
   stopped; one that failed for a reason that may pass is asked again in the next run.
3. The same bytes under several addresses are no photograph but a service's "unavailable", and
   are dropped like those that were recognised by their address.
4. The split is drawn over all that was published, by seed, and written down for what was kept:
   so it does not depend on what had vanished on the day.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING

from engine.data.multim_poem import Published, read_published
from engine.data.one_picture import Outcome, Result, fetch_picture
from engine.data.pairs import (
    PoemPair,
    Split,
    read_split,
    write_pairs,
    write_split,
    write_whole,
)
from engine.data.politeness import Manners, Service, service_of, wait_for
from engine.data.splitting import draw_split
from engine.errors import InputError

if TYPE_CHECKING:
    import httpx2

PUBLISHED = "published.json"
LOG = "fetched.jsonl"
REPORT = "report.json"
PICTURES = "images"
SAME_BYTES = 3  # under so many addresses a picture is a placeholder
DEFAULT_SEED = 2022  # the paper's year; it names no seed
Told = Callable[[int, int], None]  # addresses done, addresses in all


@dataclass(frozen=True, slots=True)
class Report:
    """What a fetch brought. Counts are of pairs, except `outcomes`, which counts addresses."""

    published: int
    kept: int
    train: int
    test: int
    seed: int
    outcomes: Mapping[str, int]
    again: int  # addresses that the next run will ask again


def fetch_multim_poem(
    source: str,
    folder: Path,
    *,
    seed: int = DEFAULT_SEED,
    limit: int | None = None,
    manners: Manners | None = None,
    contact: str = "",
    told: Told = lambda _done, _total: None,
) -> Report:
    """Bring the set into `folder`, or go on where an earlier call stopped.

    `source` is a path or an address of the published file; with `limit` only its first entries
    are fetched. Raises `InputError` for a file that is not the published kind, or a split in the
    folder that was drawn by another seed.
    """
    manners = Manners() if manners is None else manners
    folder.mkdir(parents=True, exist_ok=True)
    split = read_split(folder)
    if split is not None and split.seed != seed:
        raise InputError(
            f"{folder} was split with seed {split.seed}, not {seed}; give --seed {split.seed}, "
            "or fetch into another folder."
        )
    try:
        published, results = _bring(source, folder, limit, manners, contact, told)
        return _write(folder, published, results, seed)
    except OSError as problem:
        raise InputError(f"{folder} cannot be written ({problem}); check the disk.") from None


def _bring(
    source: str, folder: Path, limit: int | None, manners: Manners, contact: str, told: Told
) -> tuple[Sequence[Published], Mapping[str, Result]]:
    import httpx2

    with httpx2.Client(
        headers={"User-Agent": user_agent(contact)},
        timeout=manners.silence,
        follow_redirects=True,
        limits=httpx2.Limits(max_connections=None),
    ) as client:
        published = _published(client, source, folder, manners)[:limit]
        log = _Log(folder)
        try:
            _fetch_all(client, published, folder, log, manners, told)
        finally:
            log.close()
    return published, log.results


def user_agent(contact: str) -> str:
    """Who asks, so that a service can tell its visitors apart, and write to one."""
    about = f"; {contact}" if contact else ""
    return f"Ekphrasis/{metadata.version('ekphrasis')} (fetching a research data set{about})"


def _published(
    client: httpx2.Client, source: str, folder: Path, manners: Manners
) -> Sequence[Published]:
    """The published entries; the file is kept, so that going on asks for it no more."""
    copy = folder / PUBLISHED
    if not copy.exists():
        if source.startswith(("http://", "https://")):
            text = _text(client, source, manners)
        else:
            try:
                text = Path(source).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as problem:
                raise InputError(f"{source} cannot be read ({problem}).") from None
        write_whole(copy, text)
    try:
        return read_published(copy)
    except InputError:
        copy.unlink()  # it is not what it should be, and must not stand in the way of another
        raise


def _text(client: httpx2.Client, address: str, manners: Manners) -> str:
    import httpx2

    problem = ""
    for attempt in range(1, manners.attempts + 1):
        try:
            response = client.get(address)
            if response.status_code == 200:
                return str(response.text)
            problem = f"HTTP {response.status_code}"
            if response.status_code in (401, 403, 404, 410):
                break
        except (httpx2.TransportError, httpx2.TooManyRedirects, httpx2.InvalidURL) as error:
            problem = str(error) or type(error).__name__
            response = None
        if attempt < manners.attempts:
            headers = {} if response is None else dict(response.headers)
            threading.Event().wait(min(60.0, wait_for(headers, attempt, manners.first_wait)))
    raise InputError(
        f"{address} cannot be fetched ({problem}); give the file with --json, by path or address."
    )


class _Log:
    """The outcome of each address, one JSON line each, appended as it comes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOG
        self._pictures = folder / PICTURES
        self._pictures.mkdir(parents=True, exist_ok=True)
        self.results: dict[str, Result] = {}
        self._read()
        self._file: IO[str] = self._path.open("a", encoding="utf-8")
        if self._torn:
            self._file.write("\n")

    def _read(self) -> None:
        text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        self._torn = bool(text) and not text.endswith("\n")  # killed while it wrote
        for line in text.split("\n"):
            try:
                row = json.loads(line)
                result = Result(**{**row, "outcome": Outcome(row["outcome"])})
            except (ValueError, TypeError, KeyError):
                continue
            if result.outcome is Outcome.KEPT and not (self._pictures / result.file).is_file():
                self.results.pop(result.address, None)
                continue
            self.results[result.address] = result

    def add(self, result: Result) -> None:
        self.results[result.address] = result
        self._file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def _fetch_all(
    client: httpx2.Client,
    published: Sequence[Published],
    folder: Path,
    log: _Log,
    manners: Manners,
    told: Told,
) -> None:
    stems = {one.address: _stem(one.id) for one in reversed(published)}  # the first id names it
    wanted = [
        address
        for address in dict.fromkeys(one.address for one in published)
        if address not in log.results or not log.results[address].outcome.final
    ]
    done = len(stems) - len(wanted)
    told(done, len(stems))
    stop = threading.Event()
    services: dict[str, Service] = defaultdict(lambda: Service(manners, stop))
    for address in wanted:
        services[service_of(address)]  # made here, in one thread
    # More threads than one service lets in, so that a slow one does not hold up the others.
    with ThreadPoolExecutor(manners.at_once * min(4, max(1, len(services)))) as pool:
        pending: set[Future[Result]] = {
            pool.submit(
                fetch_picture,
                client,
                address,
                folder / PICTURES,
                stems[address],
                services[service_of(address)],
                manners,
            )
            for address in wanted
        }
        try:
            while pending:
                ready, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in ready:
                    log.add(future.result())
                    done += 1
                    told(done, len(stems))
        except BaseException:
            stop.set()
            for future in pending:
                future.cancel()
            for future in pending:
                # What was under way is either done, and worth keeping, or wakes and stops.
                if not future.cancelled():
                    with suppress(Exception):  # one is being raised already
                        log.add(future.result())
            raise


def _stem(identity: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in identity)


def _write(
    folder: Path, published: Sequence[Published], results: Mapping[str, Result], seed: int
) -> Report:
    """Pairs, split and report, from what the log says."""
    results = _without_repeated(results)
    everything = [PoemPair(one.id, Path(one.address), one.poem) for one in published]
    pairs = [
        PoemPair(one.id, folder / PICTURES / results[one.address].file, one.poem)
        for one in published
        if one.address in results and results[one.address].outcome is Outcome.KEPT
    ]
    drawn = draw_split(everything, seed)
    kept = {pair.id for pair in pairs}
    split = Split(
        seed,
        tuple(one for one in drawn.train if one in kept),
        tuple(one for one in drawn.test if one in kept),
    )
    addresses = dict.fromkeys(one.address for one in published)
    outcomes = Counter(results[one].outcome for one in addresses if one in results)
    report = Report(
        published=len(published),
        kept=len(pairs),
        train=len(split.train),
        test=len(split.test),
        seed=seed,
        outcomes={outcome.value: outcomes[outcome] for outcome in Outcome},
        again=sum(count for outcome, count in outcomes.items() if not outcome.final),
    )
    write_pairs(folder, pairs)
    write_split(folder, split)
    write_whole(folder / REPORT, json.dumps(asdict(report), indent=1) + "\n")
    return report


def _without_repeated(results: Mapping[str, Result]) -> dict[str, Result]:
    """The same results, with bytes that came from many addresses taken for placeholders."""
    times = Counter(one.sha256 for one in results.values() if one.outcome is Outcome.KEPT)
    return {
        address: replace(one, outcome=Outcome.PLACEHOLDER, why="the same bytes elsewhere")
        if one.outcome is Outcome.KEPT and times[one.sha256] >= SAME_BYTES
        else one
        for address, one in results.items()
    }
