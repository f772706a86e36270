"""What the sound server itself says of its devices, where Qt does not hear of it.

Measured with Qt 6.11 on PulseAudio: a device that goes while it is not the default one stays in
Qt's list for ever, and a jack that is plugged in is no news to Qt at all. `pactl` (Debian's
pulseaudio-utils; PipeWire answers it, too) tells both. Where it is not installed, Qt is believed.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Mapping

_LIMIT_S = 2.0  # for one answer of the sound server
_CONCERNS = (b"on sink #", b"on server", b"on card #")


class SinkWatch:
    """The server's devices, kept up to date by a thread that sleeps while nothing happens."""

    def __init__(self) -> None:
        """Starts nothing; `start` does."""
        self._ports: Mapping[str, str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> Mapping[str, str] | None:
        """Each device's id, and what its active port is called; None where it cannot be known."""
        return self._ports

    def start(self) -> None:
        """Asks once, and from then on whenever the server tells of a change."""
        self._ports = _ask()
        if self._ports is None:
            return
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                ["pactl", "subscribe"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            threading.Thread(
                target=self._follow, args=(self._process,), name="sink-watch", daemon=True
            ).start()

    def close(self) -> None:
        """Ends the watch. May be called twice."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101  (asked for above)
        with process.stdout as news:
            for line in news:
                if any(concern in line for concern in _CONCERNS):
                    self._ports = _ask()
        self._ports = None  # the server is gone


def _ask() -> Mapping[str, str] | None:
    try:
        answer = subprocess.run(
            ["pactl", "--format=json", "list", "sinks"],
            capture_output=True,
            check=True,
            timeout=_LIMIT_S,
        ).stdout
        sinks = json.loads(answer.decode(errors="replace"))
        return {str(sink["name"]): _port(sink) for sink in sinks}
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None


def _port(sink: Mapping[str, object]) -> str:
    """ "Headphones" or the like; empty for a device without ports."""
    active, ports = sink.get("active_port"), sink.get("ports")
    if not active or not isinstance(ports, list):
        return ""
    names = (port.get("description", "") for port in ports if port.get("name") == active)
    return str(next(names, ""))
