"""Run by `test_sound_card.py` in a process of its own: says things through the real sound card.

Writes one JSON line for each thing that happens, with the system's monotonic time.
"""

from __future__ import annotations

import json
import sys
import threading
import time

from PySide6.QtCore import QCoreApplication

from kiosk.narration import Narration, Segment, SegmentKind
from kiosk.speech.findings import describe_sound_out
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.sound_out import open_sound
from kiosk.speech.speaker import Speaker, SpeechEvent, SpeechEventKind
from kiosk.speech.synthesiser import SpeechSettings


def tell(what: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, "at": time.monotonic(), **more}) + "\n")
    sys.stdout.flush()


def poem(name: str, lines: list[str]) -> Narration:
    return Narration(
        name,
        tuple(
            Segment(f"line-{n}", SegmentKind.LINE, line, pause_ms=600)
            for n, line in enumerate(lines)
        ),
    )


def main(lines: list[str]) -> None:
    app = QCoreApplication([])
    finding = describe_sound_out()
    sound = open_sound(SpeechSettings())
    tell("opened", audible=sound.audible, sentence=sound.sentence, finding=finding.sentence)
    started = threading.Event()

    def listen(event: SpeechEvent) -> None:
        tell(event.kind, narration=event.narration_id, segment=event.segment_id)
        if event.kind is SpeechEventKind.STARTED:
            started.set()

    speaker = Speaker(Pyttsx3Synthesiser(), sound.player, listen)
    speaker.say(poem("whole", lines))
    assert speaker.wait(60)
    for number in range(4):
        time.sleep(0.4)
        started.clear()
        speaker.say(poem(f"cut-{number}", lines))
        started.wait(5)
        time.sleep(0.5 + 0.13 * number)
        tell("stop")
        speaker.stop()
        speaker.wait(5)
    time.sleep(0.5)
    started.clear()
    speaker.say(poem("unplugged", lines[:2]))
    started.wait(5)
    tell("unplug")  # the test ends the sound server now
    tell("waited", all=speaker.wait(60))
    speaker.close()
    del app


if __name__ == "__main__":
    main(sys.argv[1:])
