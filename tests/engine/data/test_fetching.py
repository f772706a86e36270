"""A fetch from a server on loopback that misbehaves in every way that the world does."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.data.fetching import fetch_multim_poem, user_agent
from engine.data.pairs import read_pairs, read_split
from engine.data.politeness import Manners, service_of, wait_for
from engine.data.splitting import normal
from engine.errors import InputError

QUICK = Manners(at_once=4, apart=0.0, attempts=3, first_wait=0.01, silence=0.5, longest=1.0)


def jpeg(number: int, side: int = 48) -> bytes:
    image = Image.new("RGB", (side, side), (number * 37 % 256, number * 91 % 256, 120))
    image.putpixel((number % side, number // side % side), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.delay = 0.0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody hung up; that is what these tests are about."""

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        server, path = self.server, self.path.strip("/")
        with server.lock:
            server.asked[path] += 1
            server.agents.add(self.headers["User-Agent"])
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
            times = server.asked[path]
        try:
            time.sleep(server.delay)
            self.answer(path, times)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with server.lock:
                server.at_once -= 1

    def answer(self, path: str, times: int) -> None:
        kind, _, rest = path.partition("/")
        number = int(rest.split(".")[0]) if rest.split(".")[0].isdigit() else 0
        if kind == "good" or (kind in ("once429", "once503", "oncecut", "date429") and times > 1):
            self.say(200, jpeg(number))
        elif kind == "gone":
            self.say(404, b"not here", {"Content-Type": "text/html"})
        elif kind in ("once429", "once503"):
            self.say(int(kind[4:]), b"", {"Retry-After": "0"})
        elif kind == "date429":
            self.say(429, b"", {"Retry-After": formatdate(time.time() + 1.2, usegmt=True)})
        elif kind == "tomorrow":
            self.say(429, b"", {"Retry-After": "86400"})
        elif kind == "always500":
            self.say(500, b"")
        elif kind == "oncecut":
            self.say(200, jpeg(number), cut=200)
        elif kind == "halfjpeg":  # whole as far as HTTP can tell, and half a picture
            self.say(200, jpeg(number)[:400])
        elif kind == "page":
            self.say(200, b"<html>sorry</html>", {"Content-Type": "text/html"})
        elif kind == "liar":
            self.say(200, b"<html>sorry</html>")
        elif kind == "spacer":
            self.say(200, jpeg(number, 1))
        elif kind == "redirect":
            self.say(302, b"", {"Location": "/images/en-us/photo_unavailable.png"})
        elif kind == "moved":
            self.say(301, b"", {"Location": f"/good/{number}.jpg"})
        elif kind == "circle":
            self.say(302, b"", {"Location": f"/circle/{number}.jpg"})
        elif kind == "same" or path.endswith("photo_unavailable.png"):
            self.say(200, jpeg(7777))
        elif kind == "silent":
            time.sleep(1.5)
            self.say(200, jpeg(number))
        elif kind == "drip":
            self.drip(jpeg(number))
        elif kind == "published.json":
            self.say(200, b"[]", {"Content-Type": "application/json"})
        else:
            self.say(404, b"")

    def drip(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        for at in range(len(data)):
            self.wfile.write(data[at : at + 1])
            self.wfile.flush()
            time.sleep(0.02)

    def say(
        self,
        status: int,
        data: bytes,
        headers: dict[str, str] | None = None,
        cut: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "image/jpeg", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if cut is None else data[:cut])
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True


@pytest.fixture
def server() -> Iterator[Server]:
    serving = Server()
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


def publish(
    path: Path, server: Server, pictures: list[str], poems: list[str] | None = None
) -> Path:
    rows = [
        {
            "poem": poems[at] if poems else f"poem number {at}\nabout {name}",
            "image_url": server.address(name),
            "id": at,
        }
        for at, name in enumerate(pictures)
    ]
    path.write_text(json.dumps(rows))
    return path


def test_everything_that_can_go_wrong(tmp_path: Path, server: Server) -> None:
    kinds = {
        "good/1.jpg": "kept",
        "once429/2.jpg": "kept",
        "once503/3.jpg": "kept",
        "date429/4.jpg": "kept",
        "oncecut/5.jpg": "kept",
        "moved/6.jpg": "kept",
        "gone/7.jpg": "gone",
        "circle/8.jpg": "gone",
        "redirect/9.jpg": "placeholder",
        "same/10.jpg": "placeholder",
        "same/11.jpg": "placeholder",
        "same/12.jpg": "placeholder",
        "page/13.jpg": "no picture",
        "liar/14.jpg": "no picture",
        "spacer/15.jpg": "no picture",
        "halfjpeg/16.jpg": "damaged",
        "always500/17.jpg": "unreachable",
        "silent/18.jpg": "unreachable",
        "drip/19.jpg": "unreachable",
    }
    source = publish(tmp_path / "published.json", server, list(kinds))
    seen: list[tuple[int, int]] = []
    out = tmp_path / "out"
    report = fetch_multim_poem(
        str(source), out, manners=QUICK, told=lambda done, total: seen.append((done, total))
    )
    wanted = Counter(kinds.values())
    assert report.outcomes == dict(wanted)
    assert (report.published, report.kept, report.again) == (19, 6, 4)
    assert report.train + report.test == 6
    assert seen[0] == (0, 19)
    assert seen[-1] == (19, 19)
    pairs = read_pairs(out)
    assert [pair.id for pair in pairs] == ["0", "1", "2", "3", "4", "5"]
    for pair in pairs:
        with Image.open(pair.image) as image:
            image.load()
    assert server.asked["gone/7.jpg"] == 1, "what is gone is not asked for again"
    assert server.asked["always500/17.jpg"] == QUICK.attempts
    assert json.loads((out / "report.json").read_text())["outcomes"] == report.outcomes
    assert not list((out / "images").glob(".*"))

    server.asked.clear()
    again = fetch_multim_poem(str(tmp_path / "no-longer-there"), out, manners=QUICK)
    assert again == report
    assert {name.split("/")[0] for name in server.asked} == {
        "halfjpeg",
        "always500",
        "silent",
        "drip",
    }


def test_a_service_that_wants_to_be_left_alone(tmp_path: Path, server: Server) -> None:
    source = publish(tmp_path / "p.json", server, ["tomorrow/1.jpg", "good/2.jpg"])
    start = time.monotonic()
    report = fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK)
    assert report.outcomes["unreachable"] == 1
    assert server.asked["tomorrow/1.jpg"] == 1
    assert time.monotonic() - start < 10


def test_never_more_at_once_than_promised(tmp_path: Path, server: Server) -> None:
    server.delay = 0.03
    source = publish(tmp_path / "p.json", server, [f"good/{at}.jpg" for at in range(40)])
    manners = Manners(at_once=3, apart=0.0, first_wait=0.01)
    fetch_multim_poem(str(source), tmp_path / "out", manners=manners, contact="me@museum.example")
    assert 1 < server.most_at_once <= 3
    assert server.agents == {user_agent("me@museum.example")}
    assert "me@museum.example" in min(server.agents)


def test_apart(tmp_path: Path, server: Server) -> None:
    source = publish(tmp_path / "p.json", server, [f"good/{at}.jpg" for at in range(6)])
    start = time.monotonic()
    fetch_multim_poem(str(source), tmp_path / "out", manners=Manners(apart=0.1))
    assert time.monotonic() - start >= 0.5


def test_killed_in_the_middle(tmp_path: Path, server: Server) -> None:
    """SIGKILL while pictures come in; the next run asks only for what is not there."""
    server.delay = 0.05
    names = [f"good/{at}.jpg" for at in range(60)]
    source, out = publish(tmp_path / "p.json", server, names), tmp_path / "out"
    code = (
        "import sys; from pathlib import Path; from engine.data.fetching import *\n"
        "from engine.data.politeness import Manners\n"
        "fetch_multim_poem(sys.argv[1], Path(sys.argv[2]), manners=Manners(at_once=2, apart=0))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(source), str(out)])
    deadline = time.monotonic() + 60
    while sum(server.asked.values()) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with (out / "fetched.jsonl").open("a") as log:
        log.write('{"address": "http://torn')  # as a kill within a line would leave it
    logged = (out / "fetched.jsonl").read_text().count('"kept"')
    assert 0 < logged < 60
    assert not (out / "pairs.jsonl").exists()
    server.delay = 0.0
    server.asked.clear()
    report = fetch_multim_poem(str(source), out, manners=QUICK)
    assert (report.kept, report.again) == (60, 0)
    assert sum(server.asked.values()) == 60 - logged
    assert len(read_pairs(out)) == 60
    fetch_multim_poem(str(source), out, manners=QUICK)
    assert sum(server.asked.values()) == 60 - logged, "the torn line did no harm"


def test_broken_off_by_hand(tmp_path: Path, server: Server) -> None:
    server.delay = 0.02
    source = publish(tmp_path / "p.json", server, [f"good/{at}.jpg" for at in range(40)])

    def told(done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK, told=told)
    assert sum(server.asked.values()) < 40
    held = len((tmp_path / "out" / "fetched.jsonl").read_text().splitlines())
    server.asked.clear()
    assert fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK).kept == 40
    assert sum(server.asked.values()) == 40 - held


def test_a_poem_with_several_pictures_is_on_one_side(tmp_path: Path, server: Server) -> None:
    poems = [f"Poem, {at // 2}!" if at % 2 else f"poem {at // 2}" for at in range(40)]
    names = [f"good/{at}.jpg" if at != 7 else "gone/7.jpg" for at in range(40)]
    source = publish(tmp_path / "p.json", server, names, poems)
    report = fetch_multim_poem(str(source), tmp_path / "out", seed=5, manners=QUICK)
    split = read_split(tmp_path / "out")
    assert split is not None
    assert (len(split.train), len(split.test)) == (report.train, report.test)
    assert len(split.train) + len(split.test) == 39
    by_id = {pair.id: normal(pair.text) for pair in read_pairs(tmp_path / "out")}
    assert not {by_id[one] for one in split.train} & {by_id[one] for one in split.test}

    # What had vanished on the day does not change where the rest stands.
    whole = publish(tmp_path / "q.json", server, [f"good/{at}.jpg" for at in range(40)], poems)
    fetch_multim_poem(str(whole), tmp_path / "other", seed=5, manners=QUICK)
    other = read_split(tmp_path / "other")
    assert other is not None
    assert set(split.test) <= set(other.test)
    assert set(split.train) <= set(other.train)
    with pytest.raises(InputError, match="seed 5, not 6"):
        fetch_multim_poem(str(source), tmp_path / "out", seed=6, manners=QUICK)


def test_one_address_for_two_poems_is_asked_once(tmp_path: Path, server: Server) -> None:
    source = publish(tmp_path / "p.json", server, ["good/1.jpg", "good/1.jpg"])
    assert fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK).kept == 2
    assert server.asked["good/1.jpg"] == 1
    assert len({pair.image for pair in read_pairs(tmp_path / "out")}) == 1


def test_a_picture_that_was_deleted_comes_again(tmp_path: Path, server: Server) -> None:
    source = publish(tmp_path / "p.json", server, ["good/1.jpg", "good/2.jpg"])
    fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK)
    (tmp_path / "out" / "images" / "0.jpg").unlink()
    assert fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK).kept == 2
    assert server.asked["good/1.jpg"] == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "as JSON"),
        ("[]", "no pairs"),
        ('[{"poem": "x"}]', "no address"),
        ('[{"image_url": "http://x/y.jpg"}]', '"poem" is missing'),
        ('[{"poem": "x", "image_url": "file:///etc/passwd"}]', "no address"),
        ("[1]", "must be an object"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(InputError, match=says):
        fetch_multim_poem(str(tmp_path / "p.json"), tmp_path / "out", manners=QUICK)
    assert not (tmp_path / "out" / "published.json").exists()


def test_the_published_file_by_address(tmp_path: Path, server: Server) -> None:
    with pytest.raises(InputError, match="no pairs"):
        fetch_multim_poem(server.address("published.json"), tmp_path / "a", manners=QUICK)
    with pytest.raises(InputError, match="HTTP 404"):
        fetch_multim_poem(server.address("none.json"), tmp_path / "b", manners=QUICK)
    with pytest.raises(InputError, match="cannot be fetched"):
        fetch_multim_poem("http://127.0.0.1:9/p.json", tmp_path / "c", manners=QUICK)
    with pytest.raises(InputError, match="cannot be read"):
        fetch_multim_poem(str(tmp_path / "none.json"), tmp_path / "d", manners=QUICK)


def test_a_full_disk(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    source = publish(tmp_path / "p.json", server, ["good/1.jpg"])

    def full(_self: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        fetch_multim_poem(str(source), tmp_path / "out", manners=QUICK)


def test_services() -> None:
    assert service_of("https://farm8.staticflickr.com/1/2.jpg") == "staticflickr.com"
    assert service_of("http://farm1.StaticFlickr.com:80/1.jpg") == "staticflickr.com"
    assert service_of("http://127.0.0.1:8000/1.jpg") == "127.0.0.1:8000"
    assert service_of("http://localhost/1.jpg") == "localhost"


def test_how_long_to_wait() -> None:
    assert wait_for({"Retry-After": "17"}, 1, 1.0) == 17
    soon = formatdate(time.time() + 30, usegmt=True)
    assert 27 < wait_for({"Retry-After": soon}, 1, 1.0) <= 30
    assert 4 <= wait_for({"Retry-After": "soon"}, 4, 1.0) <= 8
