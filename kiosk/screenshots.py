"""Renders every screen by walking a session through a visit: what is shown is what visitors see."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QImage

from engine import Reason, Shared
from engine.errors import KnownError
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.config import Settings
from kiosk.controls import Control
from kiosk.events import (
    ArtworksLoaded,
    CameraReady,
    EngineReady,
    Event,
    KeyPressed,
    LineStarted,
    MatchesReady,
    Say,
    SayFrom,
    SearchFailed,
    Show,
    Started,
)
from kiosk.screens import MenuScreen, Screen, WelcomeScreen
from kiosk.session import Session
from kiosk.troubles import Trouble
from kiosk.ui.palettes import PALETTES
from kiosk.ui.window import KioskWindow
from kiosk.words.catalogue import words_in

MOST_STEPS = 20  # to an item of a menu, or home
DOCS_SIDE = 900  # pixels, the longer side of a picture in the docs
DOCS_COLOURS = 256
SHOWN_IN_DOCS = frozenset(
    {
        "1280x800-dark-welcome",
        "1280x800-dark-poem",
        "1280x800-light-poem",
        "1280x800-light-number",
        "1280x800-yellow-menu",
        "1280x800-dark-zoom",
        "1280x800-calm-about",
        "1280x800-calm-settings",
        "800x1280-calm-poem",
    }
)

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
    MatchedPoem(
        1,
        1,
        1,
        "Dover Beach",
        "Matthew Arnold",
        _LINES,
        "en",
        _LINES,
        0.9,
        0.5,
        reason=Reason(0, 0.5, (Shared("sea", "subject", 0.1, 0.1),)),
    ),
)

_log = logging.getLogger(__name__)


def sample_cards(settings: Settings) -> tuple[tuple[ArtworkCard, ...], tuple[MatchedPoem, ...]]:
    """The store's works and the poems for the first; what is built in where there are none.

    Without a working model the first poems of the store stand in, which answer nothing.
    """
    from kiosk.matching import MatchService
    from kiosk.store.database import open_store

    if not settings.store_place.exists():
        return BUILT_IN_ARTWORKS, BUILT_IN_POEMS
    with open_store(settings.store_place) as store:
        service = MatchService(settings, store)
        artworks = tuple(service.artworks())
        if artworks and store.poems.count():
            try:
                answer = service.explain(service.match_artwork(artworks[0].id))
                return artworks, tuple(answer.matches)
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
    """Every screen, scheme and size as WIDTHxHEIGHT-scheme-name.png. Needs a QApplication."""
    return [
        path
        for width, height in sizes
        for scheme in PALETTES
        for path in _Walk(folder, f"{width}x{height}-{scheme}", scheme, width, height).through(
            artworks, poems
        )
    ]


def for_docs(rendered: Sequence[Path], folder: Path) -> list[Path]:
    """The few that the docs show, smaller and with fewer colours, written to `folder`."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for path in rendered:
        if path.stem not in SHOWN_IN_DOCS:
            continue
        with Image.open(path) as picture:
            picture.thumbnail((DOCS_SIDE, DOCS_SIDE), Image.Resampling.LANCZOS)
            few = picture.convert("RGB").quantize(DOCS_COLOURS, Image.Quantize.MEDIANCUT)
            files.append(folder / path.name)
            few.save(files[-1], optimize=True)
    return files


class _Walk:
    """One visit in one window, a picture taken at each stop."""

    def __init__(self, folder: Path, prefix: str, scheme: str, width: int, height: int) -> None:
        self._folder, self._prefix = folder, prefix
        self._window = KioskWindow(theme_name=scheme)
        self._window.resize(width, height)
        self._window.show()
        self._window.activateWindow()
        self._session = Session()
        self._words = words_in("en")
        self._screen: Screen | None = None
        self._said = ""
        self._files: list[Path] = []

    def through(
        self, artworks: tuple[ArtworkCard, ...], poems: tuple[MatchedPoem, ...]
    ) -> list[Path]:
        """Walk; the files, in the order of the visit."""
        first = artworks[0]
        self._do(Started(), ArtworksLoaded(artworks), EngineReady())
        self._press(Control.BACK)  # awake
        self._take("welcome")
        self._find_ways()
        self._hear_a_poem(first, poems)
        self._change_settings()
        self._use_the_camera(first)
        self._meet_a_problem(first)
        self._window.close()
        return self._files

    def _find_ways(self) -> None:
        self._ways()
        self._take("ways")
        self._choose("way-number")
        self._press(Control.SELECT)
        self._take("number")

    def _hear_a_poem(self, artwork: ArtworkCard, poems: tuple[MatchedPoem, ...]) -> None:
        self._home()
        self._press(Control.SELECT)
        self._take("choose")
        self._press(Control.SELECT)
        self._take("searching")
        self._do(MatchesReady(self._session.visit_id, artwork.id, poems))
        self._do(LineStarted(self._said, min(2, len(poems[0].lines) - 1)))
        self._take("poem")
        self._press(Control.SELECT)
        self._press(Control.NEXT)
        self._take("menu")
        self._choose("menu-about")
        self._take("about")
        self._press(Control.BACK)
        if not isinstance(self._screen, MenuScreen):
            self._press(Control.SELECT)
        if self._choose("menu-why"):
            self._take("why")
            self._press(Control.BACK)
        if self._choose("menu-zoom"):
            self._press(Control.SELECT)
            self._take("zoom")
            self._press(Control.BACK)
        self._press(Control.HELP)
        self._press(Control.NEXT)
        self._take("help")

    def _change_settings(self) -> None:
        self._home()
        self._ways()
        self._choose("way-settings")
        self._take("settings")
        if self._choose("for-staff") and self._choose("learn-keys"):
            self._take("learn")

    def _use_the_camera(self, artwork: ArtworkCard) -> None:
        self._home()
        self._ways()
        if self._choose("way-camera"):
            self._do(CameraReady(self._session.visit_id))
            self._window.show_frame(QImage(str(artwork.picture or "")))
            self._take("camera")

    def _meet_a_problem(self, artwork: ArtworkCard) -> None:
        self._home()
        self._press(Control.SELECT)
        self._press(Control.SELECT)
        sentence = "wave.png is no picture that can be read."
        failed = SearchFailed(self._session.visit_id, artwork.id, Trouble.PICTURE, sentence)
        self._do(failed)
        self._take("message")

    def _press(self, control: Control) -> None:
        self._do(KeyPressed(control))

    def _home(self) -> None:
        """Back until the welcome is there."""
        for _ in range(MOST_STEPS):
            if isinstance(self._screen, WelcomeScreen):
                return
            self._do(KeyPressed(Control.HOME))

    def _ways(self) -> None:
        """From the welcome to the menu of the ways to choose."""
        self._press(Control.NEXT)

    def _choose(self, message: str) -> bool:
        """Go to the item with these words, and take it; False where there is none."""
        label = self._words(message)
        for _ in range(MOST_STEPS):
            screen = self._screen
            if not isinstance(screen, MenuScreen):
                return False
            if screen.items[screen.position].label == label:
                self._press(Control.SELECT)
                return True
            self._press(Control.NEXT)
        return False

    def _do(self, *events: Event) -> None:
        for event in events:
            for action in self._session.handle(event):
                if isinstance(action, Show):
                    self._screen = action.screen
                    self._window.show_screen(action.screen)
                elif isinstance(action, Say | SayFrom):
                    self._said = action.narration.id

    def _take(self, name: str) -> None:
        path = self._folder / f"{self._prefix}-{name}.png"
        self._window.picture().save(str(path))
        self._files.append(path)
