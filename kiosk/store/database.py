"""`open_store`: the door to everything that the kiosk keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.store.answers import AnswerRepository
from kiosk.store.artworks import ArtworkRepository
from kiosk.store.curation import CurationRepository
from kiosk.store.embeddings import EmbeddingRepository
from kiosk.store.errors import StoreError, blame_database
from kiosk.store.history import HistoryRepository
from kiosk.store.imports import ImportRepository
from kiosk.store.nearest import ServerIndex
from kiosk.store.place import Place
from kiosk.store.poems import PoemRepository
from kiosk.store.records import Artwork
from kiosk.store.replacing import finish_interrupted
from kiosk.store.rights import RightsRepository
from kiosk.store.schema import bring_up_to_date
from kiosk.store.sessions import Sessions, make_engine
from kiosk.store.whole import WholeStore


class Store:
    """Everything that is kept, in one SQLite file or on a server. Safe from several threads."""

    def __init__(self, place: Place, sessions: Sessions) -> None:
        self.place = place
        self.path = place.path  # its folder holds the pictures, in either case
        self._sessions = sessions
        self.poems = PoemRepository(sessions)
        self.artworks = ArtworkRepository(sessions)
        self.embeddings = EmbeddingRepository(sessions)
        self.curation = CurationRepository(sessions)
        self.answers = AnswerRepository(sessions)
        self.imports = ImportRepository(sessions)
        self.whole = WholeStore(sessions)
        self.rights = RightsRepository(sessions)
        self.history = HistoryRepository(sessions)

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """All that this thread does inside is written together at the end, or not at all."""
        with self._sessions.sharing(writes=True):
            yield self

    @contextmanager
    def snapshot(self) -> Iterator[Store]:
        """All that this thread reads inside comes from one moment, whatever others write."""
        with self._sessions.sharing(writes=False):
            yield self

    def picture_path(self, artwork: Artwork) -> Path | None:
        """Where the work's picture lies, or None for a work known in words only."""
        return None if artwork.image is None else self.path.parent / artwork.image

    def about(self) -> str:
        """What staff should know of the database besides its name; nothing of a file."""
        return self._sessions.about()

    def server_index(self, fingerprint: str) -> ServerIndex:
        """A bundle's vectors, compared by the server that keeps them."""
        return ServerIndex(self._sessions, fingerprint)

    def importing_alone(self, patience_s: float) -> AbstractContextManager[bool]:
        """Nobody on another machine imports inside; it tells False where somebody goes on."""
        return self._sessions.importing_alone(patience_s)

    def settle(self) -> None:
        """Write what is in the log into the file itself, and give the log's room back.

        For whoever writes a lot; where somebody is reading, the rest waits for another time.
        """
        self._sessions.checkpoint()

    def close(self) -> None:
        """Let go of file or server. Calls after this open it again."""
        self._sessions.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(where: Path | Place) -> Store:
    """Open the store, creating folders and tables or migrating them where needed.

    `where`: an SQLite file, or what the settings say (`Settings.store_place`). Raises `StoreError`,
    in one sentence: no database, another program's, one written by a newer version, a place that
    cannot be written, a full disk, a server that cannot be reached.
    """
    given = where if isinstance(where, Place) else Place(where)
    place = replace(given, path=given.path.absolute())
    path = place.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be created ({error.strerror}); choose another data "
            "directory."
        ) from error
    if not place.on_server:
        finish_interrupted(path.parent)
    sessions = Sessions(make_engine(place))
    try:
        bring_up_to_date(sessions.engine, place)
    except sqlite3.Error as error:  # from outside SQLAlchemy's own calls
        sessions.engine.dispose()
        known = blame_database(error, path)
        if known is None:
            raise
        raise known from error
    except BaseException:
        sessions.engine.dispose()
        raise
    return Store(place, sessions)
