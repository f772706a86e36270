"""The collection spoken ahead of its visitors, into the cache of spoken lines."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import KnownError
from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.config import Settings
from kiosk.foretelling import beginnings, beginnings_first, poems_said, works_said
from kiosk.matching import MatchService
from kiosk.narration import Narration
from kiosk.preferences import Preferences
from kiosk.progress import Told
from kiosk.speech.cached_synthesiser import Rendered, open_cached, render_ahead
from kiosk.speech.languages import language_name
from kiosk.speech.to_file import speech_settings


def prepare(settings: Settings, service: MatchService, told: Told) -> list[str]:
    """Rank every work that is not known, and speak the beginning of all that it is answered with.

    The rest of a poem is spoken while its beginning is heard. Returns sentences for staff; a
    voice that fails is one of them, since the kiosk can do without what was spoken ahead. Raises
    `BundleError` or `StoreError`.
    """
    service.rank_ahead(told)
    try:
        return explain(render(settings, service, told, whole=False))
    except KnownError as problem:
        return [f"Nothing was spoken ahead: {problem.sentence}"]


def render(settings: Settings, service: MatchService, told: Told, *, whole: bool) -> Rendered:
    """Speak what is not in the cache yet: names of works, and poems whole or their beginnings.

    Raises `KnownError`; what was spoken before is kept.
    """
    if settings.synthesiser == "silence" or not settings.speech_cache_mb:
        return Rendered(0)
    artworks = tuple(service.artworks())
    wanted = Preferences(language=settings.language)
    poems: list[Narration] = []
    for number, artwork in enumerate(artworks, start=1):
        poems += poems_said(artwork, _poems(service, artwork), preferences=wanted)
        told("finding poems", number, len(artworks))
    narrations = [
        *works_said(artworks, preferences=wanted),
        *(beginnings_first(poems) if whole else beginnings(poems)),
    ]
    voice = open_cached(settings)
    try:
        return render_ahead(narrations, voice, speech_settings(settings), told.of("speaking lines"))
    finally:
        voice.close()


def explain(rendered: Rendered) -> list[str]:
    """What came of it, in sentences."""
    told = [f"{rendered.spoken} lines were spoken into the cache."] if rendered.spoken else []
    if rendered.languages:
        names = ", ".join(language_name(language) for language in rendered.languages)
        told.append(f"No voice speaks {names}; lines in it are shown, not spoken.")
    return told


def _poems(service: MatchService, artwork: ArtworkCard) -> Sequence[MatchedPoem]:
    answer = service.known(artwork.id) or service.match_artwork(artwork.id)
    return answer.matches
