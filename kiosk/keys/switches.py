"""A switch user at the pace of the settings: offers are focused, what is taken is pressed.

The offers are the buttons of the screen that is shown, so that what is offered by ear, what has the
ring around it and what a key would do are one thing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from kiosk.controls import Control
from kiosk.events import Event, Focused, KeyPressed
from kiosk.scanning import Offer, Scanner, Taken
from kiosk.screens import Screen


class Switches(QObject):
    """On the GUI thread."""

    def __init__(
        self,
        tell: Callable[[Event], None],
        ring: Callable[[Control | None], None],
        pace_s: float,
    ) -> None:
        """`ring` moves the focus to a control's button, or (None) takes it away."""
        super().__init__()
        self._tell = tell
        self._ring = ring
        self._scanner = Scanner()
        self._offers: tuple[Offer, ...] = ()
        self._newcomer = True
        self._timer = QTimer(self)
        self._timer.setInterval(round(pace_s * 1000))
        self._timer.timeout.connect(self._time_up)

    def shown(self, screen: Screen) -> None:
        """What can be done on the screen that is shown now."""
        self._offers = tuple(Offer(hint.control, hint.label) for hint in screen.hints if hint.label)

    def reset(self) -> None:
        """A new visitor, whose first press only wakes the kiosk."""
        self._newcomer = True
        self._end()

    def press(self, switch: Control, *, alone: bool) -> None:
        """`alone`: there is only one switch, so that offers must come by themselves."""
        if self._newcomer:
            self._newcomer = False
            self._tell(KeyPressed(Control.SELECT))
            return
        answer = self._scanner.press(switch, self._offers)
        match answer:
            case Offer():
                self._offer(answer)
                if alone:
                    self._timer.start()
            case Taken(control):
                self._end()
                self._tell(KeyPressed(control))
            case None:
                self._tell(KeyPressed(Control.SELECT))

    def _time_up(self) -> None:
        offer = self._scanner.time_up()
        if offer is None:
            self._end()
        else:
            self._offer(offer)

    def _offer(self, offer: Offer) -> None:
        self._ring(offer.control)
        self._tell(Focused(offer.name))

    def _end(self) -> None:
        self._timer.stop()
        self._scanner.stop()
        self._ring(None)
