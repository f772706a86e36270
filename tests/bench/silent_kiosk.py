"""The whole kiosk, offscreen; only the sound card is a recorder that keeps the pace of time."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.app import open_session
from kiosk.config import Settings
from kiosk.kiosk import Kiosk
from kiosk.ports import Matcher
from kiosk.speaking import Relay, SpeakerVoice
from kiosk.speech.cached_synthesiser import open_cached
from kiosk.speech.player import Player
from kiosk.speech.recorder import RecorderSink
from kiosk.speech.speaker import Speaker, SpeechEvent
from kiosk.speech.to_file import speech_settings
from kiosk.tasks import Tasks
from kiosk.ui.window import KioskWindow


def open_kiosk(
    settings: Settings,
    listen: Callable[[SpeechEvent], None],
    make_matcher: Callable[[], Matcher],
) -> Kiosk:
    """Not started yet. `listen` is told on the speech thread, before the kiosk is."""
    window = KioskWindow(theme_name=settings.theme)
    window.resize(1280, 800)
    window.show()
    relay = Relay()

    def both(event: SpeechEvent) -> None:
        listen(event)
        relay(event)

    spoken = speech_settings(settings)
    player = Player(lambda: RecorderSink(None, paced=True), volume=spoken.volume)
    return Kiosk(
        session=open_session(settings),
        window=window,
        voice=SpeakerVoice(Speaker(open_cached(settings), player, both, spoken)),
        relay=relay,
        tasks=Tasks(),
        make_matcher=make_matcher,
    )
