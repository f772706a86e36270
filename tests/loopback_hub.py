"""A model hub on loopback: the paths that huggingface_hub asks for, over a folder of models.

It can misbehave: cut a download off after some bytes, ask for patience, give the wrong bytes.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REVISION = "0123456789abcdef0123456789abcdef01234567"
CDN = "/files/"  # where large files are sent on to, as on the real hub


class Hub(ThreadingHTTPServer):
    """Serves FOLDER/organisation/model/…; keeps what it was asked."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.asked: list[tuple[str, str, str]] = []  # method, path, range
        self.cut_after: list[int] = []  # the next downloads end after so many bytes
        self.busy = 0  # so many requests are answered with 429 first
        self.garble = False  # gives other bytes than it announced

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody hung up; that is what these tests are about."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("Range", "")))
        path = self.path.split("?")[0]
        if self.server.busy:
            self.server.busy -= 1
            self.say(429, b"slower, please", {"Retry-After": "0"}, body)
        elif path.startswith("/api/models/"):
            self.about(path.removeprefix("/api/models/").split("/revision/")[0], body)
        elif path.startswith(CDN):
            self.file(self.server.folder / path.removeprefix(CDN), body)
        elif "/resolve/" in path:
            name, _, rest = path.strip("/").partition("/resolve/")
            self.resolve(name, rest.split("/", 1)[1], body)
        else:
            self.say(404, b"{}", {"X-Error-Code": "EntryNotFound"}, body)

    def about(self, name: str, body: bool) -> None:
        folder = self.server.folder / name
        if not folder.is_dir():
            self.say(404, b'{"error": "none"}', {"X-Error-Code": "RepoNotFound"}, body)
            return
        files = [
            {"rfilename": path.relative_to(folder).as_posix()}
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        told = {"id": name, "sha": REVISION, "siblings": files, "cardData": {"license": "mit"}}
        self.say(200, json.dumps(told).encode(), {"Content-Type": "application/json"}, body)

    def resolve(self, name: str, file: str, body: bool) -> None:
        path = self.server.folder / name / file
        if not path.is_file():
            self.say(404, b"", {"X-Error-Code": "EntryNotFound"}, body)
            return
        data = path.read_bytes()
        headers = {"X-Repo-Commit": REVISION, "ETag": f'"{hashlib.sha1(data).hexdigest()}"'}  # noqa: S324
        if path.suffix == ".safetensors":
            headers |= {
                "X-Linked-Etag": f'"{hashlib.sha256(data).hexdigest()}"',
                "X-Linked-Size": str(len(data)),
                "Location": f"{self.server.address.replace('127.0.0.1', 'localhost')}"
                f"{CDN}{name}/{file}",
            }
            self.say(302, b"", headers, body)
        else:
            self.file(path, body, headers)

    def file(self, path: Path, body: bool, headers: dict[str, str] | None = None) -> None:
        data = path.read_bytes()
        if self.server.garble and path.suffix == ".safetensors":
            data = bytes(len(data))
        wanted, status, more = self.headers.get("Range", ""), 200, dict(headers or {})
        if wanted:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            more["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            data, status = data[start:], 206
        cut = None
        if body and path.suffix == ".safetensors" and self.server.cut_after:
            cut = self.server.cut_after.pop(0)
        self.say(status, data, {"Accept-Ranges": "bytes", **more}, body, cut)

    def say(
        self,
        status: int,
        data: bytes,
        headers: dict[str, str],
        body: bool,
        cut: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data if cut is None else data[:cut])
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True


@contextmanager
def loopback_hub(folder: Path) -> Iterator[Hub]:
    """The hub, answering in threads of its own, for as long as the block lasts."""
    hub = Hub(folder)
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        thread.join()
        hub.server_close()
