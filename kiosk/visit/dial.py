"""A wall label's number with three keys: a wheel of digits that previous and next turn.

Once the digits name a work, the cursor stands at the finishing mark, so that select goes on at
once; whoever has a longer number in mind turns the wheel on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards import ArtworkCard
from kiosk.controls import Control
from kiosk.dialling import dial, numbered, spaced
from kiosk.events import Action
from kiosk.phrases import label_said
from kiosk.screens import DialScreen, Screen
from kiosk.visit.seeking import seek
from kiosk.visit.stage import Over, Table
from kiosk.visit.visit import Visit
from kiosk.words.marked import plain

WHEEL = "1234567890"  # as on a telephone
FINISH = len(WHEEL)


@dataclass(frozen=True, slots=True)
class Dialling(Over):
    """At the wheel."""

    dialled: str = ""
    cursor: int = 0  # of WHEEL, or FINISH
    notice: str = ""  # may be marked

    about = "about-dialling"
    takes_digits = True
    has_works = True

    def table(self, visit: Visit) -> Table:
        """Turn, take, clear."""
        return {
            Control.PREVIOUS: "act-digit-before",
            Control.NEXT: "act-digit-next",
            Control.SELECT: "act-find-poems" if self.cursor == FINISH else "act-take-digit",
            Control.BACK: "act-clear-digit" if self.dialled else "act-back",
            Control.HELP: "act-help",
        }

    def found(self, visit: Visit) -> ArtworkCard | None:
        """The work with this number."""
        artworks = visit.artworks or ()
        position = numbered(self.dialled, artworks)
        return None if position is None else artworks[position]

    def screen(self, visit: Visit) -> Screen:
        """The digits that stand, and the one under the cursor."""
        return DialScreen(
            heading=visit.words("dial"),
            dialled=self.dialled,
            digit="" if self.cursor == FINISH else WHEEL[self.cursor],
            notice=plain(self.notice),
            hints=self.hints(visit),
            artwork=self.found(visit),
        )

    def here(self, visit: Visit) -> str:
        """The digit under the cursor, or what the finishing mark would do."""
        if self.cursor < FINISH:
            return visit.words("digit", digit=WHEEL[self.cursor])
        artwork = self.found(visit)
        if artwork is None:
            return visit.words("dial-finish", number=spaced(self.dialled))
        label = label_said(artwork, visit.words)
        return visit.words("dial-finish-found", number=spaced(self.dialled), label=label)

    def hint(self, visit: Visit) -> str:
        """How the wheel is turned."""
        return visit.words(
            "dial-hint",
            next=visit.key(Control.NEXT),
            previous=visit.key(Control.PREVIOUS),
            select=visit.key(Control.SELECT),
        )

    def open(self, visit: Visit) -> list[Action]:
        """Arrive."""
        visit.stage = self
        words = visit.words("dial-opened", here=self.here(visit))
        return [visit.show(), visit.say(words, hint=self.hint(visit))]

    def resume(self, visit: Visit) -> list[Action]:
        """Back at the wheel, which is empty again."""
        return Dialling(self.under).open(visit)

    def press(self, visit: Visit, control: Control) -> list[Action]:
        """Turn the wheel, take the digit, or clear one."""
        marks = FINISH + 1 if self.dialled else FINISH
        match control:
            case Control.NEXT:
                return self._turn(visit, (self.cursor + 1) % marks)
            case Control.PREVIOUS:
                return self._turn(visit, (self.cursor - 1) % marks)
            case Control.BACK if self.dialled:
                return self._clear(visit)
            case Control.BACK:
                return visit.back(self)
            case _ if self.cursor < FINISH:
                return self.digit(visit, int(WHEEL[self.cursor]))
            case _:
                artwork = self.found(visit)
                return seek(visit, self, artwork) if artwork else visit.go(self, self.notice)

    def _turn(self, visit: Visit, cursor: int) -> list[Action]:
        return visit.go(replace(self, cursor=cursor), hint="")

    def _clear(self, visit: Visit) -> list[Action]:
        left = self.dialled[:-1]
        cleared = replace(self, dialled=left, cursor=0, notice="")
        words = visit.words("digit-cleared", left=spaced(left) or visit.words("no-digits"))
        return visit.go(cleared, f"{words} {cleared.here(visit)}")

    def digit(self, visit: Visit, digit: int) -> list[Action]:
        """One more digit, from the wheel or from a pad that has them."""
        dialled, found, words = dial(self.dialled, digit, visit.artworks or (), visit)
        cursor = FINISH if found is not None else self.cursor
        cursor = cursor if cursor == FINISH else WHEEL.index(str(digit))
        return visit.go(Dialling(self.under, dialled, cursor, words), words)
