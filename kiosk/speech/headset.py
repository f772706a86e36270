"""Whether a headset is plugged in, told as news."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.speech.sound_route import SoundRoute, is_headset


def headset_there(route: SoundRoute) -> bool:
    """Whether sound goes to a headset now."""
    output = route.output()
    return output is not None and is_headset(output.name)


class HeadsetWatch:
    """What has changed since the last look. What is plugged in at the first is no news."""

    def __init__(self, there: Callable[[], bool]) -> None:
        self._there = there
        self._was: bool | None = None

    def look(self) -> bool | None:
        """True: plugged in since the last look. False: pulled. None: no news."""
        now = self._there()
        was, self._was = self._was, now
        return None if was is None or was == now else now
