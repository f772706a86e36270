"""What can go wrong between us and a PostgreSQL server, each with a sentence for the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from kiosk.store.errors import StoreError
from kiosk.store.place import Place

if TYPE_CHECKING:
    import psycopg

HIDDEN = "…"


def blame_server(error: psycopg.Error, place: Place, *, opening: bool) -> StoreError | None:
    """The `StoreError` that says what the server met, or None if the fault is ours.

    The server's five letters tell: a whole code, or its first two, which are a class. `opening`:
    there was no connection yet, and so there are no letters.
    """
    code = error.sqlstate or ""
    unchanged = "nothing was changed"
    lost = "what was being written is there as a whole or not at all: try again"
    sentences = {
        "opening": f"{place} cannot be opened ({_reason(error, place)}): check that the server "
        "runs, that this machine may connect to it, and the names and password in `database_url`.",
        "08": f"The connection to {place} was lost; {lost}.",
        "42501": f"This user may not do that in {place}: make the user the database's owner.",
        "25006": f"{place} can only be read at present; {unchanged}.",
        "53100": f"The disk that holds {place} is full; {unchanged}: free some space there and "
        "try again.",
        "53": f"{place} has no room left for this ({_reason(error, place)}); {unchanged}: try "
        "again later.",
        "54": f"A text or an entry is too large for the store; {unchanged}.",
        "22": f"{place} cannot keep a value ({_reason(error, place)}); {unchanged}.",
        "55P03": f"{place} is in use by another program that does not let go; {unchanged}: wait "
        "for it to finish and try again.",
        "40": f"{place} was changed by somebody else meanwhile; {unchanged}: try again.",
        "57": f"The server of {place} is stopping or starting; {lost}.",
        "58": f"The server of {place} reports an error ({_reason(error, place)}); {unchanged}.",
        "XX001": f"{place} is damaged; put back a backup.",
        "XX002": f"{place} is damaged; put back a backup.",
    }
    if not code and _is_connection(error):
        return StoreError(sentences["opening" if opening else "08"])
    if not code:
        return _unsaid(error, place)
    sentence = sentences.get(code) or sentences.get(code[:2])
    return None if sentence is None else StoreError(sentence)


def _is_connection(error: psycopg.Error) -> bool:
    import psycopg

    return isinstance(error, psycopg.OperationalError)


def _unsaid(error: psycopg.Error, place: Place) -> StoreError | None:
    """What the driver refuses before the server sees it: text with a NUL in it."""
    import psycopg

    if isinstance(error, psycopg.DataError):
        return StoreError(f"A value cannot be kept ({_reason(error, place)}); nothing was changed.")
    return None


def _reason(error: Exception, place: Place) -> str:
    """The first line of what the driver says, without whatever is secret."""
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    for secret in _secrets(place.url):
        reason = reason.replace(secret, HIDDEN)
    return reason.rstrip(".")


def _secrets(url: str) -> list[str]:
    parts = urlsplit(url)
    found = parse_qs(parts.query).get("password", [])
    if parts.password:
        found += [unquote(parts.password), parts.password]
    return found
