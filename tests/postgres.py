"""Throw-away PostgreSQL servers: real ones, in a folder of their own, gone with the tests."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.store.place import Place

USER = "postgres"  # Debian's; the server refuses to run as root
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: the socket lets anybody of this machine in, TCP asks for a password."""

    programs: Path
    folder: Path
    port: int

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

    def stop(self) -> None:
        """Let it end as if its machine lost power."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start it; back when it answers."""
        self._control("start", "-w", "-l", str(self.folder / "log"))

    def _control(self, *words: str) -> None:
        _run(self.programs / "pg_ctl", "-s", "-D", str(self.folder / "data"), *words)


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
        yield from _run_server(Server(programs, folder, _free_port()), synced)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_server(server: Server, synced: bool) -> Iterator[Server]:
    data = server.folder / "data"
    _run(
        server.programs / "initdb",
        *("-D", str(data), "-U", USER, "-E", "UTF8", "--no-sync", "--auth-local=trust"),
        *("--auth-host=scram-sha-256", "--locale=C"),
    )
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(
            f"port = {server.port}\nunix_socket_directories = '{server.folder}'\n"
            "listen_addresses = '127.0.0.1'\nlog_line_prefix = '%m %a '\n"
        )
        if not synced:
            settings.write("fsync = off\nfull_page_writes = off\n")
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # a test may have stopped it
            server.stop()


def _run(program: Path, *words: str) -> None:
    """As the unprivileged user where we are root."""
    before = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        before = [
            *("setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"),
            "--",
        ]
    done = subprocess.run(
        [*before, str(program), *words],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, [str(program), *words], done.stdout)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
