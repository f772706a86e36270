"""Works that staff bring in are ranked and spoken ahead: the first visitor waits for neither."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from kiosk.config import load_settings
from kiosk.foretelling import beginnings, poems_said, works_said
from kiosk.matching import MatchService
from kiosk.preferences import Preferences
from kiosk.speech.cached_synthesiser import open_cached
from kiosk.speech.to_file import speech_settings
from kiosk.store.database import open_store
from tests.kiosk.conftest import Ran

POEMS = [
    {
        "title": "The Wind",
        "author": "A. B.",
        "source": "me",
        "text": "Who has seen the wind?\nNeither I nor you.",
    },
    {
        "title": "The Sea",
        "author": "C. D.",
        "source": "me",
        "text": "The sea is calm to-night,\nthe tide is full.",
    },
]


def test_a_work_that_was_brought_in_is_known_and_spoken(
    own_data: Path, tmp_path: Path, ekphrasis: Callable[..., Ran]
) -> None:
    (tmp_path / "poems.json").write_text(json.dumps(POEMS))
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "sea.png")
    works = [{"number": "7", "title": "A Calm Sea", "artist": "E. F.", "image": "sea.png"}]
    works[0]["source"] = "our own photograph"
    (tmp_path / "works.json").write_text(json.dumps(works))
    assert ekphrasis("poems", "import", tmp_path / "poems.json").code == 0
    done = ekphrasis("artworks", "import", tmp_path / "works.json")
    assert done.code == 0, done.err
    assert "spoken into the cache" in done.err

    settings = load_settings()
    with open_store(settings.store_path) as store:
        service = MatchService(settings, store)
        (artwork,) = service.artworks()
        known = service.known(artwork.id)
    assert known is not None, "the model need not be asked"
    wanted = Preferences(language=settings.language)
    said = [
        *works_said((artwork,), preferences=wanted),
        *beginnings(poems_said(artwork, known.matches, preferences=wanted)),
    ]
    voice = open_cached(settings)
    for narration in said:
        for segment in narration.segments:
            assert voice.holds(segment, speech_settings(settings)), segment.text
    voice.close()
    again = ekphrasis("artworks", "import", tmp_path / "works.json")
    assert "spoken into" not in again.err


def test_it_can_be_left_for_later(
    own_data: Path, tmp_path: Path, ekphrasis: Callable[..., Ran]
) -> None:
    (tmp_path / "works.json").write_text(json.dumps([{"number": "7", "title": "A Calm Sea"}]))
    done = ekphrasis("artworks", "import", tmp_path / "works.json", "--later")
    assert done.code == 0
    assert not (own_data / "cache" / "speech").exists()
