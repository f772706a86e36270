"""One visitor's first key, in a kiosk that has just been started: milliseconds until sound.

    python -m tests.bench.first_key SECONDS     the key comes so long after the start

The whole kiosk, offscreen, with the store and the model of this machine; only the sound card is a
recorder that keeps the pace of time. Prints the milliseconds, and whether the model was still
being loaded when the key came.
"""

from __future__ import annotations

import os
import sys
from time import perf_counter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.app import open_matcher
from kiosk.config import load_settings
from kiosk.events import Action, Say
from kiosk.speech.speaker import SpeechEvent, SpeechEventKind
from tests.bench.silent_kiosk import open_kiosk

PATIENCE_MS = 30_000


def main() -> int:
    settings = load_settings()
    application = QApplication([])
    heard: dict[str, float] = {}  # each narration's first sample

    def listen(event: SpeechEvent) -> None:
        """On the speech thread."""
        if event.kind is SpeechEventKind.STARTED:
            heard.setdefault(event.narration_id, perf_counter())

    kiosk = open_kiosk(settings, listen, lambda: open_matcher(settings))
    pressed: list[float] = []
    answers: list[str] = []

    def remember(action: Action) -> None:
        if pressed and isinstance(action, Say):
            answers.append(action.narration.id)

    def press() -> None:
        pressed.append(perf_counter())
        QTest.keyClick(kiosk.window, Qt.Key.Key_Right)

    def look() -> None:
        if answers and answers[0] in heard:
            loading = not kiosk.session.is_awake
            print(round((heard[answers[0]] - pressed[0]) * 1000, 1), int(loading), flush=True)
            os._exit(0)  # a library that is being loaded cannot be interrupted

    kiosk.done.connect(remember)
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    kiosk.start()
    QTimer.singleShot(round(float(sys.argv[1]) * 1000), press)
    QTimer.singleShot(PATIENCE_MS, application.quit)
    application.exec()
    return 1


if __name__ == "__main__":
    sys.exit(main())
