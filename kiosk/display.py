"""Is there a screen to open a window on? Asked without risking this process.

Qt aborts the whole program when it cannot reach a display, so a child tries first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from engine.errors import KnownError
from kiosk.plain_imports import import_plainly

# Platforms of Qt's that draw into memory: there to be tested with, not to be looked at.
UNSEEN = frozenset({"offscreen", "minimal", "minimalegl"})
PATIENCE_S = 30.0

_TRY = """
import sys
try:
    from PySide6.QtGui import QGuiApplication
except ImportError as problem:
    sys.exit(f"Qt cannot be loaded: {problem}")
QGuiApplication([])
"""


def missing_display(environ: Mapping[str, str] | None = None) -> str | None:
    """None when a window can be opened; else one sentence that says why not."""
    environ = os.environ if environ is None else environ
    platform = environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if platform in UNSEEN:
        return f"QT_QPA_PLATFORM asks for a display that nobody sees ({platform})."
    named = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not platform and not named:
        return "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRY],
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"The display {named} does not answer."
    if tried.returncode == 0:
        return None
    said = [line.strip() for line in tried.stderr.splitlines() if line.strip()]
    why = next((line for line in said if "display" in line or "loaded" in line), "Qt gives up")
    return f"No window can be opened on the display {named or platform}: {why.rstrip('.')}."


def require_qt() -> None:
    """Load Qt. Raises KnownError when it cannot be, for want of one of Debian's libraries."""
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as problem:
        raise KnownError(
            f"The screens cannot be drawn ({problem}); install what packaging/debian-packages.txt"
            " names, or run make run again."
        ) from None
    import_plainly()
