"""Something did not go as wished: words, and a way on."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.controls import Control
from kiosk.events import Action
from kiosk.screens import MessageScreen, Screen
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit
from kiosk.words.marked import plain


@dataclass(frozen=True, slots=True)
class Stuck(Over):
    """A message; back leads to where something else can be tried."""

    heading: str
    text: str  # may be marked
    for_staff: str = ""

    about = "about-stuck"
    has_works = True

    def table(self, visit: Visit) -> Table:
        """Hear it again, or go back."""
        return {
            Control.SELECT: "act-hear-again",
            Control.BACK: "act-back-else",
            Control.HELP: "act-help",
        }

    def screen(self, visit: Visit) -> Screen:
        """The message, and beneath it what staff should know."""
        return MessageScreen(self.heading, plain(self.text), self.for_staff, self.hints(visit))

    def here(self, visit: Visit) -> str:
        """The message."""
        return self.text

    def hint(self, visit: Visit) -> str:
        """The way on."""
        return visit.words("back-hint", key=visit.key(Control.BACK))

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Back, or again."""
        return visit.back(self) if control is Control.BACK else visit.go(self)
