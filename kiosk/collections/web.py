"""Fetching from addresses that strangers wrote down: only from the public web, never for long.

A manifest may name any address, that of this machine's own services among them. So

1. only http and https are spoken;
2. a name is resolved here, every number that it has must be a public one, and it is to one of those
   that is connected: the name is not asked again, so it cannot change its mind in between;
3. each redirect is a new address, checked like the first;
4. what comes is counted in bytes, and all of it has to come in time, however steadily it drips.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

from engine.errors import InputError

if TYPE_CHECKING:
    import httpx2

PATIENCE = (429, 503)  # statuses of a server that wants to be asked later
REDIRECTS = (301, 302, 303, 307, 308)
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address within an IPv6 one


class FetchError(InputError):
    """An address from which nothing can be had, or nothing may."""


@dataclass(frozen=True, slots=True)
class WebLimits:
    """What is asked of others, and what is put up with."""

    private: bool = False  # machines of the own network may be asked, and this one
    redirects: int = 5
    silence: float = 15.0  # seconds without a byte
    longest: float = 120.0  # seconds for one address, redirects and all
    longest_wait: float = 30.0  # seconds that a server may ask us to wait; longer is a refusal
    most_bytes: int = 64 * 2**20  # of one address


class Web:
    """Asks one address after the other; keeps connections for the next one. Not thread-safe."""

    def __init__(self, limits: WebLimits | None = None) -> None:
        self.limits = WebLimits() if limits is None else limits
        self._clients: dict[tuple[str, str], httpx2.Client] = {}

    def fetch(self, address: str, *, accept: str = "*/*", most_bytes: int = 0) -> bytes:
        """What stands at an address. Raises `FetchError` with one sentence."""
        most = most_bytes or self.limits.most_bytes
        end = time.monotonic() + self.limits.longest
        asked = address
        waited = False
        for _ in range(self.limits.redirects + 2):
            status, headers, body = self._ask(asked, accept, most, end)
            if status == 200:
                return body
            if status in REDIRECTS and headers.get("location"):
                asked = _joined(asked, headers["location"])
                continue
            if status in PATIENCE and not waited and self._wait(headers, end):
                waited = True
                continue
            raise FetchError(f"{_shown(address)} answers with HTTP {status}.")
        raise FetchError(f"{_shown(address)} sends on from one address to the next without an end.")

    def _wait(self, headers: Mapping[str, str], end: float) -> bool:
        said = headers.get("retry-after", "1").strip()
        seconds = float(said) if said.isdigit() else 5.0
        if seconds > min(self.limits.longest_wait, end - time.monotonic()):
            return False
        time.sleep(seconds)
        return True

    def _ask(
        self, address: str, accept: str, most: int, end: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        import httpx2

        url = _url(address)
        host = url.raw_host.decode("ascii")  # as it goes over the wire, of any script
        number = self._checked(host, url.port, address)
        client = self._client(url.scheme, number, host)
        headers = {"Host": url.netloc.decode("ascii"), "Accept": accept}
        url = url.copy_with(host=number, fragment=None)
        left = end - time.monotonic()
        try:
            with (
                self._in_time(client, left, address),
                client.stream(
                    "GET", url, headers=headers, extensions={"sni_hostname": host}
                ) as response,
            ):
                if response.status_code != 200:
                    return response.status_code, response.headers, b""
                parts: list[bytes] = []
                size = 0
                for part in response.iter_bytes():
                    size += len(part)
                    if size > most:
                        raise FetchError(
                            f"{_shown(address)} sends more than {most / 2**20:,.0f} MB."
                        )
                    if time.monotonic() > end:
                        raise _too_slow(address)
                    parts.append(part)
                return 200, response.headers, b"".join(parts)
        except FetchError:
            raise
        except httpx2.TimeoutException:
            raise _too_slow(address) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
            if time.monotonic() > end:
                raise _too_slow(address) from None
            reason = str(error) or type(error).__name__
            raise FetchError(f"{_shown(address)} cannot be fetched ({reason}).") from None

    @contextmanager
    def _in_time(self, client: httpx2.Client, seconds: float, address: str) -> Iterator[None]:
        """Hang up when the time is over, even on headers that drip byte by byte."""
        if seconds <= 0:
            raise _too_slow(address)
        timer = threading.Timer(seconds, client.close)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            if client.is_closed:
                self._clients = {k: one for k, one in self._clients.items() if one is not client}

    def _checked(self, host: str, port: int | None, address: str) -> str:
        """An address of this host that may be connected to."""
        try:
            found = socket.getaddrinfo(host, port or 80, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, OverflowError):
            raise FetchError(f"{_shown(address)}: there is no host “{host[:80]}”.") from None
        numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self.limits.private:
            hidden = next((number for number in numbers if not is_public(number)), None)
            if hidden is not None:
                raise FetchError(
                    f"{_shown(address)} lies on a private network ({hidden}), which is not asked; "
                    "a technician may allow it with --allow-private-network."
                )
        if not numbers:
            raise FetchError(f"{_shown(address)}: there is no host “{host[:80]}”.")
        return numbers[0]

    def _client(self, scheme: str, number: str, host: str) -> httpx2.Client:
        import httpx2

        key = (f"{scheme}://{number}", host)  # a connection is never lent to another name
        if key not in self._clients:
            self._clients[key] = httpx2.Client(
                headers={"User-Agent": f"Ekphrasis/{metadata.version('ekphrasis')} (artworks)"},
                timeout=self.limits.silence,
                follow_redirects=False,
            )
        return self._clients[key]

    def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def is_public(number: str) -> bool:
    """Whether an address in numbers is one of the public internet's, whatever it is wrapped in."""
    try:
        address: Any = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if address.version == 6:
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            inner = address.teredo[1]
        if address in NAT64:
            inner = ipaddress.ip_address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return bool(address.is_global and not address.is_multicast and not address.is_reserved)


def _url(address: str) -> httpx2.URL:
    """The address, taken apart. Raises `FetchError` for what is none of the web's."""
    import httpx2

    try:
        url = httpx2.URL(address)
        sound = bool(url.host) and not url.userinfo and "%" not in url.host
    except (httpx2.InvalidURL, ValueError, TypeError):
        raise FetchError(f"{_shown(address)} is not an address that can be asked.") from None
    if url.scheme not in ("http", "https"):
        raise FetchError(f"{_shown(address)} is no address on the web; only http and https are.")
    if not sound:
        raise FetchError(f"{_shown(address)} is not an address that can be asked.")
    return url


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        raise FetchError(f"{_shown(address)} sends on to what is no address.") from None


def _shown(address: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in address[:200])


def _too_slow(address: str) -> FetchError:
    return FetchError(f"{_shown(address)} does not answer in time.")
