"""The kiosk's voice: says narrations line by line, and reports what is heard.

Behind it stand the `agenda` (what is to be said, where the visitor is), the `reciter` (plays one
narration), the `prompter` (the next lines, on the synthesis thread) and the `player`.

Invariants: events come from the speech thread alone; every narration said ends with exactly one
DONE or CANCELLED; a line that cannot be spoken is silent for as long as it would have taken, with
a PROBLEM, and the next one follows.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from kiosk.narration import Narration, narrate_spelling
from kiosk.speech.agenda import Agenda, Place
from kiosk.speech.player import Player
from kiosk.speech.reciter import Reciter
from kiosk.speech.speech_event import Listener, Priority, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import SpeechSettings, Synthesiser
from kiosk.steps import Step

__all__ = ["Listener", "Place", "Priority", "Speaker", "SpeechEvent", "SpeechEventKind", "Step"]


class Speaker:
    """All methods but `wait` and `close` may be called from any thread and return at once."""

    def __init__(
        self,
        synthesiser: Synthesiser,
        player: Player,
        listener: Listener,
        settings: SpeechSettings | None = None,
    ) -> None:
        """The listener is called on the speech thread; what it raises is logged."""
        self._synthesiser = synthesiser
        self._player = player
        self._defaults = settings or SpeechSettings()
        self._player.set_volume(self._defaults.volume)
        self._agenda = Agenda()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="synthesis")
        self._reciter = Reciter(
            self._agenda, synthesiser, player, listener, self._defaults, self._pool
        )
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    def say(
        self, narration: Narration, priority: Priority = Priority.NOW, *, first: int = 0
    ) -> None:
        """Says this, from segment `first` on; by default at once, and nothing older.

        NOW ends a pause. Raises ValueError when there is no segment `first`.
        """
        self._agenda.say(narration, priority, first)

    def spell(self, word: str, language: str = "en") -> None:
        """A word letter by letter, now. `place` leads back to what was being read."""
        self.say(narrate_spelling(word, language))

    def stop(self) -> None:
        """Silence within 100 ms; what was said is cancelled."""
        self._agenda.stop()

    def pause(self) -> None:
        """Silence within 100 ms; `resume` goes on in the middle of the word."""
        self._agenda.pause()

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._agenda.resume()

    def move(self, step: Step) -> bool:
        """To another line of what is heard, or was heard last; reading goes on from there.

        False when there is no such line, or nothing was heard yet; then nothing changes. What
        ended already is said again under its id, and ends again with DONE or CANCELLED.
        """
        return self._agenda.move(step)

    @property
    def place(self) -> Place | None:
        """Where the visitor is; to go back there later: `say(place.narration, first=...)`."""
        return self._agenda.place

    @property
    def settings(self) -> SpeechSettings:
        """Voice, speed and volume of the moment."""
        return self._reciter.settings

    def set_settings(self, settings: SpeechSettings) -> None:
        """Volume within 100 ms, the line going on; voice and speed from the next line."""
        self._reciter.settings = settings
        self._player.set_volume(settings.volume)

    def reset(self) -> None:
        """For the next visitor: silence, nothing to go back to, and the settings of the start."""
        self._agenda.stop()
        self._agenda.forget_place()
        self.set_settings(self._defaults)

    def wait(self, timeout: float | None = None) -> bool:
        """Until everything said was heard or cancelled, and reported; False after the timeout."""
        return self._agenda.wait(timeout)

    def close(self) -> None:
        """Falls silent and lets go of the voice and the sound card. May be called twice."""
        self._agenda.close()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        """The speech thread."""
        try:
            while (job := self._agenda.take()) is not None:
                self._reciter.recite(job)
                self._agenda.finish(job)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._synthesiser.close()
            self._player.close()
