"""Which sound device is the right one, now: a headset before all, then what staff chose.

The rule is pure (`choose_output`); `SoundRoute` asks Qt what is connected. Asking costs a tenth of
a millisecond and needs no event loop, so the speech thread asks while it plays.

A headset is told from a loudspeaker by words in its name or in that of its active port. A jack on
the loudspeaker's own sound card is a port of one device: there the machine's mixer mutes the
loudspeaker, and what changes here is only that the loudspeaker's ceiling holds no more.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.speech.sink_watch import SinkWatch

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice

LOOK_S = 0.1  # how often, while playing, it is asked whether another device is right now

_HEADSET = re.compile(
    r"head[\s_-]*(?:set|phone)|ear[\s_-]*(?:phone|piece|bud)|hands[\s_-]*free"
    r"|kopfh(?:ö|oe)rer|casque|écouteur|auricular|cuffie|hoofdtelefoon|이어폰|헤드폰|헤드셋",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Output:
    """A sound device that is connected."""

    id: str
    name: str
    is_default: bool = False


def is_headset(name: str) -> bool:
    """Whether a device that is called so is worn by one person."""
    return _HEADSET.search(name) is not None


def choose_output(outputs: Sequence[Output], wanted: str = "") -> Output | None:
    """A headset; else the first with `wanted` in its name; else the system's default; else None.

    Among several headsets `wanted` decides, then the default, then the order.
    """

    def distance(output: Output) -> tuple[bool, bool, bool]:
        named = bool(wanted) and wanted.casefold() in output.name.casefold()
        return (not is_headset(output.name), not named, not output.is_default)

    return min(outputs, key=distance, default=None)


class SoundRoute:
    """What staff decided, applied to what is connected. For the speech thread."""

    def __init__(self, wanted: str = "", loudspeaker_ceiling: float = 1.0) -> None:
        """Starts nothing; the first look does."""
        self.wanted = wanted
        self.loudspeaker_ceiling = loudspeaker_ceiling
        self._watch: SinkWatch | None = None
        self._looked = float("-inf")
        self._headsets: frozenset[str] = frozenset()  # ids, at the last look

    def device(self) -> QAudioDevice | None:
        """The right device as Qt knows it; None where there is none."""
        from PySide6.QtMultimedia import QMediaDevices

        chosen = self.output()
        devices = {_id(device): device for device in QMediaDevices.audioOutputs()}
        return None if chosen is None else devices.get(chosen.id)

    def output(self) -> Output | None:
        """The right device; None where there is none. Raises ImportError without QtMultimedia."""
        from PySide6.QtMultimedia import QMediaDevices

        if self._watch is None:
            self._watch = SinkWatch()
            self._watch.start()
        found = [
            Output(_id(device), device.description(), device.isDefault())
            for device in QMediaDevices.audioOutputs()
        ]
        found = with_ports(found, self._watch.ports)
        self._headsets = frozenset(output.id for output in found if is_headset(output.name))
        return choose_output(found, self.wanted)

    def ceiling(self, device_id: str) -> float:
        """The loudest that this device may be, as of the last look: a factor on the volume."""
        return 1.0 if device_id in self._headsets else self.loudspeaker_ceiling

    def other_than(self, device_id: str) -> Output | None:
        """The device that is right instead of this one; None where this one still is.

        Looks at most every `LOOK_S`, and says None in between.
        """
        now = time.monotonic()
        if now - self._looked < LOOK_S:
            return None
        self._looked = now
        chosen = self.output()
        return None if chosen is None or chosen.id == device_id else chosen

    def close(self) -> None:
        """Ends the watch; a later look begins it anew."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()


def with_ports(outputs: Sequence[Output], ports: Mapping[str, str] | None) -> list[Output]:
    """Qt's devices without those that the sound server has no more, named with their ports.

    Where the two do not speak of the same devices, Qt is believed.
    """
    if ports is None or not any(output.id in ports for output in outputs):
        return list(outputs)
    return [
        replace(output, name=f"{output.name} ({ports[output.id]})") if ports[output.id] else output
        for output in outputs
        if output.id in ports
    ]


def _id(device: QAudioDevice) -> str:
    return bytes(device.id().data()).decode(errors="replace")
