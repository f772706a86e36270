"""A web server on loopback that gives what a test wrote down, and misbehaves where told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    """One answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    misbehave: Callable[[Handler], None] | None = None


class Site(ThreadingHTTPServer):
    """Gives `pages` by path, or what `otherwise` says; keeps what it was asked."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Handler)
        self.pages: dict[str, Page] = {}
        self.otherwise: Callable[[str], Page] = lambda _path: Page(status=404)
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self.over = threading.Event()  # the test has seen enough: who holds a visitor lets go

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody hung up; that is what these tests are about."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.hosts.append(self.headers.get("Host", ""))
        page = self.server.pages.get(self.path) or self.server.otherwise(self.path)
        if page.misbehave is not None:
            page.misbehave(self)
            self.close_connection = True
            return
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)


def never_answers(visitor: Handler) -> None:
    """Holds the line until the test is over."""
    visitor.server.over.wait(30)


def drips_headers(visitor: Handler) -> None:
    """Sends a header that never ends, byte by byte."""
    visitor.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not visitor.server.over.wait(0.02):
        visitor.wfile.write(b"x")
        visitor.wfile.flush()


def drips_forever(visitor: Handler) -> None:
    """Sends a body that never ends, a little at a time."""
    visitor.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while not visitor.server.over.wait(0.02):
        visitor.wfile.write(b"x")
        visitor.wfile.flush()


def hangs_up(visitor: Handler) -> None:
    """Ends in the middle of what it announced."""
    visitor.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


@contextmanager
def loopback_web(host: str = "127.0.0.1") -> Iterator[Site]:
    """The server, answering in threads of its own, for as long as the block lasts."""
    site = Site(host)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        site.shutdown()
        thread.join()
        site.server_close()
