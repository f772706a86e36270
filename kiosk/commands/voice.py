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
    from kiosk import rendering
    from kiosk.matching import MatchService
    from kiosk.progress import Told, note
    from kiosk.speech.speech_cache import SpeechCache
    from kiosk.store.database import open_store

    with open_store(settings.store_place) as store, Told() as told:
        service = MatchService(settings, store)
        rendered = rendering.render(settings, service, told, whole=True)
        works = store.artworks.count()
    for sentence in rendering.explain(rendered):
        note(sentence)
    size = SpeechCache(settings.cache_dir / "speech").size()
    note(
        f"What {works} works are answered with is spoken; the cache holds {size / 1e6:.0f} of at "
        f"most {settings.speech_cache_mb} MB."
    )
