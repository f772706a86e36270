"""`ekphrasis voice render | forget`: speak what is known beforehand, so that nobody waits."""

from __future__ import annotations

import argparse
from typing import Any

from kiosk.config import Settings


def add_parser(subparsers: Any) -> None:
    """Add `voice` and its actions."""
    parser = subparsers.add_parser("voice", help="speak the collection ahead of its visitors")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser(
        "render", help="speak every work's name and poems into the cache; may be interrupted"
    )
    actions.add_parser("forget", help="empty the cache of spoken lines")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says; 0 when it is done. Raises `KnownError` otherwise."""
    if args.action == "render":
        render(settings)
    else:
        from kiosk.progress import note
        from kiosk.speech.speech_cache import SpeechCache

        SpeechCache(settings.cache_dir / "speech").clear()
        note("The cache of spoken lines is empty; `ekphrasis voice render` fills it.")
    return 0


def render(settings: Settings) -> None:
    """Speak what is not in the cache yet, with a progress bar. Raises `KnownError`."""
    from kiosk.foretelling import beginnings_first, poems_said, works_said
    from kiosk.matching import MatchService
    from kiosk.preferences import Preferences
    from kiosk.progress import Told, note
    from kiosk.speech.cached_synthesiser import open_cached, render_ahead
    from kiosk.speech.languages import language_name
    from kiosk.speech.to_file import speech_settings
    from kiosk.store.database import open_store

    with open_store(settings.store_path) as store, Told() as told:
        service = MatchService(settings, store)
        artworks = tuple(service.artworks())
        service.load(told)
        poems = []
        wanted = Preferences(language=settings.language)
        for number, artwork in enumerate(artworks, start=1):
            poems += poems_said(
                artwork, service.match_artwork(artwork.id).matches, preferences=wanted
            )
            told("finding poems", number, len(artworks))
        narrations = [*works_said(artworks, preferences=wanted), *beginnings_first(poems)]
        voice = open_cached(settings)
        try:
            rendered = render_ahead(
                narrations, voice, speech_settings(settings), told.of("speaking lines")
            )
        finally:
            voice.close()
    if rendered.languages:
        names = ", ".join(language_name(language) for language in rendered.languages)
        note(f"No voice speaks {names}; lines in it are shown, not spoken.")
    note(
        f"{rendered.spoken} lines were spoken into the cache, for {len(artworks)} works; it holds "
        f"{voice.size() / 1e6:.0f} of at most {settings.speech_cache_mb} MB."
    )
