"""Renders every screen by walking a session through a visit: what is shown is what visitors see."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from engine.errors import KnownError
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.config import Settings
from kiosk.controls import Control
from kiosk.events import (
    ArtworksLoaded,
    EngineReady,
    Event,
    KeyPressed,
    LineStarted,
    MatchesReady,
    Say,
    SearchFailed,
    Show,
    Started,
)
from kiosk.session import Session
from kiosk.ui.palettes import PALETTES
from kiosk.ui.window import KioskWindow

BUILT_IN_ARTWORKS = (
    ArtworkCard(
        id=1,
        number="1",
        title="The Great Wave off Kanagawa",
        artist="Katsushika Hokusai",
        date="about 1831",
    ),
    ArtworkCard(
        id=2,
        number="2",
        title="A Sunday Afternoon on the Island of La Grande Jatte",
        artist="Georges Seurat",
        date="1884 to 1886",
    ),
)
_LINES = (
    "The sea is calm to-night.",
    "The tide is full, the moon lies fair",
    "Upon the straits; on the French coast the light",
    "Gleams and is gone; the cliffs of England stand,",
    "Glimmering and vast, out in the tranquil bay.",
    "Come to the window, sweet is the night-air!",
)
BUILT_IN_POEMS = (
    MatchedPoem(1, 1, 1, "Dover Beach", "Matthew Arnold", _LINES, "en", _LINES, 0.9, 0.5),
)

_log = logging.getLogger(__name__)


def sample_cards(settings: Settings) -> tuple[tuple[ArtworkCard, ...], tuple[MatchedPoem, ...]]:
    """The store's works and the poems for the first; what is built in where there are none.

    Without a working model the first poems of the store stand in, which answer nothing.
    """
    from kiosk.matching import MatchService
    from kiosk.store.database import open_store

    if not settings.store_path.is_file():
        return BUILT_IN_ARTWORKS, BUILT_IN_POEMS
    with open_store(settings.store_path) as store:
        service = MatchService(settings, store)
        artworks = tuple(service.artworks())
        if artworks and store.poems.count():
            try:
                return artworks, tuple(service.match_artwork(artworks[0].id).matches)
            except KnownError as problem:
                _log.warning("%s The poems shown are not answers.", problem.sentence)
        poems = tuple(
            MatchedPoem(
                rank=rank,
                poem_id=poem.id,
                passage_id=0,
                title=poem.title,
                poet=poem.poet.name,
                lines=tuple(poem.lines[:16]),
                language=poem.language,
                whole=tuple(poem.lines),
                score=0.0,
                similarity=0.0,
            )
            for rank, poem in enumerate(list(store.poems.list())[:3], start=1)
        )
    return artworks or BUILT_IN_ARTWORKS, poems or BUILT_IN_POEMS


def render_all(
    folder: Path,
    artworks: tuple[ArtworkCard, ...],
    poems: tuple[MatchedPoem, ...],
    sizes: Sequence[tuple[int, int]],
) -> list[Path]:
    """Every screen, scheme and size as WIDTHxHEIGHT-scheme-N-name.png. Needs a QApplication."""
    return [
        path
        for width, height in sizes
        for scheme in PALETTES
        for path in _Walk(folder, f"{width}x{height}-{scheme}", scheme, width, height).through(
            artworks, poems
        )
    ]


class _Walk:
    """One visit in one window, a picture taken at each stop."""

    def __init__(self, folder: Path, prefix: str, scheme: str, width: int, height: int) -> None:
        self._folder, self._prefix = folder, prefix
        self._window = KioskWindow(theme_name=scheme)
        self._window.resize(width, height)
        self._window.show()
        self._window.activateWindow()
        self._session = Session()
        self._said = ""
        self._files: list[Path] = []

    def through(
        self, artworks: tuple[ArtworkCard, ...], poems: tuple[MatchedPoem, ...]
    ) -> list[Path]:
        """Walk; the files, in the order of the visit."""
        first = artworks[0].id
        select, back, help_ = (
            KeyPressed(control) for control in (Control.SELECT, Control.BACK, Control.HELP)
        )
        self._do(Started(), ArtworksLoaded(artworks))
        self._take("welcome")
        self._do(select)
        self._take("choose")
        self._do(select)
        self._take("searching")
        self._do(EngineReady(), MatchesReady(1, first, poems))
        self._do(LineStarted(self._said, min(2, len(poems[0].lines) - 1)))
        self._take("result")
        self._do(help_)
        self._take("help")
        self._do(back, back, select)
        self._do(SearchFailed(1, first, "This picture cannot be read.", "wave.png is no picture."))
        self._take("message")
        self._window.close()
        return self._files

    def _do(self, *events: Event) -> None:
        for event in events:
            for action in self._session.handle(event):
                if isinstance(action, Show):
                    self._window.show_screen(action.screen)
                elif isinstance(action, Say):
                    self._said = action.narration.id

    def _take(self, name: str) -> None:
        path = self._folder / f"{self._prefix}-{len(self._files) + 1}-{name}.png"
        self._window.picture().save(str(path))
        self._files.append(path)
