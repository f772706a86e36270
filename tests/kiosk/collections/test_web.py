"""Only the public web is asked, never for long: against real servers that do not behave."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.collections import web as web_module
from kiosk.collections.web import FetchError, Web, WebLimits, is_public
from tests.loopback_web import (
    Page,
    Site,
    drips_forever,
    drips_headers,
    hangs_up,
    loopback_web,
    never_answers,
)


@pytest.fixture
def site() -> Iterator[Site]:
    with loopback_web() as running:
        yield running


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(WebLimits(private=True, silence=5, longest=20, most_bytes=1000)) as inside:
        yield inside


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "nonsense",
    ],
)  # fmt: skip
def test_numbers_that_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_numbers_that_are_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "ftp://example.org/x", "gopher://example.org/", "data:text/plain,x",
        "/etc/passwd", "", "http://", "http:///x", "https://me:secret@example.org/", "http://[::1",
        "http://exa mple.org/", "javascript:alert(1)", "http://example.org:99999/", "HTTP:x",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web(web: Web, address: str) -> None:
    with pytest.raises(FetchError):
        web.fetch(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_this_machine_is_not_asked(site: Site, host: str) -> None:
    with Web() as outside, pytest.raises(FetchError, match=r"private network|no host"):
        outside.fetch(f"http://{host}:{site.port}/x")
    assert site.asked == []


def test_what_is_there_comes(site: Site, web: Web) -> None:
    site.pages["/a?b=c"] = Page(b"here")
    site.pages["/from"] = Page(status=302, headers={"Location": "a?b=c"})
    assert web.fetch(f"{site.address}/a?b=c#part") == b"here"
    assert web.fetch(f"{site.address}/from") == b"here"
    assert site.asked == ["/a?b=c", "/from", "/a?b=c"]
    with pytest.raises(FetchError, match="answers with HTTP 404"):
        web.fetch(f"{site.address}/nowhere")


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("/round", "sends on from one address to the next"),
        ("http://[", "no address|not an address"),
        ("http://127.0.0.2:{port}/secret", "private network"),
        ("//127.0.0.2:{port}/secret", "private network"),
    ],
)
def test_redirects_are_addresses_like_others(
    site: Site, monkeypatch: pytest.MonkeyPatch, location: str, words: str
) -> None:
    # One loopback number plays the public web here, the other this machine.
    monkeypatch.setattr(web_module, "is_public", lambda number: number == "127.0.0.1")
    site.pages["/round"] = Page(status=301, headers={"Location": location.format(port=site.port)})
    with Web() as outside, pytest.raises(FetchError, match=words):
        outside.fetch(f"{site.address}/round")
    assert set(site.asked) == {"/round"}


def test_a_name_is_resolved_once_and_that_number_is_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of names that gives a public number first, and then this machine's."""
    answers = iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
    real = socket.getaddrinfo

    def changing(host: str, port: Any, *rest: Any, **more: Any) -> Any:
        if host == "rebind.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]
        return real(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(web_module, "is_public", lambda number: number == "127.0.0.1")
    site.pages["/x"] = Page(b"public")
    with Web() as outside:
        assert outside.fetch(f"http://rebind.example:{site.port}/x") == b"public"
        assert site.hosts == [f"rebind.example:{site.port}"]
        with pytest.raises(FetchError, match=r"private network \(127\.0\.0\.2\)"):
            outside.fetch(f"http://rebind.example:{site.port}/x")


def test_one_hidden_number_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (number, 80)) for number in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with Web() as outside, pytest.raises(FetchError, match=r"private network \(10\.0\.0\.1\)"):
        outside.fetch("http://both.example/x")


@pytest.mark.parametrize("manner", [never_answers, drips_headers, drips_forever])
def test_a_server_that_never_comes_to_an_end(site: Site, manner: Any) -> None:
    site.pages["/slow"] = Page(misbehave=manner)
    site.pages["/good"] = Page(b"good")
    limits = WebLimits(private=True, silence=0.3, longest=0.6)
    with Web(limits) as patient:
        with pytest.raises(FetchError, match="does not answer in time"):
            patient.fetch(f"{site.address}/slow")
        assert (
            patient.fetch(f"{site.address}/good") == b"good"
        )  # the next one is asked all the same


def test_too_much_too_little_and_nobody(site: Site, web: Web) -> None:
    site.pages["/large"] = Page(bytes(2000))
    site.pages["/half"] = Page(misbehave=hangs_up)
    with pytest.raises(FetchError, match="sends more than"):
        web.fetch(f"{site.address}/large")
    with pytest.raises(FetchError, match="cannot be fetched"):
        web.fetch(f"{site.address}/half")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(FetchError, match="cannot be fetched"):
        web.fetch(f"http://127.0.0.1:{port}/")
    with pytest.raises(FetchError, match="there is no host"):
        web.fetch("http://no-such-host.invalid/")


def test_a_server_may_ask_for_patience_once(site: Site, web: Web) -> None:
    answers = iter([Page(status=503, headers={"Retry-After": "0"}), Page(b"now")])
    site.otherwise = lambda _path: next(answers)
    assert web.fetch(f"{site.address}/busy") == b"now"
    site.otherwise = lambda _path: Page(status=429, headers={"Retry-After": "9999"})
    with pytest.raises(FetchError, match="HTTP 429"):
        web.fetch(f"{site.address}/busy")
