"""Run with the project's Python: shows the screen whose name it is told, in a real window."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from kiosk.ui.window import KioskWindow
from tests.kiosk.ui.models import hints, usual

application = QApplication(sys.argv[:1])
screens = usual(Path(sys.argv[1]))
window = KioskWindow()
window.resize(1280, 800)
window.show()


def answer() -> None:
    """Show what the next line names, and tell what its keys do."""
    name = sys.stdin.readline().strip()
    if name not in screens:
        application.quit()
        return
    window.show_screen(screens[name])
    told = [[hint.label, hint.control.value] for hint in screens[name].hints or hints()]
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
notifier.activated.connect(answer)
application.exec()
