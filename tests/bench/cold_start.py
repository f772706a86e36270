"""A kiosk from nothing: until its first sound, until it can answer, and what it then holds.

    python -m tests.bench.cold_start SECONDS     the time of day, since the epoch, of its start

The whole kiosk, offscreen, with the store and the model of this machine, both opened by its worker
as they are in a gallery. It answers one work by the model before its memory is read. Prints one
JSON value.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

from engine.uncollected import uncollected
from kiosk.__main__ import build_parser
from kiosk.config import load_settings
from kiosk.display import require_qt

if TYPE_CHECKING:
    from kiosk.ports import Matcher
    from kiosk.speech.speech_event import SpeechEvent

PATIENCE_MS = 120_000
LOOK_MS = 5


def resident_mb() -> float:
    """This process and its children."""
    import psutil

    me = psutil.Process(os.getpid())
    return sum(one.memory_info().rss for one in [me, *me.children(recursive=True)]) / 1e6


def main() -> int:
    """Imports in the order of `ekphrasis run`."""
    began = float(sys.argv[1])
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    build_parser(["run"])
    settings = load_settings()
    with uncollected():
        require_qt()
        from kiosk.app import open_matcher
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from kiosk.speech.speech_event import SpeechEventKind
    from tests.bench.silent_kiosk import open_kiosk

    application = QApplication([])
    told: dict[str, float] = {}

    def listen(event: SpeechEvent) -> None:
        """On the speech thread."""
        if event.kind is SpeechEventKind.STARTED:
            told.setdefault("first_sound_ms", (time.time() - began) * 1000)

    opened: list[Matcher] = []

    def make_matcher() -> Matcher:
        """On the worker."""
        opened.append(open_matcher(settings))
        return opened[0]

    kiosk = open_kiosk(settings, listen, make_matcher)

    def look() -> None:
        if not kiosk.session.is_awake or "first_sound_ms" not in told:
            return
        timer.stop()
        told["ready_ms"] = (time.time() - began) * 1000
        matcher = opened[0]
        work = next((work for work in matcher.artworks() if work.picture), None)
        if work is None or not matcher.match_artwork(work.id).matches:
            application.exit(1)
            return
        told["rss_mb"] = resident_mb()
        print(json.dumps(told), flush=True)
        os._exit(0)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(LOOK_MS)
    kiosk.start()
    QTimer.singleShot(PATIENCE_MS, application.quit)
    application.exec()
    return 1


if __name__ == "__main__":
    sys.exit(main())
