"""Run by `test_headset.py` in a process of its own: reads a poem while devices come and go.

Writes one JSON line for each thing that happens, with the system's monotonic time.
"""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QCoreApplication

from kiosk.narration import Narration, Segment, SegmentKind
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.sound_out import open_sound
from kiosk.speech.sound_route import SoundRoute
from kiosk.speech.speaker import Speaker, SpeechEvent
from kiosk.speech.synthesiser import SpeechSettings


def tell(what: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, "at": time.monotonic(), **more}) + "\n")
    sys.stdout.flush()


def main(lines: list[str]) -> None:
    app = QCoreApplication([])
    sound = open_sound(SpeechSettings(), route=SoundRoute(loudspeaker_ceiling=0.25))

    def listen(event: SpeechEvent) -> None:
        tell(event.kind, segment=event.segment_id, sentence=event.sentence)

    speaker = Speaker(Pyttsx3Synthesiser(), sound.player, listen)
    segments = [
        Segment(f"line-{n}", SegmentKind.LINE, line, pause_ms=500) for n, line in enumerate(lines)
    ]
    speaker.say(Narration("poem", tuple(segments)))
    tell("waited", all=speaker.wait(90))
    speaker.close()
    del app


if __name__ == "__main__":
    main(sys.argv[1:])
