"""Whether a screen reader runs: asked of a real session bus, with at-spi's own service."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.screen_reader import ASK_AGAIN_S, Lookout

LAUNCHER = next(
    (path for path in Path("/usr").glob("lib*/at-spi*/at-spi-bus-launcher")),
    Path("/usr/libexec/at-spi-bus-launcher"),
)
TURNED = """
import sys, time
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant
from kiosk.screen_reader import screen_reader_runs
app = QCoreApplication([])
end = time.monotonic() + 10
bus = QDBusConnection.sessionBus()
print(screen_reader_runs())
for state in (True, False):
    message = QDBusMessage.createMethodCall(
        "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set")
    message.setArguments(["org.a11y.Status", "ScreenReaderEnabled", QDBusVariant(state)])
    while bus.call(message).type() == QDBusMessage.MessageType.ErrorMessage:
        assert time.monotonic() < end
        time.sleep(0.1)
    print(screen_reader_runs())
"""


@pytest.mark.skipif(
    not LAUNCHER.exists() or shutil.which("dbus-run-session") is None,
    reason="needs Debian's at-spi2-core and dbus",
)
def test_the_desktop_tells_whether_one_runs(tmp_path: Path) -> None:
    script = tmp_path / "turned.py"
    script.write_text(TURNED)
    told = subprocess.run(
        [
            *("dbus-run-session", "--", "sh", "-c"),
            f"{LAUNCHER} & launcher=$!; {sys.executable} {script}; kill $launcher",
        ],
        env=os.environ | {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.stdout.split() == ["False", "True", "False"], told.stderr


def test_without_a_session_bus_none_runs(tmp_path: Path) -> None:
    code = "from kiosk.screen_reader import screen_reader_runs; print(screen_reader_runs())"
    bus = f"unix:path={tmp_path / 'none'}"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": bus},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "None"


def test_it_is_asked_now_and_then() -> None:
    now = [0.0]
    answers = iter([None, True, False])
    lookout = Lookout(lambda: next(answers), lambda: now[0])
    assert not lookout.running
    seen = []
    for _ in range(6):
        seen.append(lookout.look())
        now[0] += ASK_AGAIN_S / 2
    assert seen == [False, False, True, True, False, False]
