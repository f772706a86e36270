"""Throw-away PostgreSQL servers: real ones, in a folder of their own, gone with the tests."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.store.place import Place

USER = "postgres"  # Debian's; the server refuses to run as root
PORTS = range(20_000, 30_000)  # below those that connections take
TRIES = 5
_numbers = count(1)


@dataclass(slots=True)
class Server:
    """A server that runs: the socket lets anybody of this machine in, TCP asks for a password."""

    programs: Path
    folder: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """By the socket."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder))}&port={self.port}"

    def tcp_url(self, user: str, password: str, database: str = "postgres") -> str:
        """By TCP, as from another machine."""
        return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the administrator."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, template: str = "template0", more: str = "ENCODING 'UTF8'") -> str:
        """A database of its own for a test; its name."""
        name = f"store{next(_numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} {more}")
        return name

    def place(self, folder: Path, database: str | None = None) -> Place:
        """A store there whose data directory is `folder`; in a new database if none is named."""
        name = self.new_database() if database is None else database
        return Place(folder / "store.sqlite", self.url(name))

    def start(self) -> None:
        """Start it, at the same port as before if it was started before; back when it answers."""
        for _ in range(TRIES):
            self.port = self.port or PORTS[secrets.randbelow(len(PORTS))]
            if self._answers():
                return
            self.stop()
            self.port = 0  # somebody else's
        pytest.fail(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Let it end as if its machine lost power."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # to it as to its own: at once
            self._process.wait(60)
            self._process = None

    def _answers(self) -> bool:
        import psycopg

        with (self.folder / "log").open("ab") as log:
            # It goes with us, however we end.
            before = ["setpriv", "--pdeathsig=QUIT", *_as_user(), "--"]
            program = [self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
            self._process = subprocess.Popen(
                [*before, *program], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/"
            )
        deadline = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                self.sql("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False


def debian_programs() -> Path:
    """Debian's PostgreSQL 15."""
    folder = Path("/usr/lib/postgresql/15/bin")
    if not (folder / "initdb").exists():
        pytest.fail("postgresql-15 is missing; packaging/debian-test-packages.txt lists it.")
    return folder


def programs_with_pgvector() -> Path:
    """A server that has pgvector, out of a package of the Python index."""
    found = importlib.util.find_spec("pgserver")
    if found is None or found.origin is None:
        pytest.fail("pgserver is missing; packaging/requirements/dev.txt lists it.")
    return Path(found.origin).parent / "pginstall" / "bin"


@contextlib.contextmanager
def running(programs: Path, *, copied: bool = False, synced: bool = False) -> Iterator[Server]:
    """A new server.

    `copied`: from a Python package, which only this user may be able to read; `synced`: it waits
    for the disk, as a museum's does.
    """
    folder = Path(tempfile.mkdtemp(prefix="ekphrasis-pg-"))
    try:
        if copied:  # with the libraries that the wheel has brought along
            package = programs.parents[1]
            for part in package.parent.glob(f"{package.name}*"):
                if not part.name.endswith("-info"):
                    shutil.copytree(part, folder / "installed" / part.name)
            programs = folder / "installed" / programs.relative_to(package.parent)
        folder.chmod(0o755)
        (folder / "data").mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            for path in (folder, folder / "data"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        yield from _run_server(Server(programs, folder), synced)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_server(server: Server, synced: bool) -> Iterator[Server]:
    data = server.folder / "data"
    done = subprocess.run(
        [
            *("setpriv", *_as_user(), "--", server.programs / "initdb", "-D", data, "-U", USER),
            *("-E", "UTF8", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256"),
            "--locale=C",
        ],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        cwd="/",
    )
    assert done.returncode == 0, done.stdout
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(
            f"unix_socket_directories = '{server.folder}'\n"
            "listen_addresses = '127.0.0.1'\nlog_line_prefix = '%m %a '\n"
        )
        if not synced:
            settings.write("fsync = off\nfull_page_writes = off\n")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _as_user() -> list[str]:
    """To be an unprivileged user where we are root."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam(USER)
    return [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
