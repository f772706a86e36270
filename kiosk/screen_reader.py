"""Whether a screen reader runs on this desktop, and words handed to it. Linux; Qt's D-Bus."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

ASK_LIMIT_MS = 200  # a desktop that hangs must not hold up a key
ASK_AGAIN_S = 2.0


def screen_reader_runs() -> bool | None:
    """What `org.a11y.Status` says; None where there is no session bus to ask, so that none runs."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    question = QDBusMessage.createMethodCall(
        "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Get"
    )
    question.setArguments(["org.a11y.Status", "ScreenReaderEnabled"])
    reply = bus.call(question, timeout=ASK_LIMIT_MS)
    answered = reply.type() == QDBusMessage.MessageType.ReplyMessage
    return bool(answered and reply.arguments() and _truth(reply.arguments()[0]))


def announce(to: QObject, words: str) -> None:
    """Hands words to whatever assistive software listens; some does not speak them (Orca 43)."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(to, words))


class Lookout:
    """Whether a screen reader runs, asked anew every `ASK_AGAIN_S` at most."""

    def __init__(
        self,
        ask: Callable[[], bool | None] = screen_reader_runs,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._asked = float("-inf")
        self.running = False  # as of the last look; may be read from any thread

    def look(self) -> bool:
        """On the GUI thread."""
        if self._clock() - self._asked >= ASK_AGAIN_S:
            self._asked = self._clock()
            self.running = bool(self._ask())
        return self.running


def _truth(value: object) -> bool:
    """A D-Bus variant arrives wrapped or as it is, depending on the binding's version."""
    variant = getattr(value, "variant", None)
    return bool(variant() if callable(variant) else value)
