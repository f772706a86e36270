"""A tactile keypad read from the kernel itself, so that it works without the window's focus. Linux.

The kernel's own records are read (`struct input_event`, linux/input.h): five numbers each, stable
for decades. No library stands in between: the one on the Python index must be compiled for each
machine. Reading needs no root where the udev rule in packaging/ is installed.

1. Devices are those that the udev rule calls `ekphrasis-keypad…`, and those that have the setting's
   words in their name. Others are never opened: a keyboard of the staff is not ours to read.
2. A pad may come and go: the folder is watched, and looked at again while udev sets its rights.
3. Whatever is read is told by its name; that the window hears of the same key is the door's matter.
"""

from __future__ import annotations

import fcntl
import logging
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QSocketNotifier, QTimer, Signal

from kiosk.keys.evdev_names import MODIFIERS, evdev_name
from kiosk.keys.habits import Motion

DEVICES = Path("/dev/input")
TOLD_OF = Path("/sys/class/input")  # what the kernel tells of each device, readable for all
LINK = "ekphrasis-keypad"  # how the names begin that the udev rule gives
RECORD = struct.Struct("@llHHi")  # seconds, microseconds, type, code, value
KEY = 1  # the type of a key's record
FEWEST_KEYS = 3  # of a keypad; a power button has one
GRAB = 0x40044590  # EVIOCGRAB: _IOW('E', 0x90, int)
LOOK_AGAIN_MS = (200, 1000, 3000)  # after the folder changed: udev sets rights a little later
_MOTIONS = {0: Motion.UP, 1: Motion.DOWN, 2: Motion.HELD}

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Records:
    """Bytes of the kernel, put together into keys; a record may come in pieces."""

    _rest: bytes = field(default=b"")

    def feed(self, data: bytes) -> Iterator[tuple[str, Motion]]:
        """The keys that these bytes complete; shift, control and the like are left out."""
        data = self._rest + data
        whole = len(data) - len(data) % RECORD.size
        self._rest = data[whole:]
        for _seconds, _micros, kind, code, value in RECORD.iter_unpack(data[:whole]):
            if kind == KEY and code not in MODIFIERS and value in _MOTIONS:
                yield evdev_name(code), _MOTIONS[value]


@dataclass(frozen=True, slots=True)
class Pad:
    """An input device that is to be read."""

    path: Path  # the device itself, not a link to it
    name: str


def find_pads(named: str, devices: Path = DEVICES, told_of: Path = TOLD_OF) -> list[Pad]:
    """The keypads that are connected: those with the link, and those with `named` in their name."""
    linked = {path.resolve() for path in devices.glob(f"{LINK}*")}
    found = []
    for path in sorted(linked | {path.resolve() for path in devices.glob("event*")}):
        name = device_name(path, told_of)
        if path in linked or (named and named.casefold() in name.casefold()):
            found.append(Pad(path, name))
    return found


def keyboards(told_of: Path = TOLD_OF) -> list[str]:
    """The names of all that has keys, whether it may be read or not; none on other systems."""
    found = {device_name(path, told_of) for path in told_of.glob("event*") if _has_keys(path)}
    return sorted(found)


def _has_keys(told_of: Path) -> bool:
    """Whether it has more than a few buttons, as the kernel tells: words of a bit for each key."""
    try:
        words = (told_of / "device" / "capabilities" / "key").read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return False
    return sum(int(word, 16).bit_count() for word in words) >= FEWEST_KEYS


def device_name(path: Path, told_of: Path = TOLD_OF) -> str:
    """What the device calls itself; its path's last part where that cannot be known."""
    try:
        return (told_of / path.name / "device" / "name").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return path.name


class KeypadReader(QObject):
    """Reads every keypad that there is. On the GUI thread, which only wakes when a key moves."""

    key = Signal(str, object)  # a key's name as profiles have it, and its Motion

    def __init__(self, named: str = "", *, alone: bool = False, devices: Path = DEVICES) -> None:
        """`alone`: take the pad for ourselves, so that nothing else hears it, not even the window.

        Starts nothing; `start` does.
        """
        super().__init__()
        self._named = named
        self._alone = alone
        self._devices = devices
        self._open: dict[Path, tuple[int, QSocketNotifier, Records]] = {}
        self._refused: set[Path] = set()  # told of once
        self._folder = QFileSystemWatcher(self)
        self._folder.directoryChanged.connect(self._look_soon)

    def start(self) -> None:
        """Read what is there, and what comes."""
        if self._devices.is_dir():
            self._folder.addPath(str(self._devices))
            self.look()

    @property
    def reading(self) -> list[Path]:
        """The devices that are read now."""
        return sorted(self._open)

    def look(self) -> None:
        """Open what has come. A pad that may not be read is told of once."""
        for pad in find_pads(self._named, self._devices):
            if pad.path in self._open:
                continue
            try:
                self._begin(pad)
            except OSError as problem:
                if pad.path not in self._refused:
                    self._refused.add(pad.path)
                    _log.warning(
                        "The keypad %s (%s) cannot be read: %s; see the udev rule in packaging/.",
                        pad.name,
                        pad.path,
                        problem.strerror,
                    )

    def close(self) -> None:
        """Let go of every pad. May be called twice."""
        for path in list(self._open):
            self._end(path)
        if self._folder.directories():
            self._folder.removePaths(self._folder.directories())

    def _look_soon(self) -> None:
        for wait_ms in LOOK_AGAIN_MS:
            QTimer.singleShot(wait_ms, self, self.look)

    def _begin(self, pad: Pad) -> None:
        number = os.open(pad.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if self._alone:
                fcntl.ioctl(number, GRAB, 1)
        except OSError:
            os.close(number)
            raise
        notifier = QSocketNotifier(number, QSocketNotifier.Type.Read, self)
        notifier.activated.connect(lambda *_: self._read(pad.path))
        self._open[pad.path] = (number, notifier, Records())
        self._refused.discard(pad.path)
        _log.info("The keypad %s (%s) is read.", pad.name, pad.path)

    def _read(self, path: Path) -> None:
        if path not in self._open:
            return
        number, _, records = self._open[path]
        try:
            data = os.read(number, RECORD.size * 64)
        except BlockingIOError:
            return
        except OSError:  # unplugged
            data = b""
        if not data:
            self._end(path)
            return
        for name, motion in records.feed(data):
            self.key.emit(name, motion)

    def _end(self, path: Path) -> None:
        number, notifier, _ = self._open.pop(path)
        notifier.setEnabled(False)
        notifier.deleteLater()
        os.close(number)
