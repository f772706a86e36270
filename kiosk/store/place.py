"""Where a store is: a file in the data directory, or a database of a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

FORM = "postgresql://USER@HOST/DATABASE"
SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Place:
    """One store. Pictures lie in the folder of `path`, whoever keeps the rows.

    As text it is what people may read: a URL's password and options never show.
    """

    path: Path  # the SQLite file; with a server, where it would be
    url: str = field(default="", repr=False)  # of a PostgreSQL database; "" for the file

    @property
    def on_server(self) -> bool:
        """Whether a server keeps the rows, for all kiosks that name it."""
        return bool(self.url)

    @property
    def folder(self) -> Path:
        """The data directory, in which pictures and caches lie."""
        return self.path.parent

    @property
    def database(self) -> str:
        """The database's name on its server; "" for the file."""
        return unquote(urlsplit(self.url).path[1:])

    def exists(self) -> bool:
        """Whether there is something to open; of a server only opening can tell."""
        return self.on_server or self.path.exists()

    def __str__(self) -> str:
        if not self.on_server:
            return str(self.path)
        parts = urlsplit(self.url)
        host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
        where = "this machine" if not host or host.startswith("/") else host
        return f"PostgreSQL database {self.database!r} on {where}"


def is_server_url(text: str) -> bool:
    """Whether it has the form of `FORM`; a password, a port and options may be in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in SCHEMES and len(parts.path) > 1 and (parts.port or 1) > 0
    except ValueError:  # no port, or no host
        return False
