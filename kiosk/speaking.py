"""The kiosk's own voice as the visit uses it, and its share beside a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from kiosk.narration import Narration, SegmentKind
from kiosk.preferences import Preferences, VoiceChoice
from kiosk.screen_reader import Lookout
from kiosk.speech.beside_screen_reader import BesideScreenReader, self_voiced
from kiosk.speech.speaker import Priority, Speaker, SpeechEvent
from kiosk.speech.synthesiser import FASTEST, SLOWEST, Voice


class Relay(QObject):
    """Brings speech events from the speech thread to the GUI thread."""

    heard = Signal(object)

    def __call__(self, event: SpeechEvent) -> None:
        """The listener that a speaker calls on its own thread."""
        self.heard.emit(event)


class SpeakerVoice:
    """The speaker as the kiosk uses it: said in order, silenced at once."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def say(self, narration: Narration, first: int = 0) -> None:
        """Speak this, from segment `first` on, after what was asked for before."""
        self._speaker.say(narration, Priority.NORMAL, first=first)

    def stop(self) -> None:
        """Silence, and forget what was still to be said."""
        self._speaker.stop()

    def pause(self) -> None:
        """Silence; `resume` goes on in the middle of the word."""
        self._speaker.pause()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._speaker.resume()

    def prefer(self, preferences: Preferences) -> None:
        """Volume at once, voice and speed from the next line on."""
        self._speaker.set_settings(
            replace(
                self._speaker.settings,
                voice=preferences.voice,
                speed=min(max(preferences.speed, SLOWEST), FASTEST),
                volume=min(max(preferences.volume, 0.0), 1.0),
            )
        )

    def reset(self) -> None:
        """For the next visitor: silence, and voice, speed and volume as at the start."""
        self._speaker.reset()

    def close(self) -> None:
        """Let go of the device."""
        self._speaker.close()


def choices(voices: Sequence[Voice]) -> tuple[VoiceChoice, ...]:
    """The voices as a visitor chooses among them; one that tells no language is left out."""
    return tuple(
        VoiceChoice(voice.id, voice.name.strip(), voice.languages[0])
        for voice in voices
        if voice.languages
    )


@dataclass(frozen=True, slots=True)
class ReaderShare:
    """What staff chose for the time that a screen reader runs, and whether one does."""

    choice: BesideScreenReader
    lookout: Lookout

    def speaks(self, kind: SegmentKind) -> bool:
        """Whether a segment is the reader's part."""
        return not self_voiced(kind, self.choice, running=self.lookout.running)
